namespace KenkoPortal.Core.Sharing;

/// <summary>
/// The viewer's household where the request has read it already, together with the session. Only a page that looks is given it: what writes reads
/// anew under its locks.
/// </summary>
public sealed class KnownHousehold
{
    private Guid _viewerId;
    private IReadOnlyList<HouseholdRow>? _rows;

    public void Set(Guid viewerId, IReadOnlyList<HouseholdRow> rows) => (_viewerId, _rows) = (viewerId, rows);

    /// <returns>Null where it was not read, or is another viewer's.</returns>
    public IReadOnlyList<HouseholdRow>? Of(Guid viewerId) => _viewerId == viewerId ? _rows : null;
}
