using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Societies;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Mail;

/// <summary>
/// Drains one lane of the outbox. Each lane has its own job and connection, so that account mails do not queue behind 20,000 notices.
/// A relay that is down is asked with one mail a pause, and the others wait untouched.
/// </summary>
/// <param name="lane">Which mails.</param>
/// <param name="transport">The lane's own.</param>
/// <param name="scopes">Opens the scopes.</param>
/// <param name="clock">The time.</param>
public sealed class OutboxJob(MailLane lane, IMailTransport transport, SocietyScopes scopes, TimeProvider clock) : SocietyJob(scopes)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private long _pausedAt;
    private TimeSpan _pause;

    public override string Name => lane is MailLane.Account ? "outbox-accounts" : "outbox-notices";

    public override TimeSpan Interval => TimeSpan.FromSeconds(1);

    public override bool WakesWithBell => true;

    private bool IsPaused => _pause > TimeSpan.Zero && clock.GetElapsedTime(_pausedAt) < _pause;

    protected override IQueryable<Society> WithWork(PortalContext db)
    {
        var now = clock.GetUtcNow();
        return IsPaused
            ? db.Societies.Where(s => false)
            : db.Societies.Where(s => db.WaitingMails.Any(m => m.SocietyId == s.Id && m.Lane == lane && m.SentAt == null && m.FailedAt == null
                && m.NextAttemptAt <= now && (m.LeasedUntil == null || m.LeasedUntil <= now)));
    }

    protected override async Task<bool> RunAsync(IServiceProvider society, CancellationToken cancellationToken)
    {
        if (IsPaused)
        {
            return false;
        }

        var most = _pause > TimeSpan.Zero ? 1 : lane is MailLane.Account ? 20 : 50;
        var run = await society.GetRequiredService<Mailer>().SendDueAsync(lane, transport, most, cancellationToken);
        if (run.IsRelayDown)
        {
            _pause = _pause == TimeSpan.Zero ? FirstPause : _pause + _pause < LongestPause ? _pause + _pause : LongestPause;
            _pausedAt = clock.GetTimestamp();
        }
        else if (run.Handled > 0)
        {
            _pause = TimeSpan.Zero;
        }

        return run is { IsRelayDown: false, Handled: > 0 };
    }
}
