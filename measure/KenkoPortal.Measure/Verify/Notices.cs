using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Registration;
using KenkoPortal.Measure.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Verify;

/// <summary>
/// Mails of the slow lane. These are rows as Core writes them, in the lane of the notices but with the template of the registration mail, so that
/// each has a link whose token can be compared: a notice's mail has none.
/// </summary>
internal sealed class Notices(Stage stage)
{
    private const int RowsPerTransaction = 5000;
    private readonly Dictionary<string, RegistrationLink> _linkOf = new(StringComparer.Ordinal);

    /// <summary>How many were queued.</summary>
    public int Count => _linkOf.Count;

    /// <summary>Queues mails that are due now and whose links live for a week.</summary>
    public async Task QueueAsync(int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var numbers in Enumerable.Range(_linkOf.Count, count).Chunk(RowsPerTransaction))
        {
            var links = numbers.Select(number => LinkOf($"notice{number:D6}@member.test", now)).ToList();
            var mails = links.ConvertAll(link => new OutboxMail
            {
                Id = link.MailId,
                SocietyId = stage.Society.Id,
                Lane = MailLane.Notice,
                Template = RegistrationLinkMail.TemplateName,
                ToAddress = link.Address,
                SubjectId = link.Id,
                QueuedAt = now,
                NextAttemptAt = now,
            });
            await stage.People.AsStaffAsync(async services =>
            {
                var bulk = services.GetRequiredService<BulkWrites>();
                await services.GetRequiredService<UnitOfWork>().CommitAsync(async () =>
                {
                    await bulk.InsertAsync(links, CancellationToken.None);
                    await bulk.InsertAsync(mails, CancellationToken.None);
                });
                return true;
            });
            links.ForEach(link => _linkOf.Add(PortalStore.MessageIdOf(link.MailId), link));
        }
    }

    /// <summary>
    /// What the relay took of them: how many, how many not, how many copies too many, and how many to somebody else, with another link, with other bytes
    /// than their copies, or with other words than all the others.
    /// </summary>
    public (long Taken, long Lost, long Duplicated, long Corrupt) Compare()
    {
        var taken = stage.Relay.Mails.Where(m => _linkOf.ContainsKey(m.MessageId)).GroupBy(m => m.MessageId, StringComparer.Ordinal).ToList();
        var words = taken.GroupBy(copies => copies.First().Words, StringComparer.Ordinal).MaxBy(alike => alike.Count())?.Key;
        var corrupt = taken.Count(copies => copies.DistinctBy(m => m.Digest, StringComparer.Ordinal).Count() > 1
            || copies.First() is var mail && (mail.Words != words
                || mail.Recipient != _linkOf[copies.Key].Address
                || mail.Link != "/c/" + stage.Keys.Token(KeyPurpose.RegistrationLink, _linkOf[copies.Key].Id)));
        return (taken.Count, Count - taken.Count, taken.Sum(copies => copies.Count() - 1), corrupt);
    }

    /// <summary>How many of them wait in the database.</summary>
    public Task<int> WaitingAsync() => stage.ReadAsync(db => db.OutboxMails.CountAsync(m => m.Lane == MailLane.Notice && m.SentAt == null && m.FailedAt == null));

    private RegistrationLink LinkOf(string address, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return new RegistrationLink
        {
            Id = id,
            SocietyId = stage.Society.Id,
            TokenHash = Secrets.HashOf(stage.Keys.Token(KeyPurpose.RegistrationLink, id)),
            Address = address,
            AddressKey = address,
            MailId = Guid.CreateVersion7(now),
            AskedAt = now,
            ExpiresAt = now.AddDays(7),
        };
    }
}
