using System.Globalization;
using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.ReceivedClaims;

namespace KenkoPortal.Core.MedicalCosts.Tax;

/// <summary>
/// Rows for the tax office's 医療費集計フォーム v3.1, columns B to J from row 9, as tab-separated text to paste (the form is a protected workbook):
/// 医療を受けた人, 病院・薬局などの名称, 診療・治療, 医薬品購入, 介護保険サービス, その他の医療費, 支払った医療費の額, 補填される金額, 支払年月日. A line whose amount
/// is unknown is left out; the day of payment is not in a claim, and stays blank.
/// </summary>
public static class TaxForm
{
    /// <summary>The form holds no more.</summary>
    public const int MostRows = 995;

    private const int LongestPerson = 10;
    private const int LongestInstitution = 20;

    public static byte[] Write(TaxPack pack)
    {
        var file = new StringBuilder();
        foreach (var (person, row) in pack.People.SelectMany(p => p.Rows.Select(r => (p, r))).Where(p => !p.r.Amounts.IsUnknown).Take(MostRows))
        {
            var isDrug = row.Care == CareKind.Pharmacy;
            SpreadsheetText.AppendTabbed(
                file, Cut(person.Name, LongestPerson), Cut(row.InstitutionName, LongestInstitution), isDrug ? "" : TaxText.FormApplies,
                isDrug ? TaxText.FormApplies : "", "", "", row.Amounts.PaidYen!.Value.ToString(CultureInfo.InvariantCulture), "", "");
        }

        return SpreadsheetText.Encode(file);
    }

    /// <summary>The beginning of a text, no more characters than the form's cell takes. No character is cut in two.</summary>
    private static string Cut(string text, int longest)
    {
        // An apostrophe that keeps a spreadsheet from running it counts too.
        var (room, length) = (longest - (SpreadsheetText.HarmlessPasted(text).Length - text.Length), 0);
        while (length < text.Length && length + StringInfo.GetNextTextElementLength(text, length) is var next && next <= room)
        {
            length = next;
        }

        return text[..length];
    }
}
