using System.Globalization;
using System.Text;

namespace KenkoPortal.Tests.Publication;

/// <summary>A claim as the second computation has it. Amounts in yen.</summary>
internal sealed record SecondFigure(
    string Number, string Key, string Month, bool IsInpatient, string Institution, int Days, int TotalYen, int BilledYen, int? MealYen, int? MealShare, int Percent, int? Patient,
    int UpperBound, bool IsReExamined, bool IsReturned, SecondPatient Who, IReadOnlyList<SecondDrug> Drugs);

/// <summary>Whose the claim says that it is, as written; empty where it does not say.</summary>
internal sealed record SecondPatient(string Symbol, string Number, string Branch, DateOnly BirthDate, int Sex, string Name, string Kana);

/// <summary>A drug row: 使用量, for 調剤 per unit, and 回数 or the sum of 調剤数量.</summary>
internal sealed record SecondDrug(string Code, decimal Quantity, int Times);

/// <summary>
/// Reads delivered files once more, from the layouts alone and as simply as can be: it shares no code with the reader, so that where both say
/// the same, neither is likely to be wrong. It trusts its input; never use it for anything else.
/// </summary>
internal static class SecondComputation
{
    private static readonly HashSet<int> MealShareCodes =
        [197000810, 197000910, 197001010, 197001110, 197001210, 197001910, 197002010, 197002110, 197002210, 197002310, 197002410, 197002510, 197002810, 197002910, 197003010,
        .. Enumerable.Range(0, 9).Select(i => 197003310 + (i * 100))];

    public static List<SecondFigure> Of(string file)
    {
        var kind = Path.GetFileName(file)[..2];
        var text = CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetString(File.ReadAllBytes(file)).TrimEnd('\u001A');
        var claims = new List<List<string[]>>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.TrimEnd('\r').Split(',');
            if (fields[3] == "MN")
            {
                claims.Add([]);
            }

            claims[^1].Add(fields);
        }

        return [.. claims.Where(lines => !(kind == "12" && lines.First(l => l[3] == "RE")[3 + 18] is not ("0" or "1"))).Select(lines => Figure(kind, lines))];
    }

    private static SecondFigure Figure(string kind, List<string[]> lines)
    {
        // As billed: the institution's lines. As examined: the same after each JY in its turn.
        var billed = lines.FindAll(l => l[0] == "1");
        var examined = billed.ToList();
        foreach (var jy in lines.Where(l => l[3] == "JY"))
        {
            var at = examined.FindIndex(l => l[1] == jy[5] && l[2] == jy[6]);
            var added = jy[9].Length == 0 ? null : lines.Single(l => l[0] == "2" && l[3] != "JY" && l[1] == jy[9] && l[2] == jy[10]);
            switch (jy[4])
            {
                case "1":
                    examined.Insert(at + 1, added!);
                    break;
                case "2":
                    examined[at] = added!;
                    break;
                case "3":
                    examined.RemoveAt(at);
                    break;
            }
        }

        var dental = kind == "13";
        var mn = lines[0];
        var re = One("RE");
        var ho = One("HO");
        var unit = kind == "15" ? 1 : 10;
        var points = Number(ho[3 + 5])!.Value;
        var type = re[3 + 2];
        var name = kind switch { "13" => mn[5], "14" => One("YK")[3 + 5], "15" => One("HM")[3 + 5], _ => One("IR")[3 + 6] };
        int? mealYen = kind switch { "11" or "12" => Number(ho[3 + 8]), "13" => Number(ho[3 + 7]), _ => null };
        var branch = examined.Where(l => l[3] == "SN" && l[3 + 1] == "1").Select(l => l[3 + 6]).FirstOrDefault(b => b.Length > 0) ?? "";
        var (sex, kana) = kind switch { "11" => (5, 36), "12" => (5, 28), "13" => (5, 25), "14" => (5, 41), _ => (6, 5) };
        var who = new SecondPatient(ho[3 + 2], ho[3 + 3], branch, DateOf(re[3 + sex + 1]), Number(re[3 + sex])!.Value, re[3 + 4], re[3 + kana]);

        // The patient's share, by the table.
        var benefit = Number(re[3 + (kind == "15" ? 10 : 7)]);
        var percent = benefit is { } b ? 100 - b : type[3] is '3' or '4' or '7' or '8' ? 20 : 30;
        var ordinary = points * unit * percent / 100;
        var own = Number(ho[3 + kind switch { "13" => 10, "14" => 9, "15" => 8, _ => 11 }]);
        var reduction = kind switch { "11" or "12" => ho[3 + 12], "13" or "14" => ho[3 + 11], _ => "" };
        if (kind is "11" or "12" && reduction == "1")
        {
            ordinary -= (Number(ho[3 + 13]) is { } part ? ordinary * part / 100 : 0) + (Number(ho[3 + 14]) ?? 0);
        }
        else if (reduction == "2")
        {
            ordinary = 0;
        }

        var funds = examined.FindAll(l => l[3] == "KO");
        int? patient = ordinary;
        if (own is not null)
        {
            patient = own;
        }
        else if (funds is [var fund])
        {
            // A fund that takes part in some of it only does not tell what is left of the rest.
            patient = Number(fund[3 + 5]) < points ? null : Number(fund[3 + (kind == "14" ? 7 : 6)]);
        }

        return new SecondFigure(
            mn[4], mn[dental ? 7 : 6], MonthOf(re[3 + 3]), type[3] is '1' or '3' or '5' or '7' or '9', name, Number(ho[3 + 4])!.Value, points * unit,
            Number(billed.First(l => l[3] == "HO")[3 + 5])!.Value * unit, mealYen, MealShareOf(), percent, patient, patient ?? ordinary,
            lines.Exists(l => l[3] == "MK"), lines.Exists(l => l[3] == "HI"), who, DrugsOf());

        string[] One(string record) => examined.First(l => l[3] == record);

        int? MealShareOf()
        {
            if (mealYen is null)
            {
                return null;
            }

            switch (kind)
            {
                case "12":
                    return Number(ho[3 + 15]);
                case "11":
                    var (section, sum) = ("", 0);
                    foreach (var row in examined.Where(l => l[3] is "SI" or "IY" or "TO" or "CO"))
                    {
                        section = row[3 + 1].Length > 0 ? row[3 + 1] : section;
                        sum += row[3] == "SI" && section == "97" && MealShareCodes.Contains(Number(row[3 + 3])!.Value) ? Number(row[3 + 5])!.Value * Number(row[3 + 6])!.Value : 0;
                    }

                    return sum;
                default:
                    return null;
            }
        }

        List<SecondDrug> DrugsOf()
        {
            if (kind != "14")
            {
                return [.. examined.Where(l => l[3] == "IY").Select(row => Drug(row[3 + 3], row[3 + 4], Number(row[3 + 6])!.Value))];
            }

            var drugs = new List<SecondDrug>();
            for (var i = 0; i < examined.Count; i++)
            {
                if (examined[i][3] == "SH")
                {
                    var block = examined.Skip(i + 1).TakeWhile(l => l[3] is not ("SH" or "KI")).ToList();
                    var times = block.Where(l => l[3] == "CZ").Sum(l => Number(l[3 + 5])!.Value);
                    drugs.AddRange(block.Where(l => l[3] == "IY").Select(l => Drug(l[3 + 2], l[3 + 3], times)));
                }
            }

            return drugs;
        }
    }

    private static SecondDrug Drug(string code, string quantity, int times) => new(code, decimal.Parse(quantity, CultureInfo.InvariantCulture), times);

    private static string MonthOf(string text) => text.Length == 6 ? $"{text[..4]}-{text[4..]}"
        : string.Create(CultureInfo.InvariantCulture, $"{YearOf(text)}-{text[3..]}");

    private static DateOnly DateOf(string text) => text.Length == 8 ? DateOnly.ParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture)
        : new DateOnly(YearOf(text), Number(text[3..5])!.Value, Number(text[5..])!.Value);

    private static int YearOf(string era) => Number(era[1..3])!.Value + era[0] switch { '5' => 2018, '4' => 1988, '3' => 1925, '2' => 1911, _ => 1867 };

    private static int? Number(string text) => text.Trim().Length == 0 ? null : int.Parse(text, CultureInfo.InvariantCulture);
}
