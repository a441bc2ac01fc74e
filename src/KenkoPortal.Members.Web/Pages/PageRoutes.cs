using KenkoPortal.Members.Web.Pages.Member.Notices;

namespace KenkoPortal.Members.Web.Pages;

/// <summary>Every address of the portal in one place; pages never spell one.</summary>
public static class PageRoutes
{
    public const string Home = "/";
    public const string Login = "/login";
    public const string ForgetDevice = "/forget-device";
    public const string Register = "/register";
    public const string RegisterLogin = "/register/login";
    public const string RegisterAccount = "/register/account";
    public const string RegisterComplete = "/register/complete";
    public const string Reissue = "/reissue";
    public const string ReissueLogin = "/reissue/login";
    public const string ReissuePassword = "/reissue/password";
    public const string ReissueComplete = "/reissue/complete";
    public const string LinkExpired = "/link-expired";
    public const string Profile = "/profile";
    public const string ProfileConfirm = "/profile/confirm";
    public const string ProfilePassword = "/profile/password";
    public const string ProfileAddress = "/profile/address";
    public const string ProfileHistory = "/profile/history";
    public const string MedicalCosts = "/medical-costs";
    public const string HiddenFromFamily = "/medical-costs/hidden";
    public const string GenericDrugs = "/generic-drugs";
    public const string News = "/news";
    public const string Topics = "/topics";

    /// <summary>Pages that the text-size form may come back to: all that show themselves without more than their address.</summary>
    private static readonly HashSet<string> ReturnPaths = new(StringComparer.Ordinal)
    {
        Home, Login, Register, RegisterLogin, RegisterAccount, RegisterComplete, Reissue, ReissueLogin, ReissuePassword, ReissueComplete, LinkExpired,
        Profile, ProfilePassword, ProfileAddress, ProfileHistory, MedicalCosts, HiddenFromFamily, GenericDrugs, News, Topics,
    };

    public static string ProfileOf(Guid personId) => $"{Profile}/{personId:N}";

    /// <summary>An article of the society's news, or of the topics.</summary>
    public static string ArticleOf(bool isNews, Guid articleId) => $"{(isNews ? News : Topics)}/{articleId:N}";

    public static string ArticleFileOf(bool isNews, Guid articleId, Guid fileId) => $"{ArticleOf(isNews, articleId)}/files/{fileId:N}";

    /// <summary>The page on which a line is kept from the household or shown to it.</summary>
    public static string LineOf(Guid claimId) => $"{MedicalCosts}/line/{claimId:N}";

    /// <summary>The page on which an institution is kept from the household or shown to it: of a line's claim, or of what hides it.</summary>
    public static string InstitutionOf(Guid id) => $"{MedicalCosts}/institution/{id:N}";

    /// <summary>Whether the text-size form may come back to a path: one of the known pages, or a page of notices.</summary>
    public static bool IsReturnPath(string path) => ReturnPaths.Contains(path) || NoticeAddress.IsPage(path);
}
