using KenkoPortal.Claims;

namespace KenkoPortal.Core.ReceivedClaims.Import;

/// <summary>A claim that came again and says something else: its number and which columns differ (names of <see cref="ReceivedClaim"/>'s properties).</summary>
public sealed record ClaimChange(string Number, TreatmentMonth Month, IReadOnlyList<string> Columns);

/// <summary>What one kind of files held.</summary>
/// <param name="Read">Claims that could be read, other insurers' among them.</param>
/// <param name="SetAside">Claims that could not.</param>
/// <param name="Details">Details beneath DPC summaries.</param>
/// <param name="Others">Claims of other insurers, which are not taken.</param>
public sealed record ClaimFileCount(long Read, long SetAside, long Details, long Others);

/// <summary>What an import of claims did, or would do. Counts, claim numbers and column names; no personal value.</summary>
public sealed class ClaimFilesReport
{
    private readonly SortedDictionary<ClaimKind, ClaimFileCount> _files = [];
    private readonly SortedDictionary<string, int> _changedColumns = new(StringComparer.Ordinal);
    private readonly SortedDictionary<ClaimMatch, int> _matches = [];
    private readonly SortedDictionary<TreatmentMonth, int> _months = [];
    private readonly List<ClaimChange> _changes = [];
    private readonly List<string> _returned = [];
    private readonly List<string> _reExamined = [];
    private readonly List<string> _revived = [];
    private readonly List<string> _outdated = [];
    private readonly List<string> _empty = [];

    /// <summary>By kind: what the files held.</summary>
    public IReadOnlyDictionary<ClaimKind, ClaimFileCount> Files => _files;

    /// <summary>Files without a single byte.</summary>
    public IReadOnlyList<string> EmptyFiles => _empty;

    /// <summary>Claims read.</summary>
    public long Read => _files.Values.Sum(f => f.Read);

    /// <summary>Claims that could not be read.</summary>
    public long SetAside => _files.Values.Sum(f => f.SetAside);

    /// <summary>Claims of other insurers: they are not taken, and change nothing.</summary>
    public long Others => _files.Values.Sum(f => f.Others);

    /// <summary>What was wrong, told while the files were read.</summary>
    public long Faults { get; private set; }

    /// <summary>Claims seen for the first time.</summary>
    public int New { get; private set; }

    /// <summary>Claims that say the same as before.</summary>
    public int Unchanged { get; private set; }

    /// <summary>Claims that say something else than before.</summary>
    public IReadOnlyList<ClaimChange> Changes => _changes;

    /// <summary>In how many of <see cref="Changes"/> a column differs.</summary>
    public IReadOnlyDictionary<string, int> ChangedColumns => _changedColumns;

    /// <summary>Numbers of those that were returned (返戻) now: they count no more.</summary>
    public IReadOnlyList<string> Returned => _returned;

    /// <summary>Numbers of those that came re-examined (再審査) and so took an earlier one's place.</summary>
    public IReadOnlyList<string> ReExamined => _reExamined;

    /// <summary>Numbers of those that were returned and came again in a later delivery: they count again.</summary>
    public IReadOnlyList<string> Revived => _revived;

    /// <summary>Numbers of claims and returns that are older than what is here: nothing was done with them.</summary>
    public IReadOnlyList<string> Outdated => _outdated;

    /// <summary>The new and the changed ones: how many have their person, and how many wait for what reason.</summary>
    public IReadOnlyDictionary<ClaimMatch, int> Matches => _matches;

    /// <summary>Months of treatment whose claims changed, with how many: their notices are to be computed.</summary>
    public IReadOnlyDictionary<TreatmentMonth, int> Months => _months;

    /// <summary>All claims of the society that wait afterwards, by reason.</summary>
    public IReadOnlyDictionary<ClaimMatch, int> Waiting { get; internal set; } = new SortedDictionary<ClaimMatch, int>();

    /// <summary>Whether the database was to become another one.</summary>
    public bool IsAnythingNew => _months.Count > 0;

    internal void AddEmpty(string name) => _empty.Add(name);

    internal void AddFile(ClaimFile file, ClaimKind kind, int others)
    {
        var before = _files.GetValueOrDefault(kind) ?? new ClaimFileCount(0, 0, 0, 0);
        _files[kind] = new ClaimFileCount(
            before.Read + file.ClaimsRead, before.SetAside + file.ClaimsSetAside, before.Details + file.DetailsPassedOver, before.Others + others);
        Faults += file.FaultsTold;
    }

    internal void AddNew(ReceivedClaim claim)
    {
        New++;
        Touch(claim);
    }

    internal void AddUnchanged() => Unchanged++;

    internal void AddReturned(ReceivedClaim claim)
    {
        _returned.Add(claim.Number);
        Touch(claim);
    }

    internal void AddReExamined(ReceivedClaim claim) => _reExamined.Add(claim.Number);

    internal void AddRevived(ReceivedClaim claim)
    {
        _revived.Add(claim.Number);
        Touch(claim);
    }

    internal void AddOutdated(ReceivedClaim claim) => _outdated.Add(claim.Number);

    internal void AddChange(ReceivedClaim former, ReceivedClaim claim)
    {
        var columns = ClaimColumns.Differing(former, claim);
        _changes.Add(new ClaimChange(claim.Number, claim.Month, columns));
        foreach (var column in columns)
        {
            _changedColumns[column] = _changedColumns.GetValueOrDefault(column) + 1;
        }

        if (former.Month != claim.Month)
        {
            Touch(former);
        }

        Touch(claim);
    }

    internal void AddMatch(ClaimMatch match) => _matches[match] = _matches.GetValueOrDefault(match) + 1;

    private void Touch(ReceivedClaim claim) => _months[claim.Month] = _months.GetValueOrDefault(claim.Month) + 1;
}
