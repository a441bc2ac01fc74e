using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Imports.DrugLists;

/// <summary>An Excel workbook (xlsx), a row at a time; every sheet that is shown.</summary>
internal sealed class WorkbookTable : DrugListTable
{
    private const int MaxColumns = 200;

    private readonly SpreadsheetDocument _document;
    private readonly List<string> _shared;
    private readonly Queue<WorksheetPart> _sheets;
    private OpenXmlReader? _rows;

    private WorkbookTable(SpreadsheetDocument document, List<string> shared, IEnumerable<WorksheetPart> sheets) =>
        (_document, _shared, _sheets) = (document, shared, new Queue<WorksheetPart>(sheets));

    public override bool IsRectangular => false;

    /// <exception cref="Exception">It is no workbook (<see cref="IsOfWorkbook"/>).</exception>
    public static WorkbookTable Open(Stream file)
    {
        var document = SpreadsheetDocument.Open(file, isEditable: false);
        try
        {
            var book = document.WorkbookPart ?? throw new InvalidDataException("A workbook without a workbook part.");
            var sheets = book.Workbook.Descendants<Sheet>()
                .Where(s => s.State is null || s.State.Value == SheetStateValues.Visible)
                .Select(s => s.Id?.Value is { } id ? book.GetPartById(id) as WorksheetPart : null)
                .OfType<WorksheetPart>().ToList();
            return new WorkbookTable(document, SharedStrings(book.SharedStringTablePart), sheets);
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    /// <summary>What the packages below throw at a damaged workbook: anything of it means that the file cannot be read.</summary>
    public static bool IsOfWorkbook(Exception exception) => exception
        is OpenXmlPackageException or FileFormatException or InvalidDataException or System.Xml.XmlException or FormatException or IOException
        or ArgumentException or InvalidOperationException or NotSupportedException or KeyNotFoundException or NullReferenceException or UriFormatException
        or OverflowException or IndexOutOfRangeException;

    public override bool NextSheet()
    {
        _rows?.Dispose();
        _rows = _sheets.TryDequeue(out var sheet) ? OpenXmlReader.Create(sheet) : null;
        Line = 0;
        return _rows is not null;
    }

    public override bool Read()
    {
        Cells.Clear();
        (Fault, FaultColumn) = (null, 1);
        while (_rows!.Read())
        {
            if (_rows.ElementType != typeof(Row) || !_rows.IsStartElement || _rows.LoadCurrentElement() is not Row row)
            {
                continue;
            }

            Line = row.RowIndex?.Value is { } index and <= int.MaxValue ? (int)index : Line + 1;
            foreach (var cell in row.Elements<Cell>())
            {
                Place(cell);
            }

            return true;
        }

        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _rows?.Dispose();
        _document.Dispose();
        base.Dispose(disposing);
    }

    private void Place(Cell cell)
    {
        var column = ColumnOf(cell.CellReference?.Value) ?? Cells.Count;
        if (column >= MaxColumns || column < Cells.Count)
        {
            (Fault, FaultColumn) = (DrugListText.TooManyColumns.With(MaxColumns), Math.Min(column, MaxColumns) + 1);
            return;
        }

        while (Cells.Count < column)
        {
            Cells.Add("");
        }

        Cells.Add(TextOf(cell).Trim());
    }

    private string TextOf(Cell cell)
    {
        var value = cell.CellValue?.Text ?? "";
        var type = cell.DataType?.Value ?? CellValues.Number;
        switch (type)
        {
            case CellValues.SharedString:
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _shared.Count
                    ? _shared[index]
                    : throw new InvalidDataException("A cell names a text that the workbook does not have.");
            case CellValues.InlineString:
                return cell.InlineString is { } inline ? TextOf(inline.Text, inline.Elements<Run>()) : "";
            case CellValues.Error:
                (Fault, FaultColumn) = (DrugListText.ErrorCell.With(value), Cells.Count + 1);
                return value;
            case CellValues.Number when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e15:
                // Excel stores 61.1 as 61.099999999999994.
                return number.ToString("G15", CultureInfo.InvariantCulture);
            default:
                return value;
        }
    }

    /// <summary>The texts without their readings (rPh), which Japanese workbooks keep beside them.</summary>
    private static List<string> SharedStrings(SharedStringTablePart? part)
    {
        List<string> texts = [];
        if (part is null)
        {
            return texts;
        }

        using var reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            if (reader.ElementType == typeof(SharedStringItem) && reader.IsStartElement && reader.LoadCurrentElement() is SharedStringItem item)
            {
                texts.Add(TextOf(item.Text, item.Elements<Run>()));
            }
        }

        return texts;
    }

    private static string TextOf(Text? text, IEnumerable<Run> runs) => (text?.Text ?? "") + string.Concat(runs.Select(r => r.Text?.Text));

    /// <summary>The column of a reference such as <c>AB12</c>, from 0.</summary>
    private static int? ColumnOf(string? reference)
    {
        if (reference is null)
        {
            return null;
        }

        var column = 0;
        foreach (var c in reference.TakeWhile(char.IsAsciiLetterUpper).Take(4))
        {
            column = (column * 26) + c - 'A' + 1;
        }

        return column == 0 ? null : column - 1;
    }
}
