using System.Globalization;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Audit;

/// <summary>Writes what was counted in the minutes that are over: an event for each minute and kind, with its count, in place of an event for each try.</summary>
public sealed class AuditTallies(PortalContext db, UnitOfWork work, TimeProvider clock)
{
    /// <summary>Subjects of one minute and kind that have an event of their own; those beyond are counted together.</summary>
    private const int MostSubjects = 50;

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var end = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), now.Offset);
        if (!await db.AuditTallies.AnyAsync(t => t.At < end, cancellationToken))
        {
            return;
        }

        await work.CommitAsync(
            async () =>
            {
                await work.QueueUpAsync("tallies", cancellationToken);
                var over = await db.AuditTallies.Where(t => t.At < end).OrderBy(t => t.At).ToListAsync(cancellationToken);
                foreach (var like in over.GroupBy(t => (Minute: t.At.Ticks / TimeSpan.TicksPerMinute, t.Actor, t.Kind, t.Detail)))
                {
                    var subjects = like.GroupBy(t => t.SubjectId).OrderByDescending(g => g.Sum(t => (long)t.Count)).ToList();
                    var rest = subjects.Skip(MostSubjects).SelectMany(g => g).ToList();
                    foreach (var of in subjects.Take(MostSubjects))
                    {
                        Add(like.Key.Actor, like.Key.Kind, of.Key, like.Key.Detail, of.ToList());
                    }

                    if (rest.Count > 0)
                    {
                        Add(like.Key.Actor, like.Key.Kind, null, $"{like.Key.Detail} others", rest);
                    }
                }

                db.AuditTallies.RemoveRange(over);
            },
            cancellationToken);
    }

    private void Add(string actor, AuditKind kind, Guid? subjectId, string? detail, List<AuditTally> counted) => db.AuditEvents.Add(new AuditEvent
    {
        SocietyId = db.SocietyId,
        At = counted[^1].At,
        Actor = actor,
        Kind = kind,
        SubjectId = subjectId,
        Detail = string.Create(CultureInfo.InvariantCulture, $"{detail} count={counted.Sum(t => (long)t.Count)}").TrimStart(),
    });
}
