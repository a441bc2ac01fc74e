using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace KenkoPortal.Core.Common.Files;

/// <summary>
/// An Excel workbook (xlsx, ECMA-376), a row at a time; every sheet that is shown. It reads the zip and its XML itself, so that what the file unpacks to is
/// judged while it is read (row F5): the usual packages build whole rows and parts in memory first.
/// </summary>
internal sealed class WorkbookTable : DrugListTable
{
    private const int MaxColumns = 200;
    private const int MostSharedTexts = 1_000_000;
    private const int MostStyles = 65_000;
    private const int MostSharedCharacters = 32 * 1024 * 1024;

    /// <summary>Not of the standard: a number whose style shows it as a day.</summary>
    private const string DayType = "day";

    private static readonly Uri Root = new("http://book/");

    private readonly PackedFile _file;
    private readonly Dictionary<string, ZipArchiveEntry> _parts;
    private readonly List<string> _shared = [];
    private readonly List<bool> _dateStyles = [];
    private readonly Queue<ZipArchiveEntry> _sheets = new();
    private WorkbookXml? _sheet;

    private WorkbookTable(PackedFile file)
    {
        _file = file;
        _parts = file.Entries.DistinctBy(e => PathOf(e), StringComparer.OrdinalIgnoreCase).ToDictionary(PathOf, StringComparer.OrdinalIgnoreCase);
    }

    public override bool IsRectangular => false;

    /// <exception cref="UnpackedTooMuchException">It unpacks to more than a list does; <see cref="Read"/> throws it too.</exception>
    /// <exception cref="Exception">It is no workbook (<see cref="IsOfWorkbook"/>).</exception>
    public static WorkbookTable Open(Stream file)
    {
        var packed = PackedFile.Open(file, UnpackedLimits.Workbook);
        try
        {
            var table = new WorkbookTable(packed);
            table.ReadParts();
            return table;
        }
        catch
        {
            packed.Dispose();
            throw;
        }
    }

    /// <summary>What .NET's zip and XML readers throw at a damaged workbook: anything of it means that the file cannot be read.</summary>
    public static bool IsOfWorkbook(Exception exception) => exception
        is InvalidDataException or XmlException or FormatException or IOException or ArgumentException or InvalidOperationException or NotSupportedException or OverflowException;

    public override bool NextSheet()
    {
        _sheet?.Dispose();
        _sheet = _sheets.TryDequeue(out var sheet) ? new WorkbookXml(_file.Open(sheet)) : null;
        Line = 0;
        return _sheet is not null;
    }

    public override bool Read()
    {
        Cells.Clear();
        (Fault, FaultColumn) = (null, 1);
        while (_sheet!.Next())
        {
            if (!_sheet.IsStart || _sheet.Name != "row")
            {
                continue;
            }

            Line = int.TryParse(_sheet.Attribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line : Line + 1;
            if (!_sheet.IsEmpty)
            {
                ReadCells(_sheet, _sheet.Depth);
            }

            return true;
        }

        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _sheet?.Dispose();
        _file.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Finds the sheets by the workbook's relationships, and reads the texts that cells share.</summary>
    private void ReadParts()
    {
        var book = Relations(Root).Values.FirstOrDefault(r => r.Type == "officeDocument").Target ?? throw new InvalidDataException("A workbook without a workbook part.");
        var relations = Relations(book);
        using (var xml = Open(book))
        {
            while (xml.Next())
            {
                if (xml.IsStart && xml.Name == "sheet" && xml.Attribute("state") is null or "visible" && xml.Attribute("id") is { } id
                    && relations.TryGetValue(id, out var sheet) && sheet.Type == "worksheet")
                {
                    _sheets.Enqueue(Part(sheet.Target));
                }
            }
        }

        if (relations.Values.FirstOrDefault(r => r.Type == "sharedStrings").Target is { } texts)
        {
            ReadSharedTexts(texts);
        }

        if (relations.Values.FirstOrDefault(r => r.Type == "styles").Target is { } styles)
        {
            ReadStyles(styles);
        }
    }

    /// <summary>Which styles show a number as a day: the format alone tells a date from a number (ECMA-376 Part 1, §18.8.30).</summary>
    private void ReadStyles(Uri part)
    {
        var own = new Dictionary<int, bool>();
        var (isInCells, last) = (false, 0);
        using var xml = Open(part);
        while (xml.Next())
        {
            if (!xml.IsStart)
            {
                continue;
            }

            if (xml.Depth == 1)
            {
                isInCells = xml.Name == "cellXfs";
            }
            else if (xml.Name == "numFmt" && int.TryParse(xml.Attribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                own[id] = IsDateFormat(xml.Attribute("formatCode") ?? "");
            }
            else if (isInCells && xml.Depth == 2 && xml.Name == "xf" && last++ < MostStyles)
            {
                _ = int.TryParse(xml.Attribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out var format);
                _dateStyles.Add(own.TryGetValue(format, out var isDate) ? isDate : IsBuiltInDate(format));
            }
        }
    }

    /// <summary>Formats that need no code of their own, the Japanese ones from 27 to 58 among them.</summary>
    private static bool IsBuiltInDate(int format) => format is (>= 14 and <= 17) or 22 or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58;

    /// <summary>A year, an era or a day outside of quotation marks and brackets.</summary>
    private static bool IsDateFormat(string code)
    {
        var (isQuoted, isBracketed) = (false, false);
        foreach (var c in code.Replace("General", "", StringComparison.OrdinalIgnoreCase))
        {
            isQuoted ^= c == '"';
            isBracketed = !isQuoted && (c == '[' || (isBracketed && c != ']'));
            if (!isQuoted && !isBracketed && c is 'y' or 'Y' or 'd' or 'D' or 'e' or 'g')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The relationships of a part by id: the last word of each one's type, and the part that it leads to.</summary>
    private Dictionary<string, (string Type, Uri Target)> Relations(Uri part)
    {
        var relations = new Dictionary<string, (string, Uri)>(StringComparer.Ordinal);
        var path = part.AbsolutePath;
        var name = path.LastIndexOf('/') + 1;
        using var xml = Open(new Uri(Root, $"{path[..name]}_rels/{path[name..]}.rels"));
        while (xml.Next())
        {
            if (xml.IsStart && xml.Name == "Relationship" && xml.Attribute("TargetMode") is not "External"
                && (xml.Attribute("Id"), xml.Attribute("Type"), xml.Attribute("Target")) is ({ } id, { } type, { } target))
            {
                relations[id] = (type[(type.LastIndexOf('/') + 1)..], new Uri(part, target));
            }
        }

        return relations;
    }

    private void ReadSharedTexts(Uri part)
    {
        var characters = 0L;
        using var xml = Open(part);
        while (xml.Next())
        {
            if (xml.IsStart && xml.Name == "si")
            {
                _shared.Add(xml.RichText());
                characters += _shared[^1].Length;
                if (_shared.Count > MostSharedTexts || characters > MostSharedCharacters)
                {
                    throw new UnpackedTooMuchException("The workbook has too many texts.");
                }
            }
        }
    }

    private WorkbookXml Open(Uri part) => new(_file.Open(Part(part)));

    private ZipArchiveEntry Part(Uri part) =>
        _parts.GetValueOrDefault(Uri.UnescapeDataString(part.AbsolutePath).TrimStart('/')) ?? throw new InvalidDataException("A part of the workbook is missing.");

    private static string PathOf(ZipArchiveEntry entry) => entry.FullName.Replace('\\', '/').TrimStart('/');

    private void ReadCells(WorkbookXml xml, int row)
    {
        while (xml.NextInside(row))
        {
            if (xml.Name != "c" || Fault is not null)
            {
                xml.Skip();
                continue;
            }

            var (column, type) = (ColumnOf(xml.Attribute("r")) ?? Cells.Count, xml.Attribute("t") ?? "n");
            if (type == "n" && int.TryParse(xml.Attribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out var style) && style < _dateStyles.Count && _dateStyles[style])
            {
                type = DayType;
            }

            if (column >= MaxColumns || column < Cells.Count)
            {
                (Fault, FaultColumn) = (FilesText.TooManyColumns.With(MaxColumns), Math.Min(column, MaxColumns) + 1);
                xml.Skip();
                continue;
            }

            while (Cells.Count < column)
            {
                Cells.Add("");
            }

            Cells.Add(TextOf(type, Value(xml)).Trim());
        }
    }

    /// <summary>What stands in the cell: its value, or the text that it holds itself.</summary>
    private static string Value(WorkbookXml xml)
    {
        var value = "";
        if (!xml.IsEmpty)
        {
            var cell = xml.Depth;
            while (xml.NextInside(cell))
            {
                switch (xml.Name)
                {
                    case "v":
                        value = xml.Text();
                        break;
                    case "is":
                        value = xml.RichText();
                        break;
                    default:
                        xml.Skip();
                        break;
                }
            }
        }

        return value;
    }

    private string TextOf(string type, string value)
    {
        switch (type)
        {
            case "s":
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _shared.Count
                    ? _shared[index]
                    : throw new InvalidDataException("A cell names a text that the workbook does not have.");
            case "e":
                (Fault, FaultColumn) = (FilesText.ErrorCell.With(value), Cells.Count + 1);
                return value;
            case DayType when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var day) && day is >= 61 and < 2_958_466:
                return DateOnly.FromDateTime(DateTime.FromOADate(Math.Floor(day))).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            case "n" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e15:
                // Excel stores 61.1 as 61.099999999999994.
                return number.ToString("G15", CultureInfo.InvariantCulture);
            default:
                return value;
        }
    }

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
