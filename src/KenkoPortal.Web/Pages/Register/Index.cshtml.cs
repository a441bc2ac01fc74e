using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Web.Infrastructure.Security;
using KenkoPortal.Web.Infrastructure.Tenancy;

namespace KenkoPortal.Web.Pages.Register;

/// <summary>「新規利用登録」: asks for the mail with the registration link.</summary>
[AlikeForStrangers]
public sealed class IndexModel(MailAsks asks, PortalCookies cookies) : AskPage(asks, cookies, AskPurpose.Registration);
