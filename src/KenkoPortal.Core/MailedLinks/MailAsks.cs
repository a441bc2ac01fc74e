using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>What a page may say of an ask; it speaks of the society alone, so that it is the same for every address.</summary>
/// <param name="AskedAt">The moment from which the mail's three hours count, unless it is late.</param>
/// <param name="IsLate">The society's cap is full: mails leave later, in order.</param>
public sealed record AskTaken(DateTimeOffset AskedAt, bool IsLate);

/// <summary>Writes down that somebody asked for a mail: the same row in the same time for every address. The event comes with the decision.</summary>
public sealed class MailAsks(PortalContext db, UnitOfWork work, AskCaps caps, PortalKeys keys, TimeProvider clock)
{
    /// <summary>An ask from a page.</summary>
    /// <param name="purpose">What for.</param>
    /// <param name="address">As typed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="devices">What the browser's signed cookie proved.</param>
    public async Task<AskTaken> AskAsync(AskPurpose purpose, EmailAddress address, CancellationToken cancellationToken, IReadOnlyCollection<Guid>? devices = null)
    {
        var isLate = await caps.IsFullAsync(purpose, AskWay.Form, cancellationToken);
        return await work.CommitAsync(
            () =>
            {
                var ask = MailAsk.OfForm(db.SocietyId, purpose, address.Value, MacOf(address), devices ?? [], clock.GetUtcNow());
                db.MailAsks.Add(ask);
                return Task.FromResult(new AskTaken(ask.AskedAt, isLate));
            },
            cancellationToken);
    }

    /// <summary>Adds an ask by empty mail to the running transaction.</summary>
    /// <param name="sender">Null for the null sender of a bounce: it is only written down.</param>
    /// <param name="byMachine">It gets no answer.</param>
    public void Add(EnvelopeSender? sender, bool byMachine) =>
        db.MailAsks.Add(MailAsk.OfMail(db.SocietyId, sender, MacOf(sender?.Plain ?? sender?.AnswerTo), byMachine, clock.GetUtcNow()));

    private byte[] MacOf(EmailAddress? address) => keys.Mac(KeyPurpose.CanonicalAddress, address?.Canonical ?? "");
}

/// <summary>How many mails an hour are sent for asks: for each purpose and way by itself (rows M3, M12).</summary>
public sealed class AskCaps(PortalContext db, TimeProvider clock)
{
    /// <summary>The least that a society without a setting has; from 20,000 people on a tenth of them.</summary>
    private const int Least = 2000;
    private const int PeoplePerAsk = 10;

    /// <summary>What was decided with a mail.</summary>
    public static readonly IReadOnlyList<AskDecision> Sent = [AskDecision.Answered, AskDecision.AnsweredOtherwise, AskDecision.SentAgain, AskDecision.LedToForm];

    /// <summary>The cap of an hour.</summary>
    /// <param name="atLeast">Counts the people only where so many mails were sent already.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<int> CapAsync(int atLeast, CancellationToken cancellationToken) =>
        db.Current.Society.MailAsksPerHour is > 0 and var set ? set
        : atLeast < Least ? Least
        : Math.Max(Least, await db.Persons.CountAsync(cancellationToken) / PeoplePerAsk);

    /// <summary>Whether an ask of now will wait.</summary>
    public async Task<bool> IsFullAsync(AskPurpose purpose, AskWay way, CancellationToken cancellationToken)
    {
        if (await db.MailAsks.AnyAsync(a => a.DecidedAt == null && a.WaitsSince != null && a.Purpose == purpose && a.Way == way, cancellationToken))
        {
            return true;
        }

        var hourAgo = clock.GetUtcNow().AddHours(-1);
        var sent = await db.MailAsks.CountAsync(a => a.DecidedAt > hourAgo && Sent.Contains(a.Decision) && a.Purpose == purpose && a.Way == way, cancellationToken);
        return sent >= await CapAsync(sent, cancellationToken);
    }
}
