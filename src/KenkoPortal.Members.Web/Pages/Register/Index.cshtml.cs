using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Members.Web.Frames;
using KenkoPortal.Members.Web.MemberSessions;

namespace KenkoPortal.Members.Web.Pages.Register;

/// <summary>「新規利用登録」: asks for the mail with the registration link.</summary>
[AlikeForStrangers]
public sealed class IndexModel(MailAsks asks, PortalCookies cookies) : AskPage(asks, cookies, AskPurpose.Registration);
