using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Societies;

/// <summary>
/// Finds the society of each request. The societies are kept in memory and read anew as soon as <see cref="SocietiesVersion"/> tells of
/// a change, so that settings act on the next request whichever process wrote them. What it hands out is never changed.
/// </summary>
public sealed class SocietyIndex(SocietiesVersion version, PortalDatabase database)
{
    private volatile Known? _known;

    /// <summary>By host name without port. Where there is one society, every host finds it.</summary>
    public async ValueTask<(Society? Society, RowsVersion Version)> FindByHostAsync(string host, CancellationToken cancellationToken)
    {
        var known = await CurrentAsync(cancellationToken);
        return (known.Only ?? known.ByHost.GetValueOrDefault(host), known.Version);
    }

    /// <summary>All of them, by key, read anew.</summary>
    public Task<List<Society>> AllAsync(CancellationToken cancellationToken) => SocietyRows.ReadAsync(database, cancellationToken);

    private async ValueTask<Known> CurrentAsync(CancellationToken cancellationToken)
    {
        // Before the rows: a change between the two is then seen at the next look.
        var current = await version.ReadAsync(cancellationToken);
        if (_known is { } known && known.Version == current)
        {
            return known;
        }

        var all = await SocietyRows.ReadAsync(database, cancellationToken);
        return _known = new Known(current, all is [var only] ? only : null, all.ToDictionary(s => s.Host, StringComparer.OrdinalIgnoreCase));
    }

    private sealed record Known(RowsVersion Version, Society? Only, Dictionary<string, Society> ByHost);
}
