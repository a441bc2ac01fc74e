using System.Globalization;
using System.Text;

namespace KenkoPortal.Tests.Publication;

/// <summary>A row of the members' list as the second computation has it.</summary>
internal sealed record SecondMember(
    string Symbol, string Number, string Branch, string Name, string Kana, int Sex, DateOnly BirthDate, DateOnly AcquiredOn, DateOnly? LostOn)
{
    private const string SmallKana = "ァィゥェォッャュョヮ";
    private const string LargeKana = "アイウエオツヤユヨワ";

    /// <summary>Card, branch and birth date: whose a line is.</summary>
    public string Label => LabelOf(Symbol, Number, Branch, BirthDate);

    public static string LabelOf(string symbol, string number, string branch, DateOnly birthDate) =>
        string.Create(CultureInfo.InvariantCulture, $"{symbol}-{number}-{branch} {birthDate:yyyy-MM-dd}");

    /// <summary>Reads a whole list by the layout of its headings: 記号 in the second column, 枝番 in the fourth, dates YYYYMMDD.</summary>
    public static List<SecondMember> Read(string file) =>
    [
        .. File.ReadLines(file).Skip(1).Select(line => line.Split(',')).Select(f => new SecondMember(
            f[1], f[2], f[3], f[4], f[5], int.Parse(f[6], CultureInfo.InvariantCulture), Date(f[7])!.Value, Date(f[9])!.Value, Date(f[10]))),
    ];

    /// <summary>
    /// Whose a claim is, by the table "From a claim to a notice line": 記号, 番号 and 枝番; without 枝番 birth date and sex, then the name. ADR-008 is stricter: the birth
    /// date must agree beside 枝番 too, and the person be a member on a day of the month of treatment.
    /// </summary>
    /// <returns>Null where nobody fits, or several.</returns>
    public static SecondMember? OwnerOf(SecondFigure claim, IEnumerable<SecondMember> list)
    {
        var (who, month) = (claim.Who, DateOnly.ParseExact(claim.Month, "yyyy-MM", CultureInfo.InvariantCulture));
        var card = (Fold(who.Symbol), Fold(who.Number), who.BirthDate);
        var fitting = list.Where(m => (Fold(m.Symbol), Fold(m.Number), m.BirthDate) == card && (who.Branch.Length > 0 ? m.Branch == who.Branch : m.Sex == who.Sex)
            && m.AcquiredOn < month.AddMonths(1) && !(m.LostOn <= month)).ToList();
        if (fitting.Count > 1)
        {
            var name = Fold(who.Kana.Length > 0 ? who.Kana : who.Name);
            fitting.RemoveAll(m => Fold(m.Kana) != name && Fold(m.Name) != name);
        }

        return fitting is [var owner] ? owner : null;
    }

    /// <summary>After NFKC, without blanks and leading zeros, small and large kana alike.</summary>
    private static string Fold(string text) => string.Concat(text.Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c))
        .Select(c => SmallKana.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? LargeKana[at] : c)).TrimStart('0');

    private static DateOnly? Date(string text) => text.Length == 0 ? null : DateOnly.ParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture);
}
