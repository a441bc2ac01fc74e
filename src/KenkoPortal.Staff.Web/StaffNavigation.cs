using KenkoPortal.Design.Layout;

namespace KenkoPortal.Staff.Web;

/// <summary>The navigation of the staff side. Each page adds its entry here.</summary>
public static class StaffNavigation
{
    public const string Root = "/staff";

    public static IReadOnlyList<NavLink> Links { get; } = [new(StaffText.Today, Root)];
}
