using System.Collections.Concurrent;
using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Societies;

/// <summary>
/// What all members of a society read alike, kept in memory and read anew by the first request after a change (<see cref="SocietiesVersion"/>):
/// a request sees what was committed before it came, whichever process wrote it.
/// </summary>
public sealed class KeptRows<T>
{
    private readonly ConcurrentDictionary<Guid, (RowsVersion Version, IReadOnlyList<T> Rows)> _kept = new();

    /// <param name="current">The society; outside a request nothing is kept.</param>
    /// <param name="read">Reads the society's rows.</param>
    public async ValueTask<IReadOnlyList<T>> ReadAsync(CurrentSociety current, Func<Task<List<T>>> read)
    {
        if (current.Version is not { } version)
        {
            return await read();
        }

        if (_kept.TryGetValue(current.Id, out var kept) && kept.Version == version)
        {
            return kept.Rows;
        }

        var rows = await read();
        _kept[current.Id] = (version, rows);
        return rows;
    }
}
