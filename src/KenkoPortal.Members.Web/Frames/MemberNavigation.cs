using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.Pages;

namespace KenkoPortal.Members.Web.Frames;

/// <summary>The members' navigation: the five entries that the manual names, then the profile.</summary>
public static class MemberNavigation
{
    public static IReadOnlyList<NavLink> Links { get; } =
    [
        new(SharedText.NavHome, PageRoutes.Home),
        new(SharedText.NavMedicalCosts, PageRoutes.MedicalCosts),
        new(SharedText.NavGenericDrugs, PageRoutes.GenericDrugs),
        new(SharedText.NavSocietyNews, PageRoutes.News),
        new(SharedText.NavTopics, PageRoutes.Topics),
        new(SharedText.NavProfile, PageRoutes.Profile),
    ];

    /// <summary>The path of the entry that holds a page; null where none does.</summary>
    public static string? PathOf(string page) => Links.FirstOrDefault(link => page == link.Path || (link.Path != PageRoutes.Home && page.StartsWith(link.Path + "/", StringComparison.Ordinal)))?.Path;
}
