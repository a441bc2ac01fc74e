using KenkoPortal.Core.Common;
using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.GenericDrugs.Import;

/// <summary>One pass over one file.</summary>
internal sealed class DrugListReading<TRow>(DrugListTable table, DrugListFormat<TRow> format)
    where TRow : class
{
    /// <summary>Titles, dates and notes that may stand above the headings.</summary>
    private const int MostRowsAbove = 30;

    /// <summary>Rows over which a workbook's headings may reach, in merged cells.</summary>
    private const int MostHeadingRows = 3;

    private const int RowsBetweenChecks = 1000;

    private readonly List<TRow> _rows = [];
    private readonly List<RowError> _errors = [];
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private int[] _places = [];
    private string[] _headings = [];
    private int _columns;
    private int _errorCount;
    private int _passedOver;
    private bool _isFailed;

    public DrugListFile<TRow> ReadAll(CancellationToken cancellation)
    {
        List<RowError> missing = [];
        var hasSheet = false;
        while (table.NextSheet())
        {
            if (FindHeadings(missing, out var isRowRead))
            {
                hasSheet = true;
                ReadSheet(isRowRead, cancellation);
            }
        }

        if (!hasSheet)
        {
            // Of several sheets the first tells best what is missing.
            Keep(missing.Count > 0 ? missing[0] : new RowError(1, 1, DrugListText.WholeFile, DrugListText.Empty));
        }
        else if (_rows.Count == 0 && _errorCount == 0)
        {
            Keep(new RowError(table.Line + 1, 1, DrugListText.WholeFile, DrugListText.NoRows));
        }

        return new DrugListFile<TRow>(_rows, _errors, _errorCount, _passedOver);
    }

    /// <param name="missing">Is told what this sheet lacks.</param>
    /// <param name="isRowRead">The table already stands at the first row: the file has no headings.</param>
    private bool FindHeadings(List<RowError> missing, out bool isRowRead)
    {
        isRowRead = false;
        RowError? best = null;
        var mostFound = 0;
        for (var above = 0; above <= MostRowsAbove && table.Read(); above++)
        {
            if (table.Fault is null && above == 0 && IsWithoutHeadings())
            {
                (_places, _headings, _columns) = ([.. format.PlacesWithoutHeadings], [.. format.Headings], format.ColumnsWithoutHeadings);
                return isRowRead = true;
            }

            var places = new int[format.Headings.Count];
            Array.Fill(places, -1);
            var twice = Place(places);
            var found = places.Count(p => p >= 0);
            if (found == places.Length && twice is null && table.Fault is null)
            {
                (_places, _columns) = (places, table.Cells.Count);
                _headings = [.. places.Select(p => PlainText.Shown(string.Concat(table.Cells[p].Where(c => !char.IsControl(c)))))];
                return true;
            }

            if (found > mostFound)
            {
                mostFound = found;
                best = new RowError(
                    table.Line,
                    1,
                    DrugListText.HeadingRow,
                    table.Fault ?? twice ?? DrugListText.ColumnsMissing.With(format.Name, string.Join('、', format.Headings.Where((_, i) => places[i] < 0))));
            }
        }

        missing.Add(best ?? new RowError(1, 1, DrugListText.HeadingRow, DrugListText.NotThisList.With(format.Name, string.Join('、', format.Headings))));
        return false;
    }

    private bool IsWithoutHeadings() =>
        format.PlacesWithoutHeadings.Count > 0 && table.Cells.Count == format.ColumnsWithoutHeadings && table.Cells[0].All(char.IsAsciiDigit)
        && table.Cells[format.PlacesWithoutHeadings[0]] is { Length: > 0 } code && code.All(char.IsAsciiDigit);

    private string? Place(int[] places)
    {
        string? twice = null;
        for (var i = 0; i < table.Cells.Count; i++)
        {
            var at = format.PlaceOf(table.Cells[i]);
            if (at < 0)
            {
                continue;
            }

            if (places[at] >= 0)
            {
                twice = DrugListText.ColumnTwice.With(format.Headings[at], places[at] + 1, i + 1);
            }
            else
            {
                places[at] = i;
            }
        }

        return twice;
    }

    private void ReadSheet(bool isRowRead, CancellationToken cancellation)
    {
        var row = new DrugListRow(table, _places, (column, message) => Fail(_places[column] + 1, _headings[column], message));
        for (var count = 0; isRowRead || table.Read(); count++, isRowRead = false)
        {
            if (count % RowsBetweenChecks == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (table.Fault is not null)
            {
                Fail(table.FaultColumn, DrugListText.WholeRow, table.Fault);
            }
            else if (!table.Cells.TrueForAll(cell => cell.Length == 0) && !(count < MostHeadingRows && IsRestOfHeadings()))
            {
                ReadRow(row);
            }
        }
    }

    /// <summary>In a workbook the cells of a heading may be merged over several rows; the lower ones are then empty where the code stands.</summary>
    private bool IsRestOfHeadings() => !table.IsRectangular && _rows.Count == 0 && _places.All(p => p >= table.Cells.Count || table.Cells[p].Length == 0);

    private void ReadRow(DrugListRow row)
    {
        if (table.IsRectangular && !HasAllCells())
        {
            Fail(Math.Min(table.Cells.Count, _columns) + 1, DrugListText.WholeRow, DrugListText.FieldCount.With(_columns, table.Cells.Count));
            return;
        }

        _isFailed = false;
        var read = format.Parse(row);
        FindDamage();
        if (_isFailed)
        {
            return;
        }

        if (read is null)
        {
            _passedOver++;
        }
        else if (_keys.TryAdd(format.Key(read), table.Line))
        {
            _rows.Add(read);
        }
        else
        {
            Fail(_places[0] + 1, _headings[0], DrugListText.Twice.With(format.Key(read), _keys[format.Key(read)]));
        }
    }

    private bool HasAllCells() =>
        table.Cells.Count == _columns || (table.Cells.Count > _columns && table.Cells.Skip(_columns).All(cell => cell.Length == 0));

    /// <summary>The lists are strict as a whole: damage in a column that is not used is damage.</summary>
    private void FindDamage()
    {
        for (var i = 0; i < table.Cells.Count; i++)
        {
            var text = table.Cells[i];
            if (!_places.Contains(i) && (text.Contains('\uFFFD', StringComparison.Ordinal) || text.Contains('\0', StringComparison.Ordinal)))
            {
                Fail(i + 1, DrugListText.WholeRow, DrugListText.Undecodable.With(PlainText.Shown(text)));
            }
        }
    }

    private void Fail(int column, string heading, string message)
    {
        _isFailed = true;
        Keep(new RowError(table.Line, column, heading, message));
    }

    private void Keep(RowError error)
    {
        _errorCount++;
        if (_errors.Count < DrugListFile<TRow>.MaxErrors)
        {
            _errors.Add(error);
        }
    }
}
