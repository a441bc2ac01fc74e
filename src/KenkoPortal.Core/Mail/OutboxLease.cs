using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Mail;

/// <summary>
/// Mails that one sender holds. The lease is short, so that after a crash they are free soon, and is renewed while a slow relay takes
/// its time. Its exact moment is its mark: no other holder has the same.
/// </summary>
public sealed class OutboxLease : IAsyncDisposable
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);
    private readonly SocietyScopes _scopes;
    private readonly Society _society;
    private readonly TimeProvider _clock;
    private readonly List<Guid> _mails;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _renewing;
    private DateTimeOffset _until;

    internal OutboxLease(SocietyScopes scopes, Society society, TimeProvider clock, List<Guid> mails, DateTimeOffset until)
    {
        (_scopes, _society, _clock, _mails, _until) = (scopes, society, clock, mails, until);
        _renewing = RenewAsync();
    }

    /// <summary>The end of a lease that begins now, with microseconds that tell its holder.</summary>
    internal static DateTimeOffset EndFrom(DateTimeOffset now)
    {
        var end = now + Length;
        var microseconds = System.Security.Cryptography.RandomNumberGenerator.GetInt32(1_000_000);
        return new DateTimeOffset(end.UtcTicks - (end.UtcTicks % TimeSpan.TicksPerSecond) + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    /// <summary>Frees what was not sent, for the next sender to take at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _renewing;
        _over.Dispose();
        try
        {
            await MoveAsync(null, CancellationToken.None);
        }
        catch (Exception exception) when (exception is InvalidOperationException || UnitOfWork.IsOfDatabase(exception))
        {
            // The database is gone: the lease runs out.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, _clock, _over.Token);
                var until = EndFrom(_clock.GetUtcNow());
                await MoveAsync(until, _over.Token);
                _until = until;
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception exception) when (exception is InvalidOperationException || UnitOfWork.IsOfDatabase(exception))
        {
            // As if this process had died: the mails go to whoever takes them next.
        }
    }

    private async Task MoveAsync(DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.Open(_society, actor => actor.IsJob("outbox"));
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        var held = db.OutboxMails.Where(m => _mails.Contains(m.Id) && m.LeasedUntil == _until);
        if (await held.AnyAsync(cancellationToken))
        {
            await scope.ServiceProvider.GetRequiredService<UnitOfWork>().CommitAsync(
                () => held.ExecuteUpdateAsync(set => set.SetProperty(m => m.LeasedUntil, until), cancellationToken), cancellationToken);
        }
    }
}
