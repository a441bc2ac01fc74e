using KenkoPortal.Core.Data;
using KenkoPortal.Core.ReceivedClaims;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

/// <summary>Compares the lines of one kind, while they are computed, with those of the published version: by claim, and the claim's lines together.</summary>
internal sealed class NoticeDifferences(Dictionary<Guid, int> published)
{
    private readonly Dictionary<Guid, int> _computed = [];
    private readonly Dictionary<Guid, string> _numbers = [];

    public void Add(ReceivedClaim claim, int digest)
    {
        Add(_computed, claim.Id, digest);
        _numbers[claim.Id] = claim.Number;
    }

    /// <param name="db">Where the claims are that have no line any more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyDictionary<LineDifference, IReadOnlyList<string>>> EndAsync(PortalContext db, CancellationToken cancellationToken)
    {
        var differences = new SortedDictionary<LineDifference, IReadOnlyList<string>>();
        Tell(LineDifference.Added, _computed.Keys.Where(id => !published.ContainsKey(id)).Select(id => _numbers[id]));
        Tell(LineDifference.Changed, _computed.Where(c => published.TryGetValue(c.Key, out var digest) && digest != c.Value).Select(c => _numbers[c.Key]));
        var gone = published.Keys.Where(id => !_computed.ContainsKey(id)).ToArray();
        if (gone.Length > 0)
        {
            Tell(LineDifference.Gone, await db.ReceivedClaims.Where(c => gone.Contains(c.Id)).Select(c => c.Number).ToListAsync(cancellationToken));
        }

        return differences;

        void Tell(LineDifference difference, IEnumerable<string> numbers)
        {
            var inOrder = numbers.Order(StringComparer.Ordinal).ToList();
            if (inOrder.Count > 0)
            {
                differences[difference] = inOrder;
            }
        }
    }

    /// <summary>Each claim's lines of a version, all of them together as one number.</summary>
    public static async Task<Dictionary<Guid, int>> DigestsAsync<TLine>(
        IQueryable<TLine> lines, Func<TLine, Guid> claimOf, Func<TLine, int> digest, CancellationToken cancellationToken)
        where TLine : class
    {
        var sums = new Dictionary<Guid, int>();
        await foreach (var line in lines.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            Add(sums, claimOf(line), digest(line));
        }

        return sums;
    }

    /// <summary>Adds a line to its claim's, all of them together as one number.</summary>
    private static void Add(Dictionary<Guid, int> sums, Guid claimId, int digest) => sums[claimId] = sums.GetValueOrDefault(claimId) + digest;
}
