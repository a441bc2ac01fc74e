using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Publication;

/// <summary>
/// Queues the mails of published months: one a person and month, to all their confirmed addresses, where they want mails of a kind that has
/// something of their own. A month's mails and the mark that they are queued are one commit, so that a kill in between neither loses nor doubles one.
/// </summary>
public sealed class NoticeMailing(PortalContext db, UnitOfWork work, BulkWrites bulk, NoticeHours hours, Visibility visibility, SharedAddresses shared, TimeProvider clock)
{
    private const int MailsAtOnce = 5000;

    /// <returns>False where no month was due.</returns>
    public async Task<bool> QueueNextAsync(CancellationToken cancellationToken)
    {
        var day = hours.DueDay(clock.GetUtcNow());
        return await work.CommitAsync(
            async () =>
            {
                await work.QueueUpAsync(NoticeComputation.Queue, cancellationToken);
                var due = await db.Publications.Where(p => p.State == PublicationState.Published && p.MailedAt == null && p.PublishOn <= day)
                    .OrderBy(p => p.Month).FirstOrDefaultAsync(cancellationToken);
                if (due is null)
                {
                    return false;
                }

                await QueueAsync(due, cancellationToken);
                due.MailedAt = clock.GetUtcNow();
                return true;
            },
            cancellationToken);
    }

    private async Task QueueAsync(NoticeVersion due, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var all = await RecipientsAsync(due, cancellationToken);
        var telling = await TellingAsync(due, cancellationToken);
        foreach (var recipients in all.Where(r => !telling.Contains((r.AccountId, r.Address))).Chunk(MailsAtOnce))
        {
            var mails = recipients.Select(recipient => new OutboxMail
            {
                SocietyId = db.SocietyId,
                Lane = MailLane.Notice,
                Template = NoticeMail.TemplateName,
                ToAddress = recipient.Address,
                AccountId = recipient.AccountId,
                SubjectId = due.Id,
                QueuedAt = now,
                NextAttemptAt = now,
            }).ToList();
            await bulk.InsertAsync(mails, cancellationToken);
        }
    }

    /// <summary>
    /// Who had a line in a version of the month whose mails went is told no second time, unless that version was taken back before theirs was sent. An address
    /// that failed for good gets none.
    /// </summary>
    private async Task<List<Recipient>> RecipientsAsync(NoticeVersion due, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(clock.GetUtcNow());
        var earliestLoss = today.AddMonths(-Members.Person.MonthsAfterLeaving);
        var (id, month) = (due.Id, due.Month);
        var superseded = db.Publications.Where(p => p.Month == month && p.Id != id && p.MailedAt != null && p.State == PublicationState.Superseded).Select(p => p.Id);
        var others = db.Publications.Where(p => p.Month == month && p.Id != id).Select(p => p.Id);
        var people = db.Persons.Where(p =>
            (p.LostOn == null || p.LostOn > earliestLoss)
            && ((p.MedicalCostMail && db.MedicalCostLines.Any(l => l.PersonId == p.Id && l.Month == month && l.PublicationId == id))
                || (p.GenericDrugMail && db.GenericDrugLines.Any(l => l.PersonId == p.Id && l.Month == month && l.PublicationId == id && l.Mark == null)))
            && !db.MedicalCostLines.Any(l => l.PersonId == p.Id && l.Month == month && superseded.Contains(l.PublicationId)));
        return await db.MemberAccounts.AsNoTracking()
            .Where(a => a.SuspendedAt == null && people.Any(p => p.Id == a.PersonId)
                && !db.OutboxMails.Any(m => m.AccountId == a.Id && m.Template == NoticeMail.TemplateName && m.SentAt != null && others.Any(o => o == m.SubjectId)))
            .Join(
                db.TrustedAddresses.Where(m => m.BouncedAt == null),
                account => account.Id,
                address => address.AccountId,
                (account, address) => new Recipient { AccountId = account.Id, Address = address.Address })
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// A mail tells that its owner has a notice of a kind of which they want mails. Where they hide all of that from the household, an address that somebody else of it has
    /// or had gets none (row Z10).
    /// </summary>
    private async Task<HashSet<(Guid AccountId, string Address)>> TellingAsync(NoticeVersion due, CancellationToken cancellationToken)
    {
        var (id, month) = (due.Id, due.Month);
        var hiding = await db.Persons
            .Where(p => (db.HiddenClaims.Any(h => h.PersonId == p.Id) || db.HiddenInstitutions.Any(h => h.PersonId == p.Id))
                && db.MedicalCostLines.Any(l => l.PersonId == p.Id && l.Month == month && l.PublicationId == id))
            .Select(p => new { p.Id, p.MedicalCostMail, p.GenericDrugMail }).ToListAsync(cancellationToken);
        if (hiding.Count == 0)
        {
            return [];
        }

        Guid[] people = [.. hiding.Select(p => p.Id)];
        var kept = await visibility.HidingAsync(people, cancellationToken);
        var costs = (await db.MedicalCostLines.AsNoTracking().Where(l => people.Contains(l.PersonId) && l.Month == month && l.PublicationId == id)
            .Select(l => new { l.PersonId, l.ClaimId }).ToListAsync(cancellationToken))
            .Where(l => kept.By(l.PersonId, id, l.ClaimId) is null).Select(l => l.PersonId).ToHashSet();
        var judged = (await NoticeQueries.JudgedDrugsAsync(db, people, MonthRange.Of(month), cancellationToken)).Where(d => d.Row.PublicationId == id);
        var thresholds = new Dictionary<Guid, GenericThresholds> { [id] = new(due.GenericLeastYen, due.GenericLeastDays) };
        var drugs = VisibleDrugs.Of(judged, row => kept.By(row.PersonId, id, row.ClaimId) is not null, thresholds).Select(row => row.PersonId).ToHashSet();
        Guid[] hidden = [.. hiding.Where(p => !(p.MedicalCostMail && costs.Contains(p.Id)) && !(p.GenericDrugMail && drugs.Contains(p.Id))).Select(p => p.Id)];
        return hidden.Length == 0 ? [] :
        [
            .. from exposure in await shared.OfAsync(hidden, isParted: false, cancellationToken)
               from address in exposure.Shared
               select (exposure.Account.Id, address.Address),
        ];
    }

    private sealed class Recipient
    {
        public Guid AccountId { get; init; }

        public string Address { get; init; } = "";
    }
}

/// <summary><see cref="NoticeMailing"/>, on the day of publication.</summary>
public sealed class NoticeMailJob(SocietyScopes scopes, JobLeases leases, NoticeHours hours, TimeProvider clock) : SocietyJob(scopes, leases)
{
    public override string Name => "notice-mails";

    public override TimeSpan Interval => TimeSpan.FromSeconds(30);

    protected override IQueryable<Society> WithWork(PortalContext db)
    {
        var day = hours.DueDay(clock.GetUtcNow());
        return db.Societies.Where(s => db.UnmailedNotices.Any(n => n.SocietyId == s.Id && n.PublishOn <= day));
    }

    protected override Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken) =>
        society.GetRequiredService<NoticeMailing>().QueueNextAsync(cancellationToken);
}
