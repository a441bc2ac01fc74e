using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.GenericDrugs.Import;

/// <summary>
/// Reads the public drug lists, CSV (UTF-8 or CP932) or Excel, columns by heading, with whatever rows the ministry writes above them. Whatever the
/// bytes are, it throws nothing but what the stream itself throws; everything that is wrong is told at once, by line and column.
/// </summary>
public static class DrugListReader
{
    /// <summary>Largest file, in bytes: the whole lists take 4 MB.</summary>
    public const long MaxBytes = 100L * 1024 * 1024;

    private static readonly DrugListFormat<PriceRow> Prices = new(
        DrugListText.PriceList,
        ["薬価基準収載医薬品コード", "成分名", "規格", "品名", "薬価", "経過措置による使用期限"],
        static row => new PriceRow(row.Line, row.PriceCode(0), row.Text(1), row.Text(2), row.Text(3), row.Price(4), row.Until(5)),
        static row => row.Code);

    private static readonly DrugListFormat<AvailabilityRow> Availability = new(
        DrugListText.AvailabilityList,
        ["薬価基準収載医薬品コード", "各先発医薬品の後発医薬品の有無に関する情報"],
        static row => new AvailabilityRow(row.Line, row.PriceCode(0), Flag(row, 1)),
        static row => row.Code);

    private static readonly DrugListFormat<MasterRow> Master = new(
        DrugListText.MasterList,
        ["医薬品コード", "マスター種別", "医薬品名・規格名漢字名称", "単位漢字名称", "新又は現金額", "薬価基準収載医薬品コード", "抗HIV薬区分", "長期収載品関連"],
        MasterRowOf,
        static row => row.Code)
    {
        PlacesWithoutHeadings = [2, 1, 4, 9, 11, 31, 39, 40],
        ColumnsWithoutHeadings = 42,
    };

    public static DrugListFile<PriceRow> ReadPrices(Stream file, CancellationToken cancellation = default) => Read(file, Prices, cancellation);

    public static DrugListFile<AvailabilityRow> ReadAvailability(Stream file, CancellationToken cancellation = default) => Read(file, Availability, cancellation);

    /// <summary>The 医薬品マスター of 支払基金, 42 columns (since October 2024), with a row of headings or, as it is delivered, without.</summary>
    public static DrugListFile<MasterRow> ReadMaster(Stream file, CancellationToken cancellation = default) => Read(file, Master, cancellation);

    private static MasterRow? MasterRowOf(DrugListRow row)
    {
        if (row.Text(1) is { Length: > 0 } kind and not "Y")
        {
            row.Fail(1, DrugListText.NotMaster.With(PlainText.Shown(kind)));
        }

        var code = row.ClaimCode(0, isRequired: true);
        var (name, unit, price) = (row.Text(2), row.Text(3, isRequired: false), row.Price(4));
        var (priceCode, original) = (row.PriceCode(5, isRequired: false), row.ClaimCode(7, isRequired: false));
        var hiv = row.Text(6, isRequired: false);
        if (hiv is not ("" or "0" or "1"))
        {
            row.Fail(6, DrugListText.HivInvalid.With(PlainText.Shown(hiv)));
        }

        // Without a 薬価基準コード (器材, 薬価なし) there is nothing to compare: the row is passed over.
        return priceCode.Length == 0 || code is null ? null : new MasterRow(row.Line, code, priceCode, name, unit, price, original, hiv == "1");
    }

    private static GenericFlag Flag(DrugListRow row, int column)
    {
        var text = row.Text(column, isRequired: false);
        switch (DrugListRow.Folded(text))
        {
            case "":
                return GenericFlag.None;
            case "1":
                return GenericFlag.BrandWithoutGeneric;
            case "2":
                return GenericFlag.BrandWithGeneric;
            case "3":
                return GenericFlag.Generic;
            case "☆":
                return GenericFlag.BrandNotDearer;
            case "★":
                return GenericFlag.GenericNotCheaper;
            default:
                row.Fail(column, DrugListText.FlagInvalid.With(PlainText.Shown(text)));
                return GenericFlag.None;
        }
    }

    private static DrugListFile<TRow> Read<TRow>(Stream file, DrugListFormat<TRow> format, CancellationToken cancellation)
        where TRow : class
    {
        if (!file.CanSeek)
        {
            file = InMemory(file);
        }

        switch (ListBytes.Open(file, MaxBytes, format.IsHeading, out var bytes))
        {
            case ListBytesKind.TooLarge:
                return Refused<TRow>(DrugListText.TooLarge.With(MaxBytes / (1024 * 1024)));
            case ListBytesKind.Empty:
                return Refused<TRow>(DrugListText.Empty);
            case ListBytesKind.Utf16:
                return Refused<TRow>(DrugListText.Utf16);
            case ListBytesKind.Workbook:
                return ReadWorkbook(file, format, cancellation);
            default:
                using (var table = new CsvTable(bytes!))
                {
                    return new DrugListReading<TRow>(table, format).ReadAll(cancellation);
                }
        }
    }

    private static DrugListFile<TRow> ReadWorkbook<TRow>(Stream file, DrugListFormat<TRow> format, CancellationToken cancellation)
        where TRow : class
    {
        try
        {
            file.Position = 0;
            using var table = WorkbookTable.Open(file);
            return new DrugListReading<TRow>(table, format).ReadAll(cancellation);
        }
        catch (UnpackedTooMuchException)
        {
            return Refused<TRow>(DrugListText.WorkbookTooLarge.With(UnpackedLimits.Workbook.MostBytes / (1024 * 1024)));
        }
        catch (Exception exception) when (WorkbookTable.IsOfWorkbook(exception))
        {
            return Refused<TRow>(DrugListText.NotWorkbook);
        }
    }

    private static DrugListFile<TRow> Refused<TRow>(string message) => new([], [new RowError(1, 1, DrugListText.WholeFile, message)], 1, 0);

    private static MemoryStream InMemory(Stream file)
    {
        var memory = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; memory.Length <= MaxBytes && (read = file.Read(buffer)) > 0;)
        {
            memory.Write(buffer, 0, read);
        }

        return memory;
    }
}

/// <summary>How a list is known and read.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Headings">The headings that it must have, the code's first; white space in the file's own does not count, nor their width.</param>
/// <param name="Parse">Reads a row; null where it says nothing that is needed.</param>
/// <param name="Key">What no two rows may share.</param>
internal sealed record DrugListFormat<TRow>(string Name, IReadOnlyList<string> Headings, Func<DrugListRow, TRow?> Parse, Func<TRow, string> Key)
    where TRow : class
{
    /// <summary>Where the columns are in a file that has no headings; empty where it must have them.</summary>
    public IReadOnlyList<int> PlacesWithoutHeadings { get; init; } = [];

    public int ColumnsWithoutHeadings { get; init; }

    public bool IsHeading(string cell) => PlaceOf(cell) >= 0;

    /// <summary>Which of <see cref="Headings"/> a cell is; -1 for none.</summary>
    public int PlaceOf(string cell)
    {
        if (cell.Length > 100)
        {
            return -1;
        }

        var folded = string.Concat(cell.Where(c => char.IsSurrogate(c) is false && !char.IsWhiteSpace(c))).Normalize(NormalizationForm.FormKC);
        for (var i = 0; i < Headings.Count; i++)
        {
            if (string.Equals(Headings[i], folded, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
