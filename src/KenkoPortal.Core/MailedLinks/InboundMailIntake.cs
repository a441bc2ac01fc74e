using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using KenkoPortal.Smtp;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>
/// What the listener asks of the portal: whether a recipient is one of ours, and to put what was received on disk. Settings are read
/// anew each time, so that they act on the next RCPT. A recipient is a society's registration address, the return path of a mail
/// of ours, or a society's postmaster; each recipient of a kept message becomes exactly one row: an ask or a bounce report, that a job decides, or a mail to forward.
/// </summary>
public sealed partial class InboundMailIntake(SocietyScopes scopes, ReturnPaths returnPaths, InboundRates rates, TimeProvider clock, ILogger<InboundMailIntake> logger)
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);

    /// <summary>Recipients that were put off since the last line of the log.</summary>
    private int _putOff;
    private long _logAt;

    private const string Actor = "inbound-mail";

    /// <summary>Judges one recipient (<see cref="RecipientJudge"/>).</summary>
    public async ValueTask<RecipientVerdict> JudgeAsync(RecipientQuestion question, CancellationToken cancellationToken)
    {
        var isBare = question.Recipient == Postmaster.Name;
        EmailAddress? recipient = null;
        if (!isBare && !EmailAddress.TryParseSetting(question.Recipient, out recipient))
        {
            return RecipientVerdict.Unknown;
        }

        try
        {
            await using var scope = scopes.OpenForScheduling();
            var societies = scope.ServiceProvider.GetRequiredService<PortalContext>().Societies.AsNoTracking();
            if (recipient is not null && returnPaths.MailOf(recipient.LocalPart) is not null)
            {
                return await societies.AnyAsync(s => s.BounceDomain == recipient.Domain, cancellationToken) ? RecipientVerdict.AcceptReport : RecipientVerdict.Unknown;
            }

            if (recipient is not null && await societies.SingleOrDefaultAsync(s => s.RegistrationAddress == recipient.Folded, cancellationToken) is { } asked)
            {
                return AcceptIf(rates.TryAsk(asked.Id, question.Peer, DomainOf(question.Sender)));
            }

            if (!isBare && !Postmaster.IsOne(recipient!.LocalPart))
            {
                return RecipientVerdict.Unknown;
            }

            return SocietyOfPostmaster(await societies.OrderBy(s => s.Key).ToListAsync(cancellationToken), recipient?.Domain) is { } written
                ? AcceptIf(rates.TryAsk(written.Id, question.Peer, domain: null) && rates.TryPostmaster(written.Id))
                : RecipientVerdict.Unknown;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotJudged(exception.GetType().Name);
            return RecipientVerdict.TryLater;
        }
    }

    /// <summary>Puts envelopes on disk (<see cref="EnvelopeCommit{TEnvelope}"/>): one transaction a society, as row-level security wants it.</summary>
    public async Task CommitAsync(IReadOnlyList<ReceivedEnvelope<Envelope>> envelopes, CancellationToken cancellationToken)
    {
        var work = await SortAsync(envelopes, cancellationToken);
        foreach (var (society, parts) in work)
        {
            await using var scope = scopes.Open(society, actor => actor.IsJob(Actor));
            var services = scope.ServiceProvider;
            var (db, asks) = (services.GetRequiredService<PortalContext>(), services.GetRequiredService<MailAsks>());
            var (outbox, audit) = (services.GetRequiredService<Outbox>(), services.GetRequiredService<AuditTrail>());
            await services.GetRequiredService<UnitOfWork>().CommitAsync(
                async () =>
                {
                    var bounced = parts.Select(p => p.BouncedMail).OfType<Guid>().Distinct().ToList();
                    var addresses = bounced.Count == 0 ? [] : await db.OutboxMails.AsNoTracking().Where(m => bounced.Contains(m.Id))
                        .ToDictionaryAsync(m => m.Id, m => m.ToAddress, cancellationToken);
                    parts.ForEach(part => Add(part, addresses, db, asks, outbox, audit));
                },
                cancellationToken);
        }
    }

    /// <summary>Whoever is put off is counted in the log, at most a line a minute.</summary>
    private RecipientVerdict AcceptIf(bool isWithinRate)
    {
        if (isWithinRate)
        {
            return RecipientVerdict.Accept;
        }

        var count = Interlocked.Increment(ref _putOff);
        var (now, due) = (clock.GetUtcNow(), Volatile.Read(ref _logAt));
        if (now.UtcTicks >= due && Interlocked.CompareExchange(ref _logAt, (now + LogEvery).UtcTicks, due) == due)
        {
            Interlocked.Add(ref _putOff, -count);
            LogPutOff(count);
        }

        return RecipientVerdict.TooMany;
    }

    /// <summary>Whose staff reads what a domain's postmaster gets; the first by key where several share the domain, or the domain is this host's own.</summary>
    /// <param name="societies">By key.</param>
    /// <param name="domain">Null for a postmaster without one.</param>
    private static Society? SocietyOfPostmaster(List<Society> societies, string? domain) =>
        societies.Find(s => s.StaffMail is { Length: > 0 } && (domain is null || s.BounceDomain == domain || s.RegistrationAddress.EndsWith("@" + domain, StringComparison.Ordinal)));

    /// <param name="part">What was received.</param>
    /// <param name="addresses">Where the bounced mails went, as far as they are still kept.</param>
    /// <param name="db">The society's.</param>
    /// <param name="asks">The society's.</param>
    /// <param name="outbox">The society's.</param>
    /// <param name="audit">The society's.</param>
    private static void Add(Part part, Dictionary<Guid, string> addresses, PortalContext db, MailAsks asks, Outbox outbox, AuditTrail audit)
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
        else if (part.IsPostmaster)
        {
            Forward(part, db, outbox, audit);
        }
        else
        {
            asks.Add(envelope.MailFrom is null ? null : EnvelopeSender.Of(envelope.MailFrom, envelope.Author), part.ByMachine);
        }
    }

    /// <summary>What a machine wrote is counted and goes nowhere: else two systems could write to each other (row M1).</summary>
    private static void Forward(Part part, PortalContext db, Outbox outbox, AuditTrail audit)
    {
        var staff = db.Current.Society.StaffMail;
        if (part.ByMachine || staff is not { Length: > 0 })
        {
            audit.Count(AuditKind.PostmasterMailReceived, "dropped");
            return;
        }

        var mail = new PostmasterMail { SocietyId = db.SocietyId, ReceivedAt = part.Received.ReceivedAt, Source = part.Received.Envelope.Source ?? "" };
        db.PostmasterMails.Add(mail);
        outbox.Queue(PostmasterForward.TemplateName, staff, subjectId: mail.Id);
        audit.Count(AuditKind.PostmasterMailReceived, "forwarded");
    }

    /// <summary>Finds the society of every recipient. A return path belongs to the society whose outbox holds the mail; where that is gone already, to the one of its domain.</summary>
    private async Task<Dictionary<Society, List<Part>>> SortAsync(IReadOnlyList<ReceivedEnvelope<Envelope>> envelopes, CancellationToken cancellationToken)
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
                var asked = mailId is null ? societies.Find(s => s.RegistrationAddress == recipient.Folded) : null;
                var isPostmaster = mailId is null && asked is null && Postmaster.IsOne(recipient.LocalPart);
                var society = isPostmaster ? SocietyOfPostmaster(societies, recipient.Domain) ?? SocietyOfPostmaster(societies, domain: null)
                    : mailId is not { } id ? asked
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

                parts.Add(new Part(received, mailId, byMachine, isPostmaster));
            }
        }

        return sorted;
    }

    private static string? DomainOf(string? sender) => sender is null ? null : EmailAddress.Parse(sender).Domain;

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
    private sealed record Part(ReceivedEnvelope<Envelope> Received, Guid? BouncedMail, bool ByMachine, bool IsPostmaster);

    [LoggerMessage(Level = LogLevel.Error, Message = "A recipient could not be judged ({Error}); the sender was asked to try again")]
    private partial void LogNotJudged(string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} recipients of received mails were put off: a peer or a sender's domain sends too much")]
    private partial void LogPutOff(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Envelope {Envelope} was received for a mailbox that is no longer there")]
    private partial void LogOwnerless(Guid envelope);
}
