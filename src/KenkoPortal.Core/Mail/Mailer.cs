using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Core.Mail;

/// <summary>How the relay stands towards a society's mails.</summary>
public enum RelayState
{
    /// <summary>It takes them.</summary>
    Taking,

    /// <summary>Everything but one's own mail is at fault: no connection, a relay that is busy, a login or certificate that is refused.</summary>
    Down,

    /// <summary>It is there and refuses us: by policy for several recipients in a row, or our sender address (row M14).</summary>
    Refusing,
}

/// <summary>What one turn of the mailer came to.</summary>
/// <param name="Handled">Mails that were sent, deferred or given up.</param>
/// <param name="Relay">How the relay stands at its end.</param>
/// <param name="Taken">Mails that the relay took.</param>
/// <param name="Refusal">Its last words where it is refusing: code and status.</param>
public sealed record MailerRun(int Handled, RelayState Relay, int Taken = 0, string? Refusal = null);

/// <summary>Recipients whom the relay refused in a row, without taking a mail in between. Several are its trouble and not theirs.</summary>
public sealed class RefusedInRow
{
    /// <summary>So many different recipients in a row.</summary>
    public const int Several = 3;

    private readonly HashSet<string> _recipients = new(StringComparer.OrdinalIgnoreCase);

    public bool AreSeveral => _recipients.Count >= Several;

    public void Add(string recipient) => _recipients.Add(recipient);

    public void Clear() => _recipients.Clear();
}

/// <summary>
/// Sends the due mails of the current society: holds a few, writes each at the last moment, hands it over and marks it, one by one.
/// A crash in between sends that one again, with the same Message-ID and link: at least once.
/// </summary>
public sealed partial class Mailer(
    PortalContext db,
    UnitOfWork work,
    IEnumerable<IMailTemplate> templates,
    IMailRecipients recipients,
    ReturnPaths returnPaths,
    SendingTurn turn,
    NoticeHours hours,
    SocietyScopes scopes,
    TimeProvider clock,
    ILogger<Mailer> logger)
{
    /// <summary>A stop lets the mail that is on the wire end; otherwise it would go twice.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MarkRetry = TimeSpan.FromSeconds(1);

    /// <summary>A mail that the relay refuses while it takes others is refused so often before it is given up.</summary>
    private const int MostRefusals = 3;

    /// <summary>Handles at most so many mails of the lane that are due.</summary>
    /// <param name="lane">Which mails.</param>
    /// <param name="transport">The way out.</param>
    /// <param name="most">How many.</param>
    /// <param name="refused">Who was refused in a row, kept from turn to turn by the caller.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<MailerRun> SendDueAsync(MailLane lane, IMailTransport transport, int most, RefusedInRow refused, CancellationToken cancellationToken)
    {
        var (mails, until) = await work.CommitAsync(() => HoldAsync(lane, most, cancellationToken), cancellationToken);
        if (mails.Count == 0)
        {
            return new MailerRun(0, RelayState.Taking);
        }

        await using var lease = new OutboxLease(scopes, db.Current.Society, clock, mails.ConvertAll(m => m.Id), until);
        using var stop = new CancellationTokenSource();
        await using var stopping = cancellationToken.Register(() => stop.CancelAfter(StopPatience));
        var (handled, taken) = (0, 0);
        foreach (var mail in mails)
        {
            if (cancellationToken.IsCancellationRequested || !hours.MayLeave(lane, clock.GetUtcNow()))
            {
                break;
            }

            var result = await HandleAsync(mail, lane, transport, cancellationToken, stop.Token);
            handled++;
            if (result is DeliveryResult.Sent)
            {
                taken++;
                refused.Clear();
            }
            else if (IsRelayDown(result))
            {
                return new MailerRun(handled, RelayState.Down, taken, RefusalIn(result));
            }
            else if (RefusalIn(result) is { } refusal)
            {
                refused.Add(mail.ToAddress);
                if (result is DeliveryResult.Deferred || refused.AreSeveral)
                {
                    return new MailerRun(handled, RelayState.Refusing, taken, refusal);
                }
            }
        }

        return new MailerRun(handled, RelayState.Taking, taken);
    }

    /// <summary>The relay takes mails again: those that it refused go at once, and their refusals are forgotten.</summary>
    public Task ReleaseRefusedAsync(CancellationToken cancellationToken) => work.CommitAsync(
        () =>
        {
            var now = clock.GetUtcNow();
            return Free(now).Where(m => m.RefusedAt != null).ExecuteUpdateAsync(
                set => set.SetProperty(m => m.RefusedAt, (DateTimeOffset?)null).SetProperty(m => m.NextAttemptAt, now).SetProperty(m => m.Attempts, 0), cancellationToken);
        },
        cancellationToken);

    private static bool IsRelayDown(DeliveryResult? result) => result is DeliveryResult.Deferred
    {
        Step: DeliveryStep.Connect or DeliveryStep.Greeting or DeliveryStep.Tls or DeliveryStep.Login or DeliveryStep.Folder,
    }
        or DeliveryResult.Deferred { Code: 0 or 421 };

    private static string? RefusalIn(DeliveryResult? result) => result switch
    {
        DeliveryResult.Rejected { MayBeOfRelay: true } rejected => rejected.Reply,
        DeliveryResult.Deferred { IsRefusal: true } deferred => deferred.Reply,
        _ => null,
    };

    private IQueryable<OutboxMail> Free(DateTimeOffset now) => db.OutboxMails.Where(m =>
        m.SentAt == null && m.FailedAt == null && (m.LeasedUntil == null || m.LeasedUntil <= now));

    private async Task<(List<OutboxMail> Mails, DateTimeOffset Until)> HoldAsync(MailLane lane, int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var until = OutboxLease.EndFrom(now);
        // A queue that stood for long may hold thousands of dead links: they go in one statement and not through the sender.
        await Free(now).Where(m => m.Lane == lane && m.NextAttemptAt <= now && m.ExpiresAt <= now)
            .ExecuteUpdateAsync(
                set => set.SetProperty(m => m.FailedAt, now).SetProperty(m => m.NotSent, NotSentReason.Expired).SetProperty(m => m.RefusedAt, (DateTimeOffset?)null), cancellationToken);
        var ids = await Free(now).Where(m => m.Lane == lane && m.NextAttemptAt <= now)
            .OrderBy(m => m.NextAttemptAt).ThenBy(m => m.Id).Select(m => m.Id).Take(most).ToListAsync(cancellationToken);
        // PostgreSQL judges the condition again after waiting for another sender's row lock.
        await Free(now).Where(m => ids.Contains(m.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.LeasedUntil, until), cancellationToken);
        var held = await db.OutboxMails.AsNoTracking().Where(m => ids.Contains(m.Id) && m.LeasedUntil == until)
            .OrderBy(m => m.NextAttemptAt).ThenBy(m => m.Id).ToListAsync(cancellationToken);
        return (held, until);
    }

    private async Task<DeliveryResult?> HandleAsync(
        OutboxMail mail, MailLane lane, IMailTransport transport, CancellationToken cancellationToken, CancellationToken sending)
    {
        MailMessage? message;
        NotSentReason reason;
        try
        {
            (message, reason) = await WriteAsync(mail, cancellationToken);
        }
        catch (Exception exception) when (!UnitOfWork.IsOfDatabase(exception) && !cancellationToken.IsCancellationRequested)
        {
            // A fault in a template must not stop the mails behind it.
            LogFault(mail.Id, mail.Template, exception.GetType().Name);
            await MarkAsync(mail.Id, DeferOrGiveUp, sending);
            return null;
        }

        return await turn.TakeAsync(
            lane,
            async () =>
            {
                // The wait for the turn may have outlived the link.
                if (message is null || mail.ExpiresAt <= clock.GetUtcNow())
                {
                    await MarkAsync(mail.Id, (m, now) => m.MarkFailed(message is null ? reason : NotSentReason.Expired, reply: null, now), sending);
                    return null;
                }

                var result = await DeliverAsync(mail, message, transport, sending);
                await KeepResultAsync(mail, result, sending);
                return result;
            },
            cancellationToken);
    }

    /// <returns>The message; null with the reason where it must not go.</returns>
    private async Task<(MailMessage? Message, NotSentReason Reason)> WriteAsync(OutboxMail mail, CancellationToken cancellationToken)
    {
        var society = db.Current.Society;
        var template = templates.SingleOrDefault(t => t.Name == mail.Template);
        if (template is null || !EmailAddress.TryParseSetting(mail.ToAddress, out var to))
        {
            LogUnwritable(mail.Id, mail.Template);
            return (null, NotSentReason.Unwritable);
        }

        if (mail.ExpiresAt <= clock.GetUtcNow())
        {
            return (null, NotSentReason.Expired);
        }

        if (!await recipients.MayReceiveAsync(mail, cancellationToken) || await template.WriteAsync(mail, society, cancellationToken) is not { } text)
        {
            return (null, NotSentReason.NothingToSay);
        }

        var from = EmailAddress.Parse(society.MailFrom);
        var returnPath = society.BounceDomain is { } bounces && EmailAddress.TryParseSetting(returnPaths.For(mail.Id, bounces), out var own) ? own : from;
        // Date and Message-ID come from the row: each try sends the same bytes.
        return (new MailMessage(
            returnPath, from, society.Name, to, text.Subject, text.Body, $"{mail.Id:N}@{from.Domain}", mail.QueuedAt.ToOffset(JapanTime.Offset)), default);
    }

    private async Task<DeliveryResult> DeliverAsync(OutboxMail mail, MailMessage message, IMailTransport transport, CancellationToken sending)
    {
        try
        {
            return await transport.SendAsync(message, sending);
        }
        catch (ArgumentException)
        {
            LogUnwritable(mail.Id, mail.Template);
            return new DeliveryResult.Rejected(DeliveryStep.Data, 0, null);
        }
        catch (Exception exception) when (!sending.IsCancellationRequested)
        {
            LogFault(mail.Id, mail.Template, exception.GetType().Name);
            return new DeliveryResult.Deferred(DeliveryStep.Data, 0, null);
        }
    }

    private async Task KeepResultAsync(OutboxMail mail, DeliveryResult result, CancellationToken sending)
    {
        switch (result)
        {
            case DeliveryResult.Sent:
                await MarkAsync(mail.Id, (m, now) => m.MarkSent(now), sending);
                break;
            case DeliveryResult.Rejected rejected:
                await RejectAsync(mail, rejected, sending);
                break;
            case DeliveryResult.Deferred deferred:
                LogDeferred(mail.Id, deferred.Step, deferred.Code, deferred.Status ?? "-", mail.Attempts + 1);
                await MarkAsync(mail.Id, (m, now) => DeferOrGiveUp(m, deferred.IsRefusal ? deferred.Reply : null, now), sending);
                break;
        }
    }

    private async Task RejectAsync(OutboxMail mail, DeliveryResult.Rejected rejected, CancellationToken sending)
    {
        if (!rejected.MayBeOfRelay)
        {
            LogRejected(mail.Id, rejected.Step, rejected.Code, rejected.Status ?? "-");
            await MarkAsync(mail.Id, (m, now) => Reject(m, rejected, now), sending);
        }
        else if (mail.Attempts + 1 >= MostRefusals && mail.RefusedAt is { } since && await db.OutboxMails.AnyAsync(m => m.SentAt >= since, sending))
        {
            // The relay takes others meanwhile: it is this one that it does not want.
            LogRejected(mail.Id, rejected.Step, rejected.Code, rejected.Status ?? "-");
            await MarkAsync(mail.Id, (m, now) => m.MarkFailed(NotSentReason.Refused, rejected.Reply, now), sending);
        }
        else
        {
            LogDeferred(mail.Id, rejected.Step, rejected.Code, rejected.Status ?? "-", mail.Attempts + 1);
            await MarkAsync(mail.Id, (m, now) => DeferOrGiveUp(m, rejected.Reply, now), sending);
        }
    }

    private void Reject(OutboxMail mail, DeliveryResult.Rejected rejected, DateTimeOffset now)
    {
        var reason = rejected.IsAddressDead ? NotSentReason.AddressRefused : rejected.Code == 0 ? NotSentReason.Unwritable : NotSentReason.Refused;
        mail.MarkFailed(reason, rejected.Code == 0 ? null : rejected.Reply, now);
        if (rejected.IsAddressDead && mail.AccountId is not null)
        {
            // Counted as a bounce that came back, once a mail.
            db.BounceReports.Add(new BounceReport
            {
                SocietyId = db.SocietyId,
                MailId = mail.Id,
                IsHard = true,
                Status = rejected.Status,
                Domain = EmailAddress.Parse(mail.ToAddress).Domain,
                ReceivedAt = now,
            });
        }
    }

    private void DeferOrGiveUp(OutboxMail mail, DateTimeOffset now) => DeferOrGiveUp(mail, refusal: null, now);

    private void DeferOrGiveUp(OutboxMail mail, string? refusal, DateTimeOffset now)
    {
        if (mail.HasWaitedLongestAt(now))
        {
            LogGivenUp(mail.Id);
            mail.MarkFailed(NotSentReason.GivenUp, refusal, now);
        }
        else if (refusal is not null)
        {
            mail.Refuse(refusal, now);
        }
        else
        {
            mail.Defer(now);
        }
    }

    /// <summary>What the relay took must be marked, or it goes again: a database that is gone is waited for.</summary>
    private async Task MarkAsync(Guid id, Action<OutboxMail, DateTimeOffset> mark, CancellationToken sending)
    {
        while (true)
        {
            try
            {
                await work.CommitAsync(
                    async () =>
                    {
                        if (await db.OutboxMails.SingleOrDefaultAsync(m => m.Id == id, sending) is { IsWaiting: true } mail)
                        {
                            mark(mail, clock.GetUtcNow());
                        }
                    },
                    sending);
                return;
            }
            catch (Exception exception) when (UnitOfWork.IsOfDatabase(exception))
            {
                LogNotMarked(id, exception.GetType().Name);
                await Task.Delay(MarkRetry, clock, sending);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Mail {Mail} of template {Template} cannot be written")]
    private partial void LogUnwritable(Guid mail, string template);

    [LoggerMessage(Level = LogLevel.Error, Message = "Mail {Mail} of template {Template} failed ({Error})")]
    private partial void LogFault(Guid mail, string template, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Mail} was refused for good at {Step}: {Code} {Status}")]
    private partial void LogRejected(Guid mail, DeliveryStep step, int code, string status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Mail} was deferred at {Step}: {Code} {Status}, try {Attempts}")]
    private partial void LogDeferred(Guid mail, DeliveryStep step, int code, string status, int attempts);

    [LoggerMessage(Level = LogLevel.Error, Message = "Mail {Mail} is given up")]
    private partial void LogGivenUp(Guid mail);

    [LoggerMessage(Level = LogLevel.Error, Message = "Mail {Mail} could not be marked ({Error}); trying again")]
    private partial void LogNotMarked(Guid mail, string error);
}
