using KenkoPortal.Core.Sharing;
using Microsoft.Extensions.Caching.Memory;

namespace KenkoPortal.Core.Publication;

/// <summary>
/// What viewers are known to have seen of their own, so that the same page read again asks the database for no mark that it has found before: a mark is
/// never taken off while its month can be read. Ids alone, of the newest looks, for some minutes.
/// </summary>
public sealed class SeenMonths : IDisposable
{
    /// <summary>Some 200 bytes each.</summary>
    private const int Most = 50_000;

    /// <summary>After this it is asked for again: a restored backup may have less.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = Most });

    public bool Has(Guid viewerId, NoticeKind kind, IEnumerable<ReadableMonth> months) => months.All(m => _known.TryGetValue((viewerId, kind, m.PublicationId), out _));

    public void Add(Guid viewerId, NoticeKind kind, IEnumerable<ReadableMonth> months)
    {
        foreach (var month in months)
        {
            _known.Set((viewerId, kind, month.PublicationId), true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
        }
    }

    public void Dispose() => _known.Dispose();
}
