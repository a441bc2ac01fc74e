using KenkoPortal.Core.Common;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Members.Web.Pages.Member.Notices;

namespace KenkoPortal.Members.Web.Pages.Member.MedicalCosts;

/// <summary>Says what the household sees now.</summary>
public static class HidingWords
{
    public static string StateOf(OwnLine line)
    {
        var state = line.HiddenOtherwise == HiddenBy.Institution ? HidingText.LineIsHiddenByInstitution
            : line.IsHidden ? HidingText.LineIsHidden
            : line.HiddenOtherwise == HiddenBy.Prescriber ? HidingText.LineIsHiddenByPrescriber
            : line.Shared.MedicalCosts ? HidingText.LineIsShown
            : "";
        return state.With(FamilyOf(line.Owner)) + Closed(line.Shared, line.Owner);
    }

    public static string StateOf(OwnInstitution institution)
    {
        var state = institution.IsHidden ? HidingText.InstitutionIsHidden
            : !institution.Shared.MedicalCosts ? ""
            : institution.HiddenLines > 0 ? HidingText.InstitutionIsPartlyShown
            : HidingText.InstitutionIsShown;
        return state.With(FamilyOf(institution.Owner), institution.HiddenLines) + Closed(institution.Shared, institution.Owner);
    }

    /// <summary>The names of pharmacies with their months.</summary>
    /// <param name="linked">Their lines.</param>
    /// <param name="month">The month that need not be told.</param>
    public static string NamesOf(IReadOnlyList<LinkedLine> linked, Claims.TreatmentMonth? month = null) => string.Join(
        NoticePageText.ListSeparator,
        linked.Select(l => l.Month == month ? l.Name : HidingText.NameAndMonth.With(l.Name, NoticeWords.Of(l.Month))).Distinct(StringComparer.Ordinal));

    private static string FamilyOf(Subject owner) => owner.IsSelf ? HidingText.Family : HidingText.OtherFamily;

    private static string Closed(SharedNow shared, Subject owner) => (shared switch
    {
        { MedicalCosts: true } => "",
        { GenericDrugs: true } => HidingText.CostsNotShared,
        _ => HidingText.NothingShared,
    }).With(FamilyOf(owner));
}
