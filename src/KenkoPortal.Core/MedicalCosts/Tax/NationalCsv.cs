using System.Globalization;
using System.IO.Compression;
using System.Text;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;

namespace KenkoPortal.Core.MedicalCosts.Tax;

/// <summary>Whom a file of the national portal's form is about. It alone of all files carries 記号・番号.</summary>
/// <param name="Name">氏名.</param>
/// <param name="Kana">氏名カナ.</param>
/// <param name="BirthDate">生年月日.</param>
/// <param name="Sex">性別.</param>
/// <param name="Symbol">記号 of the newest card.</param>
/// <param name="Number">番号.</param>
/// <param name="Branch">枝番, two digits.</param>
/// <param name="Rows">Their lines of the year.</param>
public sealed record NationalPerson(
    string Name, string Kana, DateOnly BirthDate, Sex Sex, string Symbol, string Number, string Branch, IReadOnlyList<MedicalCostRow> Rows);

/// <summary>
/// 医療費通知情報 as the national portal (マイナポータル) writes it: UTF-8, every field quoted, a section's name on a line of its own, below it a name and a
/// value on each line. Programs that read the portal's file read this one. A line whose amount is unknown is left out: the form has no place to say so.
/// </summary>
public static class NationalCsv
{
    /// <summary>One person's file.</summary>
    /// <param name="person">Who, with the lines of the year.</param>
    /// <param name="insurer">保険者番号 and name of the society.</param>
    /// <param name="months">The months that the year covers, oldest first; at least one.</param>
    /// <param name="today">In Tokyo.</param>
    public static byte[] Write(NationalPerson person, (string Number, string Name) insurer, IReadOnlyList<TreatmentMonth> months, DateOnly today)
    {
        var rows = person.Rows.Where(r => r.Amounts.PatientYen is not null).ToList();
        var sums = AmountsOf(CostSum.Of(rows));
        var until = NationalText.Until.With(NoticeWords.Of(months[^1]));
        var file = new StringBuilder();
        Line(file, NationalText.Mine);
        Line(file, NationalText.Title);
        file.Append("\r\n");
        Line(file, NationalText.ItemName, NationalText.ItemValue);
        Line(file, NationalText.Made, NationalText.Day.With(today.Year, today.Month, today.Day));
        Section(
            file, NationalText.Eligibility, (NationalText.Kana, KanaName.HalfWidth(person.Kana)), (NationalText.Name, person.Name),
            (NationalText.BirthDate, person.BirthDate.ToString("yyyy'年'MM'月'dd'日'", CultureInfo.InvariantCulture)),
            (NationalText.Sex, person.Sex == Sex.Male ? NationalText.Male : NationalText.Female),
            (NationalText.Age, NationalText.Years.With(Person.AgeOn(person.BirthDate, today))),
            (NationalText.InsurerNumber, insurer.Number), (NationalText.Symbol, person.Symbol), (NationalText.Number, person.Number), (NationalText.Branch, person.Branch));
        Section(file, NationalText.Overview, (NationalText.Range, until));
        Section(file, NationalText.Total, [(NationalText.Period, NationalText.FromTo.With(NoticeWords.Of(months[0]), NoticeWords.Of(months[^1]))), .. sums]);
        Section(file, NationalText.YearTotal, [(NationalText.Period, NationalText.Year.With(months[0].Year)), .. sums]);
        Section(file, NationalText.Lines, [.. rows.SelectMany(LineOf)]);
        Section(file, NationalText.Insurer, (NationalText.InsurerName, insurer.Name), (NationalText.LinesRange, until));
        return Encoding.UTF8.GetBytes(file.ToString());
    }

    /// <summary>A file for each person, together in one zip.</summary>
    /// <param name="files">Their contents; each has a name of its own, for the name ends in thousandths of a second.</param>
    /// <param name="now">The moment of creation.</param>
    public static byte[] Zip(IReadOnlyList<byte[]> files, DateTimeOffset now)
    {
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            for (var i = 0; i < files.Count; i++)
            {
                var entry = zip.CreateEntry(FileName(now.AddMilliseconds(i)));
                entry.LastWriteTime = now.ToOffset(JapanTime.Offset);
                using var stream = entry.Open();
                stream.Write(files[i]);
            }
        }

        return output.ToArray();
    }

    /// <summary><c>医療費情報_20261130080000123.csv</c>, as the national portal names it.</summary>
    public static string FileName(DateTimeOffset now) =>
        NationalText.File.With(now.ToOffset(JapanTime.Offset).ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture));

    private static IEnumerable<(string Name, string Value)> LineOf(MedicalCostRow row) =>
    [
        (NationalText.Month, NoticeWords.Of(row.Month)), (NationalText.Care, NoticeWords.Of(row.Care)),
        (NationalText.Days, row.Days.ToString(CultureInfo.InvariantCulture)), (NationalText.Institution, row.InstitutionName),
        .. AmountsOf(CostSum.Of([row])),
    ];

    private static (string Name, string Value)[] AmountsOf(CostSum sum) =>
    [
        (NationalText.TotalYen, NoticeWords.Number(sum.TotalYen)), (NationalText.InsurerYen, NoticeWords.Number(sum.InsurerYen)),
        (NationalText.PublicFundsYen, NoticeWords.Number(sum.PublicFundsYen)), (NationalText.PatientYen, NoticeWords.Number(sum.PatientYen)),
    ];

    private static void Section(StringBuilder file, string name, params ReadOnlySpan<(string Name, string Value)> items)
    {
        Line(file, name);
        foreach (var (item, value) in items)
        {
            Line(file, item, value);
        }
    }

    /// <summary>Each field in quotation marks; a line break in a name would begin another line, so it becomes a blank.</summary>
    private static void Line(StringBuilder file, params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            var text = SpreadsheetText.Harmless(fields[i]).ReplaceLineEndings(" ").Replace("\"", "\"\"", StringComparison.Ordinal);
            file.Append(i > 0 ? ",\"" : "\"").Append(text).Append('"');
        }

        file.Append("\r\n");
    }
}
