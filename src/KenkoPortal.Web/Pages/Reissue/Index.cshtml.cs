using KenkoPortal.Core.InboundMail;

namespace KenkoPortal.Web.Pages.Reissue;

/// <summary>「パスワード再発行」: asks for the mail with the temporary password.</summary>
public sealed class IndexModel(MailAsks asks) : AskPage(asks, AskPurpose.Reissue);
