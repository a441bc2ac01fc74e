using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>An ask that is to be answered.</summary>
/// <param name="Address">The plain address that the mail is for.</param>
/// <param name="AnswerTo">Where the mail goes.</param>
/// <param name="From">The moment from which the link's three hours count.</param>
public sealed record AskedMail(EmailAddress Address, EmailAddress AnswerTo, DateTimeOffset From)
{
    /// <summary>Not the addresses.</summary>
    public override string ToString() => "[asked mail]";
}

/// <summary>A feature that answers one kind of ask by queuing its mails in the running transaction.</summary>
public interface IAskAnswer
{
    AskPurpose Purpose { get; }

    /// <returns>Whether there was anybody to write to.</returns>
    Task<bool> AnswerAsync(AskedMail asked, CancellationToken cancellationToken);

    /// <summary>Queues the mail that leads to the web form.</summary>
    void LeadToForm(AskedMail asked);

    /// <summary>Whether whoever the mail is for has a link that lives.</summary>
    Task<bool> HasLivingAsync(EmailAddress address, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Queues the mails of the living links once more, unless they are still on their way.</summary>
    Task SendAgainAsync(AskedMail asked, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Whether one of the devices logged in to an account of the address.</summary>
    Task<bool> IsOwnersAsync(EmailAddress address, IReadOnlyCollection<Guid> devices, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>
/// Decides the asks that wait. Machines get no answer. One canonical address gets three new links an hour and ten a day for a purpose; beyond that the link that lives is sent again, once an
/// hour (rows M3, A17). Past the society's cap of an hour asks wait and are answered in order (row M12). What is refused is counted.
/// </summary>
public sealed class AskDecisions(
    PortalContext db, UnitOfWork work, AuditTrail audit, Outbox outbox, AskCaps caps, IEnumerable<IAskAnswer> answers, TimeProvider clock)
{
    private const int BatchSize = 50;

    /// <summary>How the event of an alarm says what it is about.</summary>
    private const string Alarm = "asks-wait";

    private static readonly (AskPurpose Purpose, AskWay Way)[] Lines =
        [(AskPurpose.Registration, AskWay.Form), (AskPurpose.Registration, AskWay.Mail), (AskPurpose.Reissue, AskWay.Form)];

    /// <returns>How many were decided, or began to wait.</returns>
    public Task<int> DecideAsync(CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.QueueUpAsync("asks", cancellationToken);
            var now = clock.GetUtcNow();
            var fresh = await db.MailAsks.Where(a => a.DecidedAt == null && a.WaitsSince == null).OrderBy(a => a.AskedAt).ThenBy(a => a.Id)
                .Take(BatchSize).ToListAsync(cancellationToken);
            var turn = await TurnAsync(now, cancellationToken);
            var late = await LateAsync(turn, cancellationToken);
            if (fresh.Count + late.Count == 0)
            {
                return 0;
            }

            await turn.CountAsync(db, [.. late, .. fresh], cancellationToken);
            foreach (var ask in late)
            {
                await TryDecideAsync(ask, turn, isLate: true, cancellationToken);
            }

            foreach (var ask in fresh)
            {
                await TryDecideAsync(ask, turn, isLate: false, cancellationToken);
            }

            Tell(turn, [.. late, .. fresh]);
            if (fresh.Exists(a => a.WaitsSince is not null && a.DecidedAt is null))
            {
                await AlarmAsync(now, cancellationToken);
            }

            return fresh.Count + late.Count(a => a.DecidedAt is not null);
        },
        cancellationToken);

    private async Task TryDecideAsync(MailAsk ask, Turn turn, bool isLate, CancellationToken cancellationToken)
    {
        if (await DecideAsync(ask, turn, isLate, cancellationToken) is { } decision)
        {
            turn.Add(ask, decision);
            ask.Decide(decision, turn.Now);
        }
        else
        {
            turn.Wait(ask);
        }
    }

    /// <returns>Null where it waits, or goes on waiting.</returns>
    private async Task<AskDecision?> DecideAsync(MailAsk ask, Turn turn, bool isLate, CancellationToken cancellationToken)
    {
        if (ask.ByMachine || !EmailAddress.TryParse(ask.Address, out var address))
        {
            return AskDecision.SentByMachine;
        }

        if (isLate && turn.Now - ask.WaitsSince >= MailAsk.LongestWait)
        {
            return AskDecision.WaitedTooLong;
        }

        var answer = answers.Single(a => a.Purpose == ask.Purpose);
        if (ask.DeviceIds is { Count: > 0 } devices && !ask.IsOwners && await answer.IsOwnersAsync(address, devices, turn.Now, cancellationToken))
        {
            ask.CountAsOwners();
        }

        var wanted = await JudgeAsync(ask, address, answer, turn, cancellationToken);
        if (!AskCaps.Sent.Contains(wanted))
        {
            return wanted;
        }

        if (!(isLate ? turn.HasRoomForLate(ask) : turn.HasRoom(ask)))
        {
            return !isLate && turn.WaitsAlready(ask) ? AskDecision.WaitsAlready : null;
        }

        var asked = new AskedMail(address, EmailAddress.TryParse(ask.AnswerTo, out var to) ? to : address, ask.LinkFrom(turn.Now));
        switch (wanted)
        {
            case AskDecision.LedToForm:
                answer.LeadToForm(asked);
                return wanted;
            case AskDecision.SentAgain:
                await answer.SendAgainAsync(asked, turn.Now, cancellationToken);
                return wanted;
            default:
                return await answer.AnswerAsync(asked, cancellationToken) ? wanted : AskDecision.NobodyKnown;
        }
    }

    /// <summary>What the address's own counts allow.</summary>
    private async Task<AskDecision> JudgeAsync(MailAsk ask, EmailAddress address, IAskAnswer answer, Turn turn, CancellationToken cancellationToken)
    {
        // Mails that lead to the form count apart: their envelope sender can be forged, and the owner's own ask must not suffer.
        var links = ask.LeadsToForm ? turn.Of(ask, AskDecision.LedToForm) : turn.Of(ask, AskDecision.Answered, AskDecision.AnsweredOtherwise);
        var isFull = links.Day >= MailAsk.MostPerDay || links.Hour >= MailAsk.MostPerHour;
        if (ask.LeadsToForm)
        {
            return isFull ? AskDecision.TooMany : AskDecision.LedToForm;
        }

        var isCanonical = address.Folded == address.Canonical;
        var answered = isCanonical ? AskDecision.Answered : AskDecision.AnsweredOtherwise;
        if (links.Day < MailAsk.MostWhileOneLives)
        {
            return answered;
        }

        // What this turn answered is looked for as well.
        await db.SaveChangesAsync(cancellationToken);
        if (!await answer.HasLivingAsync(address, turn.Now, cancellationToken))
        {
            return !isFull || (isCanonical && HasOwnLeft(turn.Of(ask, AskDecision.Answered))) ? answered : AskDecision.TooMany;
        }

        // An empty mail's sender may be forged: whoever did not ask gets no more than the day's ten.
        var again = turn.Of(ask, AskDecision.SentAgain);
        return again.Hour == 0 && (ask.Way is AskWay.Form || links.Day + again.Day < MailAsk.MostPerDay) ? AskDecision.SentAgain : AskDecision.TooMany;
    }

    /// <summary>A stranger's spellings can use up the address's count. The owner, who asks for the canonical one, gets a link all the same.</summary>
    private static bool HasOwnLeft((int Hour, int Day) own) => own.Hour == 0 && own.Day < MailAsk.OwnPerDay;

    /// <summary>The asks that waited and have room now, in order, each line at its hour's pace.</summary>
    private async Task<List<MailAsk>> LateAsync(Turn turn, CancellationToken cancellationToken)
    {
        var (late, outdated) = (new List<MailAsk>(), turn.Now - MailAsk.LongestWait);
        foreach (var (purpose, way) in Lines.Where(turn.IsWaitedIn))
        {
            var room = Math.Min(BatchSize, turn.RoomForLate((purpose, way)));
            var line = db.MailAsks.Where(a => a.DecidedAt == null && a.WaitsSince != null && a.Purpose == purpose && a.Way == way);
            late.AddRange(await line.Where(a => a.WaitsSince <= outdated).OrderBy(a => a.AskedAt).ThenBy(a => a.Id).Take(BatchSize).ToListAsync(cancellationToken));
            late.AddRange(room <= 0 ? [] : await line.Where(a => a.WaitsSince > outdated).OrderBy(a => a.AskedAt).ThenBy(a => a.Id).Take(room).ToListAsync(cancellationToken));
        }

        return late;
    }

    /// <summary>Read once a batch; what the batch itself decides is added as it goes.</summary>
    private async Task<Turn> TurnAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (hourAgo, minuteAgo) = (now.AddHours(-1), now.AddMinutes(-1));
        var sent = await db.MailAsks.AsNoTracking().Where(a => a.DecidedAt > hourAgo && AskCaps.Sent.Contains(a.Decision))
            .GroupBy(a => new { a.Purpose, a.Way })
            .Select(g => new { g.Key, Hour = g.Count(), Minute = g.Count(a => a.DecidedAt > minuteAgo) }).ToListAsync(cancellationToken);
        var waiting = new HashSet<(AskPurpose, AskWay)>();
        foreach (var (purpose, way) in Lines)
        {
            if (await db.MailAsks.AnyAsync(a => a.DecidedAt == null && a.WaitsSince != null && a.Purpose == purpose && a.Way == way, cancellationToken))
            {
                waiting.Add((purpose, way));
            }
        }

        var cap = await caps.CapAsync(sent.Count == 0 ? 0 : sent.Max(s => s.Hour), cancellationToken);
        return new Turn(now, cap, waiting, sent.ToDictionary(s => (s.Key.Purpose, s.Key.Way), s => (s.Hour, s.Minute)));
    }

    /// <summary>An event for each ask that brought a mail; of the others their number (row M12).</summary>
    private void Tell(Turn turn, List<MailAsk> asks)
    {
        foreach (var ask in asks.Where(a => a.DecidedAt is not null && AskCaps.Sent.Contains(a.Decision)))
        {
            audit.Add(AuditKind.AskDecided, ask.Id, $"purpose={ask.Purpose} by={ask.Way} decision={ask.Decision}");
        }

        var refused = asks.Where(a => a.DecidedAt is not null && !AskCaps.Sent.Contains(a.Decision)).GroupBy(a => (a.Purpose, a.Way, a.Decision));
        foreach (var group in refused)
        {
            audit.Count(AuditKind.AsksRefused, $"purpose={group.Key.Purpose} by={group.Key.Way} decision={group.Key.Decision}", group.Count());
        }
    }

    /// <summary>Once an hour, however many wait.</summary>
    private async Task AlarmAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await audit.WasAddedAsync(AuditKind.StaffAlarmed, db.SocietyId, Alarm, now.AddHours(-1), cancellationToken))
        {
            return;
        }

        audit.Add(AuditKind.StaffAlarmed, db.SocietyId, Alarm);
        if (db.Current.Society.StaffMail is { Length: > 0 } staff)
        {
            outbox.Queue(AsksWaitMail.TemplateName, staff);
        }
    }

    /// <summary>What one turn knows: the room of each line, and what was decided within a day for the addresses that it decides on.</summary>
    private sealed class Turn(
        DateTimeOffset now, int cap, HashSet<(AskPurpose Purpose, AskWay Way)> waiting, Dictionary<(AskPurpose Purpose, AskWay Way), (int Hour, int Minute)> sent)
    {
        private const int MinutesPerHour = 60;
        private readonly Dictionary<(AskPurpose, string, bool), List<(DateTimeOffset At, AskDecision Decision)>> _byAddress = [];
        private readonly HashSet<(AskPurpose, AskWay, bool, string, string)> _addressesWaiting = [];

        public DateTimeOffset Now => now;

        public async Task CountAsync(PortalContext db, List<MailAsk> asks, CancellationToken cancellationToken)
        {
            var dayAgo = now.AddDays(-1);
            var macs = asks.Select(a => a.CanonicalMac).ToList();
            foreach (var ask in await db.MailAsks.AsNoTracking()
                .Where(a => macs.Contains(a.CanonicalMac) && ((a.DecidedAt > dayAgo && AskCaps.Sent.Contains(a.Decision)) || (a.DecidedAt == null && a.WaitsSince != null)))
                .ToListAsync(cancellationToken))
            {
                if (ask.DecidedAt is { } at)
                {
                    TimesOf(ask).Add((at, ask.Decision));
                }
                else
                {
                    _addressesWaiting.Add(AddressOf(ask));
                }
            }
        }

        public bool IsWaitedIn((AskPurpose, AskWay) line) => waiting.Contains(line);

        /// <summary>Who comes anew goes behind those who wait.</summary>
        public bool HasRoom(MailAsk ask) => !waiting.Contains(LineOf(ask)) && sent.GetValueOrDefault(LineOf(ask)).Hour < cap;

        public bool HasRoomForLate(MailAsk ask) => RoomForLate(LineOf(ask)) > 0;

        public int RoomForLate((AskPurpose, AskWay) line)
        {
            var (hour, minute) = sent.GetValueOrDefault(line);
            return Math.Min(cap - hour, Math.Max(1, cap / MinutesPerHour) - minute);
        }

        public bool WaitsAlready(MailAsk ask) => _addressesWaiting.Contains(AddressOf(ask));

        public (int Hour, int Day) Of(MailAsk ask, params ReadOnlySpan<AskDecision> decisions)
        {
            var (hour, day, hourAgo) = (0, 0, now.AddHours(-1));
            foreach (var (at, decision) in TimesOf(ask))
            {
                if (decisions.Contains(decision))
                {
                    day++;
                    hour += at > hourAgo ? 1 : 0;
                }
            }

            return (hour, day);
        }

        public void Add(MailAsk ask, AskDecision decision)
        {
            if (AskCaps.Sent.Contains(decision))
            {
                var (hour, minute) = sent.GetValueOrDefault(LineOf(ask));
                sent[LineOf(ask)] = (hour + 1, minute + 1);
                TimesOf(ask).Add((now, decision));
            }
        }

        public void Wait(MailAsk ask)
        {
            ask.Wait(now);
            waiting.Add(LineOf(ask));
            _addressesWaiting.Add(AddressOf(ask));
        }

        private List<(DateTimeOffset At, AskDecision Decision)> TimesOf(MailAsk ask)
        {
            var key = (ask.Purpose, Convert.ToHexString(ask.CanonicalMac), ask.IsOwners);
            if (!_byAddress.TryGetValue(key, out var times))
            {
                _byAddress.Add(key, times = []);
            }

            return times;
        }

        private static (AskPurpose, AskWay) LineOf(MailAsk ask) => (ask.Purpose, ask.Way);

        /// <summary>
        /// The address itself and not its canonical form: an ask with another spelling or tag, by forged mail or from a strange device must not keep the owner's from waiting.
        /// </summary>
        private static (AskPurpose, AskWay, bool, string, string) AddressOf(MailAsk ask) =>
            (ask.Purpose, ask.Way, ask.IsOwners, (ask.Address ?? "").ToLowerInvariant(), (ask.AnswerTo ?? "").ToLowerInvariant());
    }
}
