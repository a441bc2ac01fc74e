using System.Collections.Concurrent;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Societies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Core.Mail;

/// <summary>
/// Drains one lane of the outbox. Each lane has its own job and connection, so that account mails do not queue behind 20,000 notices.
/// A relay that is down is asked with one mail a pause, and the others wait untouched. One that refuses a society's mails (row M14) is asked likewise, and takes those of the
/// others meanwhile.
/// </summary>
/// <param name="lane">Which mails.</param>
/// <param name="transport">The lane's own.</param>
/// <param name="hours">When notice mails leave.</param>
/// <param name="scopes">Opens the scopes.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Where a refusing relay is named.</param>
public sealed partial class OutboxJob(
    MailLane lane, IMailTransport transport, NoticeHours hours, SocietyScopes scopes, TimeProvider clock, ILogger<OutboxJob> logger) : SocietyJob(scopes)
{
    private readonly Pause _down = new(clock);
    private readonly ConcurrentDictionary<Guid, Refusals> _refusals = new();

    public override string Name => lane is MailLane.Account ? "outbox-accounts" : "outbox-notices";

    public override TimeSpan Interval => TimeSpan.FromSeconds(1);

    public override bool WakesWithBell => true;

    protected override IQueryable<Society> WithWork(PortalContext db)
    {
        var now = clock.GetUtcNow();
        if (_down.IsOn || !hours.MayLeave(lane, now))
        {
            return db.Societies.Where(s => false);
        }

        var paused = _refusals.Where(r => r.Value.Pause.IsOn).Select(r => r.Key).ToArray();
        return db.Societies.Where(s => !paused.Contains(s.Id) && db.WaitingMails.Any(m => m.SocietyId == s.Id && m.Lane == lane && m.SentAt == null && m.FailedAt == null
            && m.NextAttemptAt <= now && (m.LeasedUntil == null || m.LeasedUntil <= now)));
    }

    protected override async Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken)
    {
        var own = society.GetRequiredService<CurrentSociety>().Society;
        var refusals = _refusals.GetOrAdd(own.Id, _ => new Refusals(new Pause(clock)));
        if (_down.IsOn || refusals.Pause.IsOn || !hours.MayLeave(lane, clock.GetUtcNow()))
        {
            return false;
        }

        var isTrying = _down.HasBegun || refusals.Pause.HasBegun;
        var most = isTrying ? 1 : lane is MailLane.Account ? 20 : 50;
        var mailer = society.GetRequiredService<Mailer>();
        var run = await mailer.SendDueAsync(lane, transport, most, refusals.InRow, cancellationToken);
        if (run.Relay == RelayState.Down)
        {
            Tell(_down, own.Key, run.Refusal);
            _down.Lengthen();
        }
        else if (run.Relay == RelayState.Refusing)
        {
            _down.End();
            Tell(refusals.Pause, own.Key, run.Refusal);
            refusals.Pause.Lengthen();
        }
        else if (run.Handled > 0)
        {
            _down.End();
            if (run.Taken > 0 && refusals.Pause.HasBegun)
            {
                refusals.Pause.End();
                LogTakesAgain(own.Key);
                await mailer.ReleaseRefusedAsync(cancellationToken);
            }
        }

        return run is { Relay: RelayState.Taking, Handled: > 0 } && !refusals.Pause.IsOn;
    }

    /// <summary>One line when it begins, not one a try.</summary>
    private void Tell(Pause pause, string society, string? refusal)
    {
        if (!pause.HasBegun && refusal is not null)
        {
            LogRefuses(society, refusal);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The mail relay refuses the mails of {Society} ({Reply}): they wait, and one is tried now and then")]
    private partial void LogRefuses(string society, string reply);

    [LoggerMessage(Level = LogLevel.Information, Message = "The mail relay takes the mails of {Society} again")]
    private partial void LogTakesAgain(string society);

    /// <summary>A society's mails that the relay refuses.</summary>
    private sealed record Refusals(Pause Pause)
    {
        public RefusedInRow InRow { get; } = new();
    }

    /// <summary>5 s, 10 s … up to a minute between two tries.</summary>
    private sealed class Pause(TimeProvider clock)
    {
        private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
        private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
        private long _since;
        private TimeSpan _length;

        /// <summary>It goes on until a mail was taken.</summary>
        public bool HasBegun => _length > TimeSpan.Zero;

        /// <summary>Nothing is tried now.</summary>
        public bool IsOn => HasBegun && clock.GetElapsedTime(_since) < _length;

        public void Lengthen()
        {
            _length = !HasBegun ? First : _length + _length < Longest ? _length + _length : Longest;
            _since = clock.GetTimestamp();
        }

        public void End() => _length = TimeSpan.Zero;
    }
}
