using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.MailedLinks;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Measure.Verify;

/// <summary>What is written together and must never be found alone.</summary>
internal static class Halves
{
    /// <summary>Halves of each kind that a society's rows hold. Compared in memory: no index leads from an event to its subject.</summary>
    public static async Task<Dictionary<string, long>> CountAsync(PortalContext db, CancellationToken cancellationToken)
    {
        var decided = await SetAsync(db.MailAsks.Where(a => AskCaps.Sent.Contains(a.Decision)).Select(a => (Guid?)a.Id));
        var decisionEvents = await db.AuditEvents.Where(e => e.Kind == AuditKind.AskDecided).Select(e => e.SubjectId).ToListAsync(cancellationToken);
        var judged = decisionEvents.ToHashSet();
        var links = await SetAsync(db.RegistrationLinks.Select(l => (Guid?)l.Id));
        // A link's mail may have gone more than once.
        var mails = await SetAsync(db.OutboxMails.Where(m => m.SubjectId != null).Select(m => m.SubjectId));
        var accounts = await SetAsync(db.MemberAccounts.Select(a => (Guid?)a.Id));
        var addressed = await SetAsync(db.AccountMailAddresses.Select(a => (Guid?)a.AccountId));
        return new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["decisions and not their event, or the other way round"] = Apart(decided, judged),
            ["events of a decision beside its first"] = decisionEvents.Count - judged.Count,
            ["links and not their mail, or the other way round"] = Apart(links, mails),
            ["accounts without an address, or the other way round"] = Apart(accounts, addressed),
        };

        async Task<HashSet<Guid?>> SetAsync(IQueryable<Guid?> ids) => [.. await ids.ToListAsync(cancellationToken)];
    }

    private static long Apart(HashSet<Guid?> these, HashSet<Guid?> those) => these.Count(id => !those.Contains(id)) + those.Count(id => !these.Contains(id));
}
