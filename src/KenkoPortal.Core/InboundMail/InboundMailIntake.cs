using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Core.InboundMail;

/// <summary>
/// What the listener asks of the portal: whether a recipient is one of ours, and to put what was received on disk. Settings are read
/// anew each time, so that they act on the next RCPT. A recipient is a society's registration address, or the return path of a mail
/// of ours; each recipient of a kept message becomes exactly one row, an ask or a bounce report, that a job decides.
/// </summary>
public sealed partial class InboundMailIntake(SocietyScopes scopes, ReturnPaths returnPaths, ILogger<InboundMailIntake> logger)
{
    private const string Actor = "inbound-mail";

    /// <summary>Judges one recipient (<see cref="RecipientJudge"/>).</summary>
    public async ValueTask<RecipientVerdict> JudgeAsync(string recipientAddress, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParseSetting(recipientAddress, out var recipient))
        {
            return RecipientVerdict.Unknown;
        }

        try
        {
            await using var scope = scopes.OpenForScheduling();
            var societies = scope.ServiceProvider.GetRequiredService<PortalContext>().Societies.AsNoTracking();
            var isReturnPath = returnPaths.MailOf(recipient.LocalPart) is not null;
            var isOurs = isReturnPath
                ? await societies.AnyAsync(s => s.BounceDomain == recipient.Domain, cancellationToken)
                : await societies.AnyAsync(s => s.RegistrationAddress == recipient.Folded, cancellationToken);
            return !isOurs ? RecipientVerdict.Unknown : isReturnPath ? RecipientVerdict.AcceptReport : RecipientVerdict.Accept;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotJudged(exception.GetType().Name);
            return RecipientVerdict.TryLater;
        }
    }

    /// <summary>Puts envelopes on disk (<see cref="EnvelopeCommit"/>): one transaction a society, as row-level security wants it.</summary>
    public async Task CommitAsync(IReadOnlyList<ReceivedEnvelope> envelopes, CancellationToken cancellationToken)
    {
        var work = await SortAsync(envelopes, cancellationToken);
        foreach (var (society, parts) in work)
        {
            await using var scope = scopes.Open(society, actor => actor.IsJob(Actor));
            var services = scope.ServiceProvider;
            var (db, asks) = (services.GetRequiredService<PortalContext>(), services.GetRequiredService<MailAsks>());
            await services.GetRequiredService<UnitOfWork>().CommitAsync(
                async () =>
                {
                    var bounced = parts.Select(p => p.BouncedMail).OfType<Guid>().Distinct().ToList();
                    var addresses = bounced.Count == 0 ? [] : await db.OutboxMails.AsNoTracking().Where(m => bounced.Contains(m.Id))
                        .ToDictionaryAsync(m => m.Id, m => m.ToAddress, cancellationToken);
                    parts.ForEach(part => Add(part, addresses, db, asks));
                },
                cancellationToken);
        }
    }

    /// <param name="part">What was received.</param>
    /// <param name="addresses">Where the bounced mails went, as far as they are still kept.</param>
    /// <param name="db">The society's.</param>
    /// <param name="asks">The society's.</param>
    private static void Add(Part part, Dictionary<Guid, string> addresses, PortalContext db, MailAsks asks)
    {
        var (received, envelope) = (part.Received, part.Received.Envelope);
        if (part.BouncedMail is { } mailId)
        {
            var address = EmailAddress.TryParseSetting(addresses.GetValueOrDefault(mailId), out var read) ? read : null;
            var verdict = envelope.Report?.Of(address) ?? BounceVerdict.Nothing;
            db.BounceReports.Add(new BounceReport
            {
                SocietyId = db.SocietyId,
                MailId = mailId,
                IsHard = verdict.IsHard,
                Status = verdict.Status?.ToString(),
                Domain = address?.Domain,
                ReceivedAt = received.ReceivedAt,
            });
        }
        else
        {
            asks.Add(AskPurpose.Registration, envelope.MailFrom, part.ByMachine);
        }
    }

    /// <summary>Finds the society of every recipient. A return path belongs to the society whose outbox holds the mail; where that is gone already, to the one of its domain.</summary>
    private async Task<Dictionary<Society, List<Part>>> SortAsync(IReadOnlyList<ReceivedEnvelope> envelopes, CancellationToken cancellationToken)
    {
        await using var scope = scopes.OpenForScheduling();
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        var societies = await db.Societies.AsNoTracking().OrderBy(s => s.Key).ToListAsync(cancellationToken);
        var ownDomains = societies.SelectMany(DomainsOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var bounced = envelopes.SelectMany(e => e.Envelope.Recipients).Select(r => returnPaths.MailOf(r.LocalPart)).OfType<Guid>().Distinct().ToList();
        var owners = bounced.Count == 0 ? [] : await db.WaitingMails
            .Where(m => bounced.Contains(m.Id)).ToDictionaryAsync(m => m.Id, m => m.SocietyId, cancellationToken);

        var sorted = new Dictionary<Society, List<Part>>();
        foreach (var received in envelopes)
        {
            var byMachine = received.Envelope.JudgeAnswer(ownDomains) is not AnswerVerdict.Permitted;
            foreach (var recipient in received.Envelope.Recipients)
            {
                var mailId = returnPaths.MailOf(recipient.LocalPart);
                var society = mailId is not { } id ? societies.Find(s => s.RegistrationAddress == recipient.Folded)
                    : owners.TryGetValue(id, out var owner) ? societies.Find(s => s.Id == owner)
                    : societies.Find(s => s.BounceDomain == recipient.Domain);
                if (society is null)
                {
                    // Accepted at RCPT, and taken out of the settings since.
                    LogOwnerless(received.Id);
                    continue;
                }

                if (!sorted.TryGetValue(society, out var parts))
                {
                    sorted.Add(society, parts = []);
                }

                parts.Add(new Part(received, mailId, byMachine));
            }
        }

        return sorted;
    }

    private static IEnumerable<string> DomainsOf(Society society)
    {
        foreach (var address in new[] { society.MailFrom, society.RegistrationAddress })
        {
            if (EmailAddress.TryParseSetting(address, out var parsed))
            {
                yield return parsed.Domain;
            }
        }

        if (society.BounceDomain is { } bounces)
        {
            yield return bounces;
        }
    }

    /// <summary>One recipient of one message.</summary>
    private sealed record Part(ReceivedEnvelope Received, Guid? BouncedMail, bool ByMachine);

    [LoggerMessage(Level = LogLevel.Error, Message = "A recipient could not be judged ({Error}); the sender was asked to try again")]
    private partial void LogNotJudged(string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Envelope {Envelope} was received for a mailbox that is no longer there")]
    private partial void LogOwnerless(Guid envelope);
}
