using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>
/// Holds a member's notices back for a day after a 再設定のご案内 set their account anew and an older address was told of it: whose account it was may object first.
/// The day begins when the mail was sent. It remembers what the request has found out with the session, so that a page costs no query more.
/// </summary>
public sealed class NoticeHold(PortalContext db, TimeProvider clock)
{
    public static readonly TimeSpan Length = TimeSpan.FromHours(24);

    /// <summary>The template of the mail that tells the older addresses.</summary>
    public const string ToldTemplate = "recovery-told";

    private (Guid ViewerId, DateTimeOffset? Until)? _kept;

    /// <summary>Until when a viewer's notices are held back; null where they are not.</summary>
    public async Task<DateTimeOffset?> UntilAsync(Guid viewerId, CancellationToken cancellationToken)
    {
        if (_kept is { } kept && kept.ViewerId == viewerId)
        {
            return kept.Until;
        }

        var account = await db.MemberAccounts.Where(a => a.PersonId == viewerId).Select(a => new { a.Id, a.NoticesHeldSince }).SingleOrDefaultAsync(cancellationToken);
        return account is null ? null : await KeepAsync(viewerId, account.Id, account.NoticesHeldSince, cancellationToken);
    }

    /// <summary>The same for an account that was read already.</summary>
    public async Task<DateTimeOffset?> KeepAsync(Guid viewerId, Guid accountId, DateTimeOffset? heldSince, CancellationToken cancellationToken)
    {
        var until = heldSince is { } since ? await UntilAsync(accountId, since, cancellationToken) : null;
        _kept = (viewerId, until);
        return until;
    }

    /// <summary>A mail that the relay does not take yet has told nobody. One that was given up for good tells nobody any more.</summary>
    private async Task<DateTimeOffset?> UntilAsync(Guid accountId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now >= since + OutboxMail.LongestWait + Length)
        {
            return null;
        }

        var told = await db.OutboxMails.AsNoTracking()
            .Where(m => m.AccountId == accountId && m.Template == ToldTemplate && m.QueuedAt >= since && m.FailedAt == null)
            .Select(m => m.SentAt).ToListAsync(cancellationToken);
        var until = told.Select(sentAt => (sentAt ?? now) + Length).Append(since + Length).Max();
        return now < until ? until : null;
    }
}
