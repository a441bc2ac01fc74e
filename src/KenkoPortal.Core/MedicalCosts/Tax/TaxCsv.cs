using System.Globalization;
using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Publication;

namespace KenkoPortal.Core.MedicalCosts.Tax;

/// <summary>
/// The year as CSV: first the columns of the national portal's 医療費通知情報 in their order, then what it has not. UTF-8 with BOM, CRLF. An
/// amount that is unknown is blank, with 要確認 in 備考.
/// </summary>
public static class TaxCsv
{
    public static byte[] Write(TaxPack pack)
    {
        var file = new StringBuilder();
        SpreadsheetText.AppendCsv(
            file, TaxText.CsvMonth, TaxText.CsvCare, TaxText.CsvDays, TaxText.CsvInstitution, TaxText.CsvTotal, TaxText.CsvInsurer, TaxText.CsvPublicFunds,
            TaxText.CsvPatient, TaxText.CsvMeal, TaxText.CsvPerson, TaxText.CsvNote);
        foreach (var (person, row) in pack.People.SelectMany(p => p.Rows.Select(r => (p, r))))
        {
            SpreadsheetText.AppendCsv(
                file, NoticeWords.Of(row.Month), NoticeWords.Of(row.Care), Number(row.Days), row.InstitutionName, Number(row.Amounts.TotalYen), Number(row.Amounts.InsurerYen),
                Number(row.Amounts.PublicFundsYen), Number(row.Amounts.PatientYen), Number(row.Amounts.MealShareYen), person.Name, NoteOf(row));
        }

        return SpreadsheetText.Encode(file);
    }

    /// <summary>備考, with 要確認 where the patient's amount is unknown.</summary>
    internal static string NoteOf(MedicalCostRow row)
    {
        var note = NoticeWords.Note(row);
        return !row.Amounts.IsUnknown ? note : note.Length == 0 ? NoticeText.Check : NoticeText.Check + NoticeText.NoteSeparator + note;
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
