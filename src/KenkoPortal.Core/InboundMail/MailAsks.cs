using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.InboundMail;

/// <summary>Writes down that somebody asked for a mail: the same row in the same time for every address.</summary>
public sealed class MailAsks(PortalContext db, UnitOfWork work, AuditTrail audit, PortalKeys keys, TimeProvider clock)
{
    /// <summary>An ask from a page.</summary>
    /// <returns>The moment from which the mail's three hours count.</returns>
    public Task<DateTimeOffset> AskAsync(AskPurpose purpose, EmailAddress address, CancellationToken cancellationToken) => work.CommitAsync(
        () => Task.FromResult(Add(purpose, address, byMachine: false)),
        cancellationToken);

    /// <summary>Adds the ask to the running transaction.</summary>
    /// <param name="address">Null for the null sender of a bounce: it is only written down.</param>
    public DateTimeOffset Add(AskPurpose purpose, EmailAddress? address, bool byMachine)
    {
        var mac = keys.Mac(KeyPurpose.CanonicalAddress, address?.Canonical ?? "");
        var ask = MailAsk.For(db.SocietyId, purpose, address?.Value, mac, byMachine, clock.GetUtcNow());
        db.MailAsks.Add(ask);
        audit.Add(AuditKind.MailAsked, ask.Id, $"purpose={purpose}");
        return ask.AskedAt;
    }
}

/// <summary>A feature that answers one kind of ask by queuing its mails in the running transaction.</summary>
public interface IAskAnswer
{
    AskPurpose Purpose { get; }

    /// <returns>Whether there was anybody to write to.</returns>
    Task<bool> AnswerAsync(EmailAddress address, DateTimeOffset askedAt, CancellationToken cancellationToken);
}

/// <summary>
/// Decides the asks that wait: machines get no answer, and nobody gets more than three an hour and ten a day, counted for one
/// canonical address and purpose over every way in (row M3).
/// </summary>
public sealed class AskDecisions(PortalContext db, UnitOfWork work, AuditTrail audit, IEnumerable<IAskAnswer> answers, TimeProvider clock)
{
    private const int BatchSize = 50;

    /// <returns>How many were decided.</returns>
    public Task<int> DecideAsync(CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync("asks", cancellationToken);
            var now = clock.GetUtcNow();
            var waiting = await db.MailAsks.Where(a => a.DecidedAt == null).OrderBy(a => a.AskedAt).ThenBy(a => a.Id)
                .Take(BatchSize).ToListAsync(cancellationToken);
            if (waiting.Count == 0)
            {
                return 0;
            }

            var count = await CountAsync(waiting, now, cancellationToken);
            foreach (var ask in waiting)
            {
                var decision = await DecideAsync(ask, count, cancellationToken);
                if (decision is AskDecision.Answered)
                {
                    count.Add(ask);
                }

                ask.Decide(decision, now);
                audit.Add(AuditKind.AskDecided, ask.Id, $"purpose={ask.Purpose} decision={decision}");
            }

            return waiting.Count;
        },
        cancellationToken);

    private async Task<AskDecision> DecideAsync(MailAsk ask, AnsweredAsks count, CancellationToken cancellationToken)
    {
        if (ask.ByMachine || !EmailAddress.TryParse(ask.Address, out var address))
        {
            return AskDecision.SentByMachine;
        }

        if (count.IsFull(ask, db.Current.Society.MailAsksPerHour))
        {
            return AskDecision.TooMany;
        }

        var answer = answers.Single(a => a.Purpose == ask.Purpose);
        return await answer.AnswerAsync(address, ask.AskedAt, cancellationToken) ? AskDecision.Answered : AskDecision.NobodyKnown;
    }

    /// <summary>Read once a batch; what the batch itself answers is added as it goes.</summary>
    private async Task<AnsweredAsks> CountAsync(List<MailAsk> waiting, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (hourAgo, dayAgo) = (now.AddHours(-1), now.AddDays(-1));
        var answered = db.MailAsks.AsNoTracking().Where(a => a.Decision == AskDecision.Answered);
        var macs = waiting.Select(a => a.CanonicalMac).ToList();
        var ofAddresses = await answered.Where(a => a.AskedAt > dayAgo && macs.Contains(a.CanonicalMac)).ToListAsync(cancellationToken);
        var inHour = await answered.Where(a => a.AskedAt > hourAgo).GroupBy(a => a.Purpose).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        return new AnsweredAsks(hourAgo, inHour.ToDictionary(p => p.Key, p => p.Count), ofAddresses);
    }

    /// <summary>
    /// The asks that were answered within a day for some addresses, and within an hour in all: each purpose by itself, so that whoever fills the cap of registrations leaves the reissue open (row A10).
    /// </summary>
    private sealed class AnsweredAsks(DateTimeOffset hourAgo, Dictionary<AskPurpose, int> inHour, IEnumerable<MailAsk> ofAddresses)
    {
        private readonly Dictionary<(AskPurpose, string), List<DateTimeOffset>> _byAddress = ofAddresses
            .GroupBy(KeyOf).ToDictionary(g => g.Key, g => g.Select(a => a.AskedAt).ToList());

        public bool IsFull(MailAsk ask, int societyPerHour) => inHour.GetValueOrDefault(ask.Purpose) >= societyPerHour
            || (_byAddress.TryGetValue(KeyOf(ask), out var times)
                && (times.Count >= MailAsk.MostPerDay || times.Count(at => at > hourAgo) >= MailAsk.MostPerHour));

        public void Add(MailAsk ask)
        {
            inHour[ask.Purpose] = inHour.GetValueOrDefault(ask.Purpose) + (ask.AskedAt > hourAgo ? 1 : 0);
            if (!_byAddress.TryGetValue(KeyOf(ask), out var times))
            {
                _byAddress.Add(KeyOf(ask), times = []);
            }

            times.Add(ask.AskedAt);
        }

        private static (AskPurpose Purpose, string Address) KeyOf(MailAsk ask) => (ask.Purpose, Convert.ToHexString(ask.CanonicalMac));
    }
}
