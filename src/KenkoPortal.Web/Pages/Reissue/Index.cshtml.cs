using KenkoPortal.Core.InboundMail;
using KenkoPortal.Web.Infrastructure.Tenancy;

namespace KenkoPortal.Web.Pages.Reissue;

/// <summary>「パスワード再発行」: asks for the mail with the temporary password.</summary>
[AlikeForStrangers]
public sealed class IndexModel(MailAsks asks) : AskPage(asks, AskPurpose.Reissue);
