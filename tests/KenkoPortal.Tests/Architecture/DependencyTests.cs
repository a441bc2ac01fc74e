namespace KenkoPortal.Tests.Architecture;

/// <summary>
/// Which feature may know which, and which may write whose tables, read from the compiled assemblies. An arrow or an exception that nothing uses
/// fails too: delete it.
/// </summary>
public sealed class DependencyTests
{
    /// <summary>The arrows between the folders of Core. Data holds the context, which knows every entity: it may know all.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Common"] = [],
        ["Jobs"] = ["Audit", "Data", "Societies"],
        ["Audit"] = ["Accounts", "Common", "Data", "Jobs", "Letters", "MailedLinks", "Members", "News", "ReceivedClaims", "Reissue", "Societies"],
        ["Societies"] = ["Accounts", "Audit", "Common", "Data", "Members", "News", "Sharing"],
        ["Mail"] = ["Audit", "Common", "Data", "Jobs", "Societies"],
        ["MailedLinks"] = ["Accounts", "Audit", "Common", "Data", "Jobs", "Mail", "Members", "Registration", "Reissue", "Societies"],
        ["Printing"] = [],
        ["Members"] = ["Accounts", "Audit", "Common", "Data", "GenericDrugs", "Jobs", "MedicalCosts", "ReceivedClaims", "Sharing", "Societies"],
        ["Letters"] = ["Accounts", "Audit", "Common", "Data", "Jobs", "Members", "Printing", "Societies"],
        ["Accounts"] = ["Audit", "Common", "Data", "Jobs", "Letters", "Mail", "MailedLinks", "Members", "Registration", "Reissue", "Sharing", "Societies"],
        ["Registration"] = ["Accounts", "Audit", "Common", "Data", "Jobs", "Letters", "Mail", "MailedLinks", "Members", "Sharing", "Societies"],
        ["Reissue"] = ["Accounts", "Audit", "Common", "Data", "Jobs", "Letters", "Mail", "MailedLinks", "Members", "Societies"],
        ["Sharing"] = ["Accounts", "Audit", "Common", "Data", "Jobs", "MedicalCosts", "Members", "Publication", "Societies"],
        ["ReceivedClaims"] = ["Audit", "Common", "Data", "Jobs", "MedicalCosts", "Members", "Publication", "Sharing", "Societies"],
        ["MedicalCosts"] = ["Accounts", "Audit", "Common", "Data", "GenericDrugs", "Letters", "Members", "Printing", "Publication", "ReceivedClaims", "Sharing", "Societies"],
        ["GenericDrugs"] = ["Audit", "Common", "Data", "Members", "Publication", "ReceivedClaims", "Societies"],
        ["Publication"] = ["Accounts", "Audit", "Common", "Data", "GenericDrugs", "Jobs", "Mail", "MedicalCosts", "Members", "ReceivedClaims", "Sharing", "Societies"],
        ["News"] = ["Audit", "Common", "Data", "Letters", "Societies"],
        ["Statistics"] = ["Accounts", "Audit", "Common", "Data", "Letters", "Members", "Publication"],
    };

    /// <summary>The arrows between the folders of the web projects.</summary>
    private static readonly Dictionary<string, string[]> WebArrows = new(StringComparer.Ordinal)
    {
        ["Design.Layout"] = ["Design.Fields"],
        ["Design.Pages"] = ["Design.Layout", "Design.TagHelpers"],
        ["Design.TagHelpers"] = ["Design.Layout"],
        ["Members.Web"] = ["Design.Layout", "Design.Requests", "Members.Web.Frames", "Members.Web.Limits", "Members.Web.MemberSessions", "Members.Web.Pages"],
        ["Members.Web.Frames"] = ["Design.Layout", "Members.Web.MemberSessions", "Members.Web.Pages"],
        ["Members.Web.Limits"] = ["Design.Requests", "Members.Web.MemberSessions"],
        ["Members.Web.MemberSessions"] = ["Members.Web.Pages"],
        ["Members.Web.Pages"] = ["Design.Fields", "Design.Layout", "Design.TagHelpers", "Members.Web.Frames", "Members.Web.Limits", "Members.Web.MemberSessions"],
        ["Staff.Web"] = ["Design.Layout"],
        ["Web.Commands"] = ["Staff.Web", "Web.Infrastructure"],
        ["Web.Infrastructure"] = ["Design.Layout", "Design.Requests", "Members.Web", "Members.Web.Limits", "Members.Web.MemberSessions", "Staff.Web", "Web.Pages"],
        ["Web.Pages"] = ["Design.Fields", "Design.Layout", "Design.TagHelpers", "Members.Web.Frames", "Web.Infrastructure"],
    };

    /// <summary>Code that writes another feature's table, with its reason. The list only gets shorter.</summary>
    private static readonly Dictionary<string, string[]> Borrowers = new(StringComparer.Ordinal)
    {
        ["Accounts/AccountSupport"] = ["OutboxMail", "ProvisionalCredential", "ReissueRequest"],
        ["Accounts/ProfileService"] = ["Person"],
        ["Accounts/Protection"] = ["OutboxMail", "ProvisionalCredential", "RegistrationLink", "ReissueRequest"],
        ["Accounts/ProtectionDesk"] = ["Person"],
        ["MailedLinks/BounceDecisions"] = ["BounceReport"],
        ["MailedLinks/InboundMailIntake"] = ["BounceReport"],
        ["MedicalCosts/LineHiding"] = ["HiddenClaim", "HiddenInstitution"],
        ["Members/MemberListImport"] = ["DisclosureSetting"],
        ["Members/PersonJoining"] = ["AddressUse", "DisclosureSetting", "GenericDrugLine", "MedicalCostLine", "MemberAccount", "ReceivedClaim"],
        ["Publication/NoticeComputation"] = ["GenericDrugLine", "MedicalCostLine", "ReceivedClaim"],
        ["Publication/NoticeMailStop"] = ["OutboxMail"],
        ["Publication/NoticeMailing"] = ["OutboxMail"],
        ["Registration/AccountRecovery"] = ["AccountMailAddress", "KnownDevice", "MemberAccount", "OutboxMail"],
        ["Registration/RegistrationService"] = ["AccountMailAddress", "MemberAccount", "PortalSession", "ProvisionalCredential", "ProvisionalFailure"],
    };

    [Fact]
    public void Features_of_Core_know_each_other_only_along_the_arrows()
    {
        var used = CompiledPortal.Uses.Where(use => !CompiledPortal.IsWeb(use.From) && use.From != "Data").ToList();
        AssertArrows(Arrows, used);
        Assert.DoesNotContain(used, use => CompiledPortal.IsWeb(use.To));
    }

    [Fact]
    public void Web_projects_know_each_other_only_along_the_arrows() =>
        AssertArrows(WebArrows, [.. CompiledPortal.Uses.Where(use => CompiledPortal.IsWeb(use.From) && CompiledPortal.IsWeb(use.To))]);

    [Fact]
    public void A_table_is_written_by_the_feature_that_owns_it()
    {
        var writes = CompiledPortal.ForeignWrites.Where(write => write.Feature != "Data").ToList();
        var forbidden = writes.Where(write => !Borrowers.GetValueOrDefault(write.Writer, []).Contains(write.Entity)).Select(write => $"{write.Writer} writes {write.Entity} of {write.Owner}").Order(StringComparer.Ordinal);
        var unused = from borrower in Borrowers
                     from entity in borrower.Value
                     where !writes.Exists(write => write.Writer == borrower.Key && write.Entity == entity)
                     select $"{borrower.Key} no longer writes {entity}: delete the exception";
        AssertNone(forbidden.Concat(unused));
    }

    private static void AssertArrows(Dictionary<string, string[]> arrows, List<Use> used)
    {
        var forbidden = used.Where(use => !arrows.GetValueOrDefault(use.From, []).Contains(use.To)).Select(use => $"{use.From} → {use.To} is no arrow ({use.Example})").Order(StringComparer.Ordinal);
        var unused = from arrow in arrows
                     from to in arrow.Value
                     where !used.Exists(use => use.From == arrow.Key && use.To == to)
                     select $"{arrow.Key} → {to} is used by nothing: delete the arrow";
        AssertNone(forbidden.Concat(unused));
    }

    private static void AssertNone(IEnumerable<string> faults)
    {
        var lines = string.Join('\n', faults);
        Assert.True(lines.Length == 0, lines);
    }
}
