using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.GenericDrugs.Import;

/// <summary>The public lists as tests write them: a few products in the ministry's columns.</summary>
internal static class DrugListSample
{
    public const string PriceHeadings =
        "区分,薬価基準収載医薬品コード,成分名,規格,日本薬局方,麻薬,業者名追記,品名,メーカー名,診療報酬において加算等の算定対象となる後発医薬品,先発医薬品,同一剤形・規格の後発医薬品がある先発医薬品,薬価,経過措置による使用期限,備考";

    public const string AvailabilityHeadings =
        "薬価基準収載医薬品コード,成分名,品名,各先発医薬品の後発医薬品の有無に関する情報,収載年月日,経過措置による使用期限,備考,診療報酬における加算等の算定対象から除外する品目,カットオフ値の計算に含める品目";

    public static readonly string[] PriceRows =
    [
        "内用薬,2149044F6026,オルメサルタンメドキソミル,２０ｍｇ１錠,,,,オルメテックＯＤ錠２０ｍｇ,第一三共,,先発品,○,31.9,,",
        "内用薬,2149044F6018,オルメサルタンメドキソミル,２０ｍｇ１錠,,,,オルメサルタンメドキソミル２０ｍｇ口腔内崩壊錠,,後発品,,,10.4,,",
        "内用薬,2149044F6085,オルメサルタンメドキソミル,２０ｍｇ１錠,,,,オルメサルタンＯＤ錠２０ｍｇ「ＤＳＥＰ」,第一三共エスファ,後発品,,,20.2,R8.3.31まで,R8.4.1削除",
    ];

    public static readonly string[] AvailabilityRows =
    [
        "2149044F6026,オルメサルタンメドキソミル,オルメテックＯＤ錠２０ｍｇ,2,,,,,",
        "2149044F6018,オルメサルタンメドキソミル,オルメサルタンメドキソミル２０ｍｇ口腔内崩壊錠,3,,,,,1",
        "2149044F6085,オルメサルタンメドキソミル,オルメサルタンＯＤ錠２０ｍｇ「ＤＳＥＰ」,3,,R8.3.31まで,,,",
    ];

    public static readonly string[] MasterRows =
    [
        MasterRow("622452901", "オルメテックＯＤ錠２０ｍｇ", "31.90", "2149044F6026"),
        MasterRow("672452901", "オルメテックＯＤ錠２０ｍｇ（選）", "28.97", "2149044F6026", original: "622452901"),
    ];

    public static string Prices { get; } = Lines([PriceHeadings, .. PriceRows]);

    public static string Availability { get; } = Lines([AvailabilityHeadings, .. AvailabilityRows]);

    public static string Master { get; } = Lines(MasterRows);

    public static string MasterRow(
        string code, string name, string price, string priceCode, string original = "0", string hiv = "0", string unit = "錠", string kind = "Y") =>
        string.Join(
            ',',
            Enumerable.Range(0, 42).Select(i => i switch
            {
                1 => kind,
                2 => code,
                4 or 34 => name,
                9 => unit,
                11 => price,
                31 => priceCode,
                39 => hiv,
                40 => original,
                _ => "0",
            }).Select(cell => $"\"{cell}\""));

    public static string Lines(IEnumerable<string> rows) => string.Concat(rows.Select(row => row + "\r\n"));

    public static byte[] InCp932(string text) => Cp932.TryEncode(text, out var bytes, out _) ? bytes : throw new InvalidOperationException("Not in CP932.");

    public static byte[] InUtf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A workbook as the ministry's: a title over the table, texts shared with their readings, prices as numbers.</summary>
    public static byte[] Workbook(string csv, string? title = "薬価基準収載品目リスト（令和7年7月16日適用）", bool isEmptySheetFirst = false)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var book = document.AddWorkbookPart();
            book.Workbook = new Workbook();
            var shared = book.AddNewPart<SharedStringTablePart>();
            shared.SharedStringTable = new SharedStringTable();
            var sheets = book.Workbook.AppendChild(new Sheets());
            if (isEmptySheetFirst)
            {
                AddSheet(book, sheets, new SheetData(new Row(Cell(1, 0, "説明", shared)) { RowIndex = 1 }));
            }

            var data = new SheetData();
            var line = 1u;
            if (title is not null)
            {
                data.Append(new Row(Cell(line, 0, title, shared)) { RowIndex = line });
                line += 2;
            }

            foreach (var row in csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
            {
                var cells = row.Split(',').Select((text, column) => (text, column)).Where(c => c.text.Length > 0);
                data.Append(new Row(cells.Select(c => Cell(line, c.column, c.text, shared))) { RowIndex = line });
                line++;
            }

            AddSheet(book, sheets, data);
        }

        return stream.ToArray();
    }

    /// <summary>A workbook of one sheet with that XML inside sheetData and sst, written without a package that would mend it.</summary>
    public static byte[] PackedWorkbook(string sheetData, string sharedTexts)
    {
        const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("_rels/.rels", $"<Relationships><Relationship Id=\"a\" Type=\"{Office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            Add("xl/workbook.xml", $"<workbook xmlns:r=\"{Office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"b\"/></sheets></workbook>");
            Add("xl/_rels/workbook.xml.rels", $"""
                <Relationships><Relationship Id="b" Type="{Office}/worksheet" Target="/xl/sheet1.xml"/>
                <Relationship Id="c" Type="{Office}/sharedStrings" Target="../xl/texts.xml"/></Relationships>
                """);
            Add("xl/sheet1.xml", $"<worksheet><sheetData>{sheetData}</sheetData></worksheet>");
            Add("xl/texts.xml", $"<sst>{sharedTexts}</sst>");

            void Add(string name, string xml)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
                entry.Write(Encoding.UTF8.GetBytes(xml));
            }
        }

        return stream.ToArray();
    }

    private static void AddSheet(WorkbookPart book, Sheets sheets, SheetData data)
    {
        var part = book.AddNewPart<WorksheetPart>();
        part.Worksheet = new Worksheet(data);
        var number = (uint)sheets.Count() + 1;
        sheets.Append(new Sheet { Id = book.GetIdOfPart(part), SheetId = number, Name = $"Sheet{number}" });
    }

    private static Cell Cell(uint line, int column, string text, SharedStringTablePart shared)
    {
        var reference = $"{(char)('A' + column)}{line}";
        if (decimal.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _) && text.Length < 8)
        {
            // As Excel does.
            return new Cell { CellReference = reference, CellValue = new CellValue(text == "31.9" ? "31.899999999999999" : text) };
        }

        var item = new SharedStringItem(new Text(text), new PhoneticRun(new Text("ヨミ")) { BaseTextStartIndex = 0, EndingBaseIndex = 1 });
        shared.SharedStringTable.Append(item);
        return new Cell
        {
            CellReference = reference,
            DataType = CellValues.SharedString,
            CellValue = new CellValue((shared.SharedStringTable.Count() - 1).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        };
    }
}
