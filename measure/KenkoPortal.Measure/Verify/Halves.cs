using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Measure.Verify;

/// <summary>What is written together and must never be found alone.</summary>
internal static class Halves
{
    /// <summary>Halves of each kind that a society's rows hold. Compared in memory: no index leads from an event to its subject.</summary>
    public static async Task<Dictionary<string, long>> CountAsync(PortalContext db, CancellationToken cancellationToken)
    {
        var asks = await SetAsync(db.MailAsks.Select(a => (Guid?)a.Id));
        var decided = await SetAsync(db.MailAsks.Where(a => a.DecidedAt != null).Select(a => (Guid?)a.Id));
        var askEvents = await db.AuditEvents.Where(e => e.Kind == AuditKind.MailAsked).Select(e => e.SubjectId).ToListAsync(cancellationToken);
        var decisionEvents = await db.AuditEvents.Where(e => e.Kind == AuditKind.AskDecided).Select(e => e.SubjectId).ToListAsync(cancellationToken);
        var (asked, judged) = (askEvents.ToHashSet(), decisionEvents.ToHashSet());
        var links = await SetAsync(db.RegistrationLinks.Select(l => (Guid?)l.MailId));
        var mails = await SetAsync(db.OutboxMails.Where(m => m.SubjectId != null).Select(m => (Guid?)m.Id));
        var accounts = await SetAsync(db.MemberAccounts.Select(a => (Guid?)a.Id));
        var addressed = await SetAsync(db.AccountMailAddresses.Select(a => (Guid?)a.AccountId));
        return new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["asks and not their event, or the other way round"] = Apart(asks, asked),
            ["decisions and not their event, or the other way round"] = Apart(decided, judged),
            ["events of an ask or a decision beside its first"] = askEvents.Count - asked.Count + decisionEvents.Count - judged.Count,
            ["links and not their mail, or the other way round"] = Apart(links, mails),
            ["accounts without an address, or the other way round"] = Apart(accounts, addressed),
        };

        async Task<HashSet<Guid?>> SetAsync(IQueryable<Guid?> ids) => [.. await ids.ToListAsync(cancellationToken)];
    }

    private static long Apart(HashSet<Guid?> these, HashSet<Guid?> those) => these.Count(id => !those.Contains(id)) + those.Count(id => !these.Contains(id));
}
