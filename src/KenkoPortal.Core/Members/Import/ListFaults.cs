using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.Members.Import;

/// <summary>Collects what is wrong with a list, by line and column. The reader sets the line.</summary>
internal sealed class ListFaults
{
    private static readonly MemberListColumn[] Columns = Enum.GetValues<MemberListColumn>();

    private readonly int[] _places = new int[Columns.Length];
    private readonly string[] _headings = new string[Columns.Length];
    private readonly List<RowError> _errors = [];
    private readonly List<RowError> _warnings = [];

    public ListFaults() => Array.Fill(_places, -1);

    /// <summary>The line of the file that is judged, from 1.</summary>
    public int Line { get; set; }

    /// <summary>All errors, also those beyond the ones that are listed.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>Whether the row has an error. The reader resets it.</summary>
    public bool RowFailed { get; set; }

    public IReadOnlyList<RowError> Errors => RowError.Gather(_errors.OrderBy(e => e.Line).ThenBy(e => e.Column));

    public IReadOnlyList<RowError> Warnings => RowError.Gather(_warnings.OrderBy(e => e.Line).ThenBy(e => e.Column));

    /// <summary>Where the columns stand that were found.</summary>
    public IReadOnlyDictionary<MemberListColumn, ColumnPlace> Places =>
        Columns.Where(Has).ToDictionary(c => c, c => new ColumnPlace(PlaceOf(c) + 1, _headings[(int)c]));

    public bool Has(MemberListColumn column) => PlaceOf(column) >= 0;

    /// <summary>The field's index, from 0; -1 where the list has no such column.</summary>
    public int PlaceOf(MemberListColumn column) => _places[(int)column];

    /// <summary>Whether a field's index belongs to one of the columns.</summary>
    public bool IsUsed(int index) => Array.IndexOf(_places, index) >= 0;

    public void Place(MemberListColumn column, int index, string heading) => (_places[(int)column], _headings[(int)column]) = (index, heading);

    public void Fail(MemberListColumn column, string message) => Fail(PlaceOf(column) + 1, _headings[(int)column], message);

    /// <param name="column">From 1.</param>
    /// <param name="message">What is wrong and what to do.</param>
    public void FailRow(int column, string message) => Fail(column, MemberListText.WholeRow, message);

    public void Fail(int column, string heading, string message)
    {
        RowFailed = true;
        ErrorCount++;
        if (_errors.Count < MemberListFile.MaxErrors)
        {
            _errors.Add(new RowError(Line, column, heading, message));
        }
    }

    public void Warn(MemberListColumn column, string message) => Warn(PlaceOf(column) + 1, _headings[(int)column], message);

    public void Warn(int column, string heading, string message)
    {
        if (_warnings.Count < MemberListFile.MaxErrors)
        {
            _warnings.Add(new RowError(Line, column, heading, message));
        }
    }
}
