using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.ReceivedClaims.Import;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary>What the commands of claims say. Counts of 0 are left out.</summary>
internal static class ClaimWords
{
    public static string NameOf(ClaimKind kind) => kind switch
    {
        ClaimKind.Medical => CommandText.ClaimsMedical,
        ClaimKind.Dpc => CommandText.ClaimsDpc,
        ClaimKind.Dental => CommandText.ClaimsDental,
        ClaimKind.Pharmacy => CommandText.ClaimsPharmacy,
        _ => CommandText.ClaimsNursing,
    };

    /// <summary>What the files of a kind held.</summary>
    public static string Count(ClaimKind kind, long read, long setAside, long details, long unread) => ClaimCommandText.Count.With(
        NameOf(kind), Join((ClaimCommandText.Read, read), (ClaimCommandText.SetAside, setAside), (ClaimCommandText.Details, details), (ClaimCommandText.Unread, unread)));

    /// <summary>What an import did.</summary>
    public static string Counts(ClaimFilesReport report) => Join(
        (ClaimCommandText.New, report.New), (ClaimCommandText.Changed, report.Changes.Count), (ClaimCommandText.Unchanged, report.Unchanged),
        (ClaimCommandText.ReExamined, report.ReExamined.Count), (ClaimCommandText.Returned, report.Returned.Count), (ClaimCommandText.SetAside, report.SetAside),
        (ClaimCommandText.Faults, report.Faults)) + "。";

    /// <summary>A claim that waits: what it says, and what the list says of those whom it may be about, with what differs.</summary>
    public static void Tell(CommandRun run, WaitingClaim claim)
    {
        var amount = claim.Care == CareKind.HomeNursing ? ClaimCommandText.Yen.With(claim.TotalYen) : ClaimCommandText.Points.With(claim.TotalYen / 10);
        run.Say(ClaimCommandText.Waiting.With(
            claim.Number, claim.Month, CardOf(claim.SymbolKey, claim.NumberKey, claim.Branch), ClaimsCommand.NameOf(claim.Reason), claim.InstitutionName, amount,
            claim.Days == 0 ? ClaimCommandText.Today : ClaimCommandText.Since.With(claim.Days)));
        run.Say(ClaimCommandText.WaitingClaim.With(
            CardOf(claim.SymbolKey, claim.NumberKey, claim.Branch), claim.NameKey, DateOf(claim.BirthDate), NameOf(claim.Sex)));
        foreach (var person in claim.People)
        {
            var differs = Differences(person);
            run.Say(ClaimCommandText.WaitingPerson.With(
                CardOf(person.SymbolKey, person.NumberKey, person.Branch), $"{person.KanaKey}（{person.Name}）", DateOf(person.BirthDate), NameOf(person.Sex),
                differs.Count == 0 ? "" : ClaimCommandText.Differs.With(string.Join("、", differs))));
        }
    }

    private static List<string> Differences(WaitingCandidate person)
    {
        var differs = new List<string>();
        void Add(bool isDifferent, string name)
        {
            if (isDifferent)
            {
                differs.Add(name);
            }
        }

        Add(person.IsOtherCard, ClaimCommandText.Card);
        Add(person.IsOtherBranch, ClaimCommandText.Branch);
        Add(person.IsOtherName, ClaimCommandText.Kana);
        Add(person.IsOtherBirthDate, ClaimCommandText.BirthDate);
        Add(person.IsOtherSex, ClaimCommandText.Sex);
        Add(!person.IsHeldThen, ClaimCommandText.NotThen);
        return differs;
    }

    private static string CardOf(string symbol, string number, string? branch) => $"{symbol}-{number}{(branch is null ? "" : "-" + branch)}";

    private static string DateOf(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string NameOf(Sex sex) => sex == Sex.Male ? ClaimCommandText.Male : ClaimCommandText.Female;

    private static string Join(params (string Format, long Count)[] counts)
    {
        var told = counts.Where(c => c.Count > 0).Select(c => c.Format.With(c.Count)).ToList();
        return told.Count == 0 ? ClaimCommandText.None : string.Join("、", told);
    }
}
