using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Web.Infrastructure.Security;
using KenkoPortal.Web.Infrastructure.Tenancy;

namespace KenkoPortal.Web.Pages.Reissue;

/// <summary>「パスワード再発行」: asks for the mail with the temporary password.</summary>
[AlikeForStrangers]
public sealed class IndexModel(MailAsks asks, PortalCookies cookies) : AskPage(asks, cookies, AskPurpose.Reissue);
