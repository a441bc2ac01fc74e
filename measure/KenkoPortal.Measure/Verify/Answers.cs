using KenkoPortal.Core.Common;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Measure.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Measure.Verify;

/// <summary>What became of the asks: each decided, and for each that was answered one link, and one mail with that link to whoever asked.</summary>
/// <param name="Sent">Mails that the database calls sent.</param>
/// <param name="Unanswered">Asks that were decided without an answer, such as one too many of an address.</param>
/// <param name="Expired">Mails whose link died before they could be sent.</param>
/// <param name="Lost">Mails that are called sent and that the relay has not, and those that still wait (<paramref name="Broken"/> tells how many).</param>
/// <param name="Duplicated">Copies beside the first.</param>
/// <param name="Corrupt">Mails to somebody else, with another link, or whose copies differ, and mails that no row knows.</param>
/// <param name="Broken">What else does not hold, in words.</param>
internal sealed record Answers(long Sent, int Unanswered, long Expired, long Lost, long Duplicated, long Corrupt, IReadOnlyList<string> Broken)
{
    /// <summary>How long none may come before it is given up: a lease of a sender that was killed runs out after half a minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Lets the last decisions and mails out, and follows every ask from its row to the relay.</summary>
    public static async Task<Answers> FollowAsync(Stage stage, CancellationToken cancellationToken)
    {
        var (left, before) = (await CountLeftAsync(), int.MaxValue);
        while (left > 0 && left < before)
        {
            before = left;
            await stage.UntilAsync(Patience, async () => (left = await CountLeftAsync()) == 0);
        }

        var asks = await stage.ReadAsync(db => db.MailAsks.AsNoTracking().Where(a => a.Purpose == AskPurpose.Registration).ToListAsync(cancellationToken));
        var links = await stage.ReadAsync(db => db.RegistrationLinks.AsNoTracking().ToDictionaryAsync(l => l.MailId, cancellationToken));
        var mails = await stage.ReadAsync(db => db.OutboxMails.AsNoTracking().ToListAsync(cancellationToken));
        var took = stage.Relay.Mails.GroupBy(m => m.MessageId, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var (sent, expired, lost, corrupt) = (0L, 0L, 0L, 0L);
        foreach (var mail in mails)
        {
            var copies = took.GetValueOrDefault(PortalStore.MessageIdOf(mail.Id)) ?? [];
            var link = links.GetValueOrDefault(mail.Id);
            var isExpired = mail.FailedAt is { } failedAt && mail.ExpiresAt <= failedAt;
            sent += mail.SentAt is null ? 0 : 1;
            expired += isExpired ? 1 : 0;
            lost += mail.SentAt is null ? isExpired ? 0 : 1 : copies.Count == 0 ? 1 : 0;
            corrupt += copies.DistinctBy(c => c.Digest, StringComparer.Ordinal).Count() > 1
                || copies.Any(c => c.Recipient != mail.ToAddress)
                || (link is not null && copies.Any(c => c.Link != "/c/" + stage.Keys.Token(KeyPurpose.RegistrationLink, link.Id))) ? 1 : 0;
        }

        corrupt += took.Count - mails.Count(m => took.ContainsKey(PortalStore.MessageIdOf(m.Id)));
        var answered = asks.Where(a => a.Decision == AskDecision.Answered).CountBy(a => Convert.ToHexString(a.CanonicalMac), StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var linked = links.Values.CountBy(l => Convert.ToHexString(stage.Keys.Mac(KeyPurpose.CanonicalAddress, EmailAddress.Parse(l.Address).Canonical)), StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var apart = answered.Keys.Union(linked.Keys, StringComparer.Ordinal).Sum(mac => Math.Abs(answered.GetValueOrDefault(mac) - linked.GetValueOrDefault(mac)));
        var undecided = asks.Count(a => a.Decision == AskDecision.Undecided);
        return new Answers(sent, asks.Count(a => a.Decision is not (AskDecision.Answered or AskDecision.Undecided)), expired, lost, took.Values.Sum(copies => copies.Count - 1), corrupt,
        [
            .. undecided > 0 ? [$"{undecided} asks were not decided"] : Array.Empty<string>(),
            .. left > 0 ? [$"{left} asks and mails still waited"] : Array.Empty<string>(),
            .. apart > 0 ? [$"{apart} answers and not their link, or the other way round"] : Array.Empty<string>(),
        ]);

        // The undecided and the unsent in one figure: who is decided becomes a mail, and there are never more of both.
        async Task<int> CountLeftAsync() => await stage.ReadAsync(db => db.MailAsks.CountAsync(a => a.DecidedAt == null, cancellationToken))
            + await stage.ReadAsync(db => db.OutboxMails.CountAsync(m => m.SentAt == null && m.FailedAt == null, cancellationToken));
    }
}
