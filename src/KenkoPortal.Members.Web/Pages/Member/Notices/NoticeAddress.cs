using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using KenkoPortal.Claims;
using KenkoPortal.Core.Sharing;

namespace KenkoPortal.Members.Web.Pages.Member.Notices;

/// <summary>Where the notices of a kind and of some people stand: <c>/medical-costs/2026-04/PERSON</c>, <c>/medical-costs/2026?household</c> ….</summary>
/// <param name="Kind">Which notices.</param>
/// <param name="PersonId">Whose; null is the viewer, or everybody.</param>
/// <param name="IsHousehold">Everybody who shares.</param>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct NoticeAddress(NoticeKind Kind, Guid? PersonId = null, bool IsHousehold = false)
{
    private string Root => Kind == NoticeKind.MedicalCost ? PageRoutes.MedicalCosts : PageRoutes.GenericDrugs;

    /// <summary>The same of another.</summary>
    public NoticeAddress For(Subject person) => this with { PersonId = person.IsSelf ? null : person.PersonId, IsHousehold = false };

    /// <summary>The same of everybody who shares.</summary>
    public NoticeAddress ForHousehold() => this with { PersonId = null, IsHousehold = true };

    public string Of(TreatmentMonth month) => With(string.Create(CultureInfo.InvariantCulture, $"{Root}/{month}"), "");

    public string Of(int year) => With(string.Create(CultureInfo.InvariantCulture, $"{Root}/{year}"), "");

    /// <param name="year">The year.</param>
    /// <param name="ending">What follows the address of its page: <c>.pdf</c>, <c>.csv</c> or <c>-form.tsv</c>.</param>
    public string FileOf(int year, string ending) => With(string.Create(CultureInfo.InvariantCulture, $"{Root}/{year}"), ending);

    /// <summary>The page that hands out the year in the national portal's form.</summary>
    public string NationalOf(int year)
    {
        var page = string.Create(CultureInfo.InvariantCulture, $"{Root}/{year}/national");
        return PersonId is { } person ? $"{page}/{person:N}" : page + (IsHousehold ? "?household" : "");
    }

    /// <summary>Whether a path is one of these, that the text-size form may come back to.</summary>
    public static bool IsPage(string path) => Page().IsMatch(path);

    private string With(string period, string ending) =>
        PersonId is { } person ? $"{period}/{person:N}{ending}" : period + ending + (IsHousehold ? "?household" : "");

    [GeneratedRegex(@"\A/(medical-costs|generic-drugs)(/[0-9]{4}(-[0-9]{2}|/national)?)?((/[0-9a-f]{32})?|\?household)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Page();
}
