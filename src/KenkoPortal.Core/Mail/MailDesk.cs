using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Mail;

/// <summary>Where a mail stands, for staff.</summary>
public enum MailState
{
    Waiting,
    Sent,

    /// <summary>不達: it came back, or the relay knew no such mailbox.</summary>
    Undelivered,
    NotSent,
}

/// <summary>Which mails are asked for; null is all.</summary>
/// <param name="Day">The day (Tokyo) on which they were queued.</param>
/// <param name="Lane">Mails of accounts or of notices.</param>
/// <param name="State">Where they stand.</param>
public sealed record MailQuestion(DateOnly? Day, MailLane? Lane, MailState? State);

/// <summary>Mails that have all in common.</summary>
public sealed record MailCount(DateOnly Day, MailLane Lane, string Template, MailState State, NotSentReason? Reason, int Mails);

/// <summary>One mail as staff see it.</summary>
/// <param name="Mail">The row.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Code">What the relay or the report said: code and status.</param>
public sealed record ShownMail(OutboxMail Mail, MailState State, string? Code)
{
    /// <summary>The address as staff see it: <c>k***@e***.jp</c>.</summary>
    public string MaskedAddress => EmailAddress.TryParseSetting(Mail.ToAddress, out var address) ? address.Masked : "***";

    /// <summary>The id alone: it may get into a log.</summary>
    public override string ToString() => $"{Mail.Id}";
}

/// <summary>What staff may see of mails and do about them: counts and states, no text, no secret, no whole address.</summary>
public sealed class MailDesk(PortalContext db, UnitOfWork work, AuditTrail audit, IEnumerable<IMailTemplate> templates, TimeProvider clock)
{
    /// <summary>Counts, the newest day first.</summary>
    public async Task<IReadOnlyList<MailCount>> CountAsync(MailQuestion question, CancellationToken cancellationToken)
    {
        var bounced = await CodesAsync(cancellationToken);
        var mails = await Asked(question).Select(m => new { m.Id, m.QueuedAt, m.Lane, m.Template, m.SentAt, m.FailedAt, m.NotSent }).ToListAsync(cancellationToken);
        var counts =
            from mail in mails
            let state = StateOf(mail.SentAt is not null, mail.FailedAt is not null, mail.NotSent, bounced.ContainsKey(mail.Id))
            where question.State is null || question.State == state
            let reason = state == MailState.NotSent ? mail.NotSent : null
            group mail by (Day: JapanTime.DateOf(mail.QueuedAt), mail.Lane, mail.Template, State: state, Reason: reason) into same
            select new MailCount(same.Key.Day, same.Key.Lane, same.Key.Template, same.Key.State, same.Key.Reason, same.Count());
        return [.. counts.OrderByDescending(c => c.Day).ThenBy(c => c.Lane).ThenBy(c => c.Template, StringComparer.Ordinal).ThenBy(c => c.State).ThenBy(c => c.Reason)];
    }

    /// <summary>Mails one by one, the newest first.</summary>
    public async Task<IReadOnlyList<ShownMail>> ListAsync(MailQuestion question, int most, CancellationToken cancellationToken)
    {
        var bounced = await CodesAsync(cancellationToken);
        var shown = new List<ShownMail>();
        await foreach (var mail in Asked(question).OrderByDescending(m => m.QueuedAt).ThenByDescending(m => m.Id).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var state = StateOf(mail.SentAt is not null, mail.FailedAt is not null, mail.NotSent, bounced.ContainsKey(mail.Id));
            if (question.State is null || question.State == state)
            {
                shown.Add(new ShownMail(mail, state, bounced.GetValueOrDefault(mail.Id) ?? mail.Reply));
            }

            if (shown.Count == most)
            {
                break;
            }
        }

        return shown;
    }

    /// <summary>Sends an account's mail that failed on its way again, with the same link, while that lives.</summary>
    /// <exception cref="PortalInputException">There is no such mail, or it is none that can go again.</exception>
    public Task RetryAsync(Guid id, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            var mail = await db.OutboxMails.SingleOrDefaultAsync(m => m.Id == id, cancellationToken) ?? throw new PortalInputException(MailDeskText.NoSuchMail.With(id));
            if (mail.Lane != MailLane.Account)
            {
                throw new PortalInputException(MailDeskText.NoticeNotRetried);
            }

            if (mail.FailedAt is null)
            {
                throw new PortalInputException(mail.SentAt is null ? MailDeskText.WaitsAlready : MailDeskText.WasSent);
            }

            var now = clock.GetUtcNow();
            var template = templates.SingleOrDefault(t => t.Name == mail.Template);
            if (mail.ExpiresAt <= now || template is null || await template.WriteAsync(mail, db.Current.Society, cancellationToken) is null)
            {
                throw new PortalInputException(MailDeskText.LinkOver);
            }

            mail.Retry(now);
            audit.Add(AuditKind.MailRetried, mail.Id, $"template={mail.Template}");
        },
        cancellationToken);

    private static MailState StateOf(bool isSent, bool isFailed, NotSentReason? reason, bool isBounced) =>
        isSent ? isBounced ? MailState.Undelivered : MailState.Sent
        : !isFailed ? MailState.Waiting
        : reason == NotSentReason.AddressRefused ? MailState.Undelivered
        : MailState.NotSent;

    private IQueryable<OutboxMail> Asked(MailQuestion question)
    {
        var mails = db.OutboxMails.AsNoTracking();
        if (question.Day is { } day)
        {
            var from = new DateTimeOffset(day, TimeOnly.MinValue, JapanTime.Offset).ToUniversalTime();
            var until = from.AddDays(1);
            mails = mails.Where(m => m.QueuedAt >= from && m.QueuedAt < until);
        }

        return question.Lane is { } lane ? mails.Where(m => m.Lane == lane) : mails;
    }

    /// <summary>Of each mail that came back, what its report says.</summary>
    private async Task<Dictionary<Guid, string>> CodesAsync(CancellationToken cancellationToken) =>
        (await db.BounceReports.AsNoTracking().Where(b => b.Status != null).OrderBy(b => b.ReceivedAt).Select(b => new { b.MailId, b.Status }).ToListAsync(cancellationToken))
            .GroupBy(b => b.MailId).ToDictionary(g => g.Key, g => g.Last().Status!);
}
