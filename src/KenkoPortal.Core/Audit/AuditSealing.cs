using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Audit;

/// <summary>What a look over a society's chain found.</summary>
/// <param name="Sealed">Events in the chain.</param>
/// <param name="Unsealed">Events that the sealer has not reached yet.</param>
/// <param name="Head">Hash of the last sealed event, to be kept elsewhere.</param>
/// <param name="Faults">Sequence numbers that are missing, or whose event was changed.</param>
/// <param name="Cuts">Restores after which the chain was shorter, oldest first.</param>
public sealed record AuditReport(long Sealed, int Unsealed, string Head, IReadOnlyList<AuditFault> Faults, IReadOnlyList<RestoredDetail> Cuts);

/// <summary>One fault in the chain.</summary>
public sealed record AuditFault(long Sequence, AuditFaultKind Kind);

public enum AuditFaultKind
{
    Missing,
    Changed,
    CutOff,
}

/// <summary>
/// Chains the events of the current society by hash, in a transaction of its own so that no writer waits for another's event, and
/// verifies the chain.
/// </summary>
public sealed class AuditSealing(PortalContext db, UnitOfWork work)
{
    internal const int BatchSize = 2000;
    private static readonly byte[] Genesis = new byte[32];

    /// <summary>Seals what is not sealed yet, one batch.</summary>
    /// <returns>How many were sealed; fewer than a batch means that nothing is left.</returns>
    public Task<int> SealAsync(CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync("audit", cancellationToken);
            var chain = await db.AuditChains.SingleOrDefaultAsync(cancellationToken);
            if (chain is null)
            {
                db.AuditChains.Add(chain = new AuditChain { SocietyId = db.SocietyId, Head = Genesis });
            }

            var events = await db.AuditEvents.Where(e => e.Sequence == null)
                .OrderBy(e => e.At).ThenBy(e => e.Id).Take(BatchSize).ToListAsync(cancellationToken);
            foreach (var entry in events)
            {
                chain.Head = HashOf(entry, ++chain.Length, chain.Head);
                entry.Sequence = chain.Length;
                entry.Hash = chain.Head;
            }

            return events.Count;
        },
        cancellationToken);

    /// <summary>Reads the whole chain and recomputes it.</summary>
    public async Task<AuditReport> VerifyAsync(CancellationToken cancellationToken)
    {
        var chain = await db.AuditChains.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var faults = new List<AuditFault>();
        var (expected, previous) = (1L, Genesis);
        await foreach (var entry in db.AuditEvents.AsNoTracking().Where(e => e.Sequence != null)
            .OrderBy(e => e.Sequence).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            for (; expected < entry.Sequence; expected++)
            {
                faults.Add(new AuditFault(expected, AuditFaultKind.Missing));
                previous = [];
            }

            // After a gap the hash before is unknown: the event is then only checked by those that follow it.
            if (previous.Length > 0 && !HashOf(entry, expected, previous).AsSpan().SequenceEqual(entry.Hash))
            {
                faults.Add(new AuditFault(expected, AuditFaultKind.Changed));
            }

            previous = entry.Hash ?? [];
            expected++;
        }

        var (length, head) = (chain?.Length ?? 0, chain?.Head ?? Genesis);
        for (; expected <= length; expected++)
        {
            faults.Add(new AuditFault(expected, AuditFaultKind.CutOff));
        }

        if (faults.Count == 0 && (expected - 1 != length || !head.AsSpan().SequenceEqual(previous)))
        {
            faults.Add(new AuditFault(expected, AuditFaultKind.CutOff));
        }

        var unsealed = await db.AuditEvents.CountAsync(e => e.Sequence == null, cancellationToken);
        var restores = await db.AuditEvents.AsNoTracking().Where(e => e.Kind == AuditKind.Restored).OrderBy(e => e.At).Select(e => e.Detail).ToListAsync(cancellationToken);
        return new AuditReport(
            length, unsealed, Convert.ToHexStringLower(head), faults, [.. restores.Select(RestoredDetail.Parse).OfType<RestoredDetail>().Where(r => r.Before > r.After)]);
    }

    /// <summary>SHA-256 over the previous hash and every field, each with its length before it. Times count to the microsecond, as PostgreSQL keeps them.</summary>
    private static byte[] HashOf(AuditEvent entry, long sequence, byte[] previous)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, sequence);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64BigEndian(number, entry.At.UtcTicks / TimeSpan.TicksPerMicrosecond);
        hash.AppendData(number);
        string?[] fields = [entry.Id.ToString(), entry.SocietyId.ToString(), entry.Actor, entry.Kind.ToString(), entry.SubjectId?.ToString(), entry.Detail];
        foreach (var field in entry.OtherId is { } other ? [.. fields, other.ToString()] : fields)
        {
            var bytes = Encoding.UTF8.GetBytes(field ?? "");
            BinaryPrimitives.WriteInt32BigEndian(number, field is null ? -1 : bytes.Length);
            hash.AppendData(number[..4]);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
