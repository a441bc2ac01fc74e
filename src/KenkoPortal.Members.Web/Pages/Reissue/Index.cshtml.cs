using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Members.Web.Frames;
using KenkoPortal.Members.Web.MemberSessions;

namespace KenkoPortal.Members.Web.Pages.Reissue;

/// <summary>「パスワード再発行」: asks for the mail with the temporary password.</summary>
[AlikeForStrangers]
public sealed class IndexModel(MailAsks asks, PortalCookies cookies) : AskPage(asks, cookies, AskPurpose.Reissue);
