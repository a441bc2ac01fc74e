using System.Linq.Expressions;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Data;

/// <summary>
/// Ends and deletes what is over, in batches. What is past its time gets a mark in the database, so that a clock set back revives
/// nothing (row L1).
/// </summary>
public sealed class Housekeeping(PortalContext db, UnitOfWork work, AuditTallies tallies, TimeProvider clock)
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan KeepLinks = TimeSpan.FromDays(7);
    private static readonly TimeSpan KeepUnopenedLinks = TimeSpan.FromDays(1);
    private static readonly TimeSpan KeepMails = TimeSpan.FromDays(14);
    private static readonly TimeSpan KeepAsks = TimeSpan.FromDays(2);
    private static readonly TimeSpan KeepFailures = TimeSpan.FromDays(1);

    /// <summary>Each minute: links and sessions that are over.</summary>
    public async Task EndWhatIsOverAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await EndAsync(db.RegistrationLinks, now, cancellationToken);
        await EndAsync(db.ReissueRequests, now, cancellationToken);
        await EndAsync(db.AddressConfirmations, now, cancellationToken);
        await tallies.CloseAsync(cancellationToken);

        var (idleSince, loginSince, formSince) = (now - PortalSession.IdleLimit, now - PortalSession.LongestLogin, now - PortalSession.FormLimit);
        await DeleteAsync(
            db.PortalSessions.Where(s => s.Trust == Trust.Login ? s.LastSeenAt < idleSince || s.CreatedAt < loginSince : s.CreatedAt < formSince),
            s => s.Id,
            cancellationToken);
    }

    /// <summary>Each hour: rows that nothing reads any more.</summary>
    public async Task DeleteWhatIsOldAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (links, mails, asks, failures, devices) = (now - KeepLinks, now - KeepMails, now - KeepAsks, now - KeepFailures, now - KnownDevice.Validity);
        // Whoever never opened a link may never have asked for it.
        var unopened = now - KeepUnopenedLinks;
        await DeleteAsync(db.RegistrationLinks.Where(l => l.ExpiresAt < links || (l.ExpiresAt < unopened && l.Clicks == 0)), l => l.Id, cancellationToken);
        await DeleteAsync(db.ReissueRequests.Where(l => l.ExpiresAt < links), l => l.Id, cancellationToken);
        await DeleteAsync(db.AddressConfirmations.Where(l => l.ExpiresAt < links), l => l.Id, cancellationToken);
        await DeleteAsync(db.OutboxMails.Where(m => m.SentAt < mails || m.FailedAt < mails), m => m.Id, cancellationToken);
        await DeleteAsync(db.PostmasterMails.Where(m => m.ReceivedAt < mails), m => m.Id, cancellationToken);
        await DeleteAsync(db.BounceReports.Where(b => b.DecidedAt < mails), b => b.Id, cancellationToken);
        await DeleteAsync(db.MailAsks.Where(a => a.DecidedAt != null && a.AskedAt < asks), a => a.Id, cancellationToken);
        await DeleteAsync(db.ProvisionalFailures.Where(f => f.At < failures), f => f.Id, cancellationToken);
        await DeleteAsync(db.KnownDevices.Where(d => d.CreatedAt <= devices), d => d.Id, cancellationToken);
        await DeleteOldNoticesAsync(now, cancellationToken);
        await ForgetJoinsAsync(now - PersonJoin.UndoLimit, cancellationToken);
    }

    /// <summary>How two people were before they became one is of use only to part them again.</summary>
    private async Task ForgetJoinsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var over = db.PersonJoins.Where(j => j.Moved != null && j.JoinedAt <= before);
        if (await over.AnyAsync(cancellationToken))
        {
            await work.CommitAsync(() => over.ExecuteUpdateAsync(set => set.SetProperty(j => j.Moved, (string?)null), cancellationToken), cancellationToken);
        }
    }

    /// <summary>
    /// A tax return can be filed for five years after its own, so notices go by whole years: with <see cref="Society.NoticeYears"/> 5, all of
    /// 2021 stays until the end of 2026. The claims that they were made of go with them.
    /// </summary>
    private async Task DeleteOldNoticesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldest = NoticeCalendar.Oldest(JapanTime.DateOf(now), db.Current.Society.NoticeYears);
        foreach (var publication in await db.Publications.Where(p => p.Month < oldest).Select(p => p.Id).ToListAsync(cancellationToken))
        {
            await DeleteAsync(db.MedicalCostLines.Where(l => l.PublicationId == publication), l => l.Id, cancellationToken);
            await DeleteAsync(db.GenericDrugLines.Where(l => l.PublicationId == publication), l => l.Id, cancellationToken);
            await DeleteAsync(db.NoticeSights.Where(s => s.PublicationId == publication), s => s.Id, cancellationToken);
            await DeleteAsync(db.Publications.Where(p => p.Id == publication), p => p.Id, cancellationToken);
        }

        await DeleteAsync(db.ReceivedClaims.Where(c => c.Month < oldest), c => c.Id, cancellationToken);
        await DeleteAsync(db.HiddenClaims.Where(h => h.Month < oldest), h => h.Id, cancellationToken);
    }

    private async Task EndAsync<TLink>(IQueryable<TLink> links, DateTimeOffset now, CancellationToken cancellationToken)
        where TLink : MailedLink
    {
        var over = links.Where(l => l.EndedAt == null && l.ExpiresAt <= now);
        if (await over.AnyAsync(cancellationToken))
        {
            await work.CommitAsync(
                () => over.ExecuteUpdateAsync(set => set.SetProperty(l => l.EndedAt, now), cancellationToken), cancellationToken);
        }
    }

    /// <summary>Looks first: on SQLite even a write that changes nothing waits for its turn.</summary>
    private async Task DeleteAsync<TEntity>(IQueryable<TEntity> over, Expression<Func<TEntity, Guid>> id, CancellationToken cancellationToken)
        where TEntity : class
    {
        while (await over.AnyAsync(cancellationToken))
        {
            await work.CommitAsync(() => over.OrderBy(id).Take(BatchSize).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        }
    }
}

/// <summary><see cref="Housekeeping.EndWhatIsOverAsync"/>, each minute.</summary>
public sealed class ExpiryJob(SocietyScopes scopes, JobLeases leases) : SocietyJob(scopes, leases)
{
    public override string Name => "expiry";

    public override TimeSpan Interval => TimeSpan.FromMinutes(1);

    protected override IQueryable<Society> WithWork(PortalContext db) => db.Societies;

    protected override async Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken)
    {
        await society.GetRequiredService<Housekeeping>().EndWhatIsOverAsync(cancellationToken);
        return false;
    }
}

/// <summary><see cref="Housekeeping.DeleteWhatIsOldAsync"/>, each hour.</summary>
public sealed class RetentionJob(SocietyScopes scopes, JobLeases leases) : SocietyJob(scopes, leases)
{
    public override string Name => "retention";

    public override TimeSpan Interval => TimeSpan.FromHours(1);

    protected override IQueryable<Society> WithWork(PortalContext db) => db.Societies;

    protected override async Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken)
    {
        await society.GetRequiredService<Housekeeping>().DeleteWhatIsOldAsync(cancellationToken);
        return false;
    }
}
