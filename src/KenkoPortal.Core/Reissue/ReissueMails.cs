using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Reissue;

/// <summary>「パスワード再発行のご案内」: link, login ID and temporary password, all read or derived when it is sent.</summary>
public sealed class ReissueLinkMail(PortalContext db, PortalKeys keys) : IMailTemplate
{
    public const string TemplateName = "reissue-link";

    public string Name => TemplateName;

    /// <summary>Not written where the request has ended, the account is suspended, or the address is the account's no more (row L7).</summary>
    public async Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken)
    {
        var found = await (
            from request in db.ReissueRequests.AsNoTracking()
            join account in db.MemberAccounts on request.AccountId equals account.Id
            where request.Id == mail.SubjectId && request.EndedAt == null && account.SuspendedAt == null
                && db.TrustedAddresses.Any(a => a.AccountId == account.Id && a.Address == mail.ToAddress)
            select new { request, account.LoginId }).SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return null;
        }

        var url = society.Url("/c/" + keys.Token(KeyPurpose.ReissueLink, found.request.Id));
        var password = TemporaryPassword(keys, found.request.Id);
        var body = ReissueMailText.LinkBody.With(society.Name, url, found.LoginId, password, JapanTime.Clock(found.request.ExpiresAt));
        return new MailText(ReissueMailText.LinkSubject, body);
    }

    /// <summary>The temporary password of a request, in the letter's alphabet.</summary>
    public static string TemporaryPassword(PortalKeys keys, Guid requestId) =>
        ProvisionalPassword.FromBytes(keys.Mac(KeyPurpose.ReissuePassword, requestId.ToByteArray()));
}

/// <summary>Answers an ask for the reissue: one mail for each account that confirmed the address, each naming only itself (rows L4, N1).</summary>
public sealed class ReissueMails(PortalContext db, AuditTrail audit, Outbox outbox, PortalKeys keys) : IAskAnswer
{
    public AskPurpose Purpose => AskPurpose.Reissue;

    public async Task<bool> AnswerAsync(AskedMail asked, CancellationToken cancellationToken)
    {
        var accounts = await AccountsAsync(asked.Address, asked.From, cancellationToken);
        foreach (var account in accounts)
        {
            Queue(account.AccountId, account.Address, asked.From);
        }

        return accounts.Count > 0;
    }

    /// <summary>A reissue is asked for by form alone.</summary>
    public void LeadToForm(AskedMail asked) => throw new NotSupportedException("No empty mail asks for a reissue.");

    /// <summary>Of several accounts each must have one: else the one without would wait for the other's.</summary>
    public async Task<bool> HasLivingAsync(EmailAddress address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var accounts = await AccountsAsync(address, now, cancellationToken);
        return accounts.Count > 0 && (await LivingAsync(accounts, now, cancellationToken)).Count == accounts.Count;
    }

    /// <summary>The same link and temporary password, which are derived, and no new three hours.</summary>
    public async Task SendAgainAsync(AskedMail asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var accounts = await AccountsAsync(asked.Address, now, cancellationToken);
        foreach (var request in await LivingAsync(accounts, now, cancellationToken))
        {
            if (!await db.OutboxMails.AnyAsync(m => m.SentAt == null && m.FailedAt == null && m.SubjectId == request.Id, cancellationToken))
            {
                outbox.Queue(ReissueLinkMail.TemplateName, accounts.Single(a => a.AccountId == request.AccountId).Address, request.AccountId, request.Id, request.ExpiresAt);
            }
        }
    }

    public async Task<bool> IsOwnersAsync(EmailAddress address, IReadOnlyCollection<Guid> devices, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var accounts = (await AccountsAsync(address, now, cancellationToken)).ConvertAll(a => a.AccountId);
        var known = await db.KnownDevices.AsNoTracking().Where(d => devices.Contains(d.Id) && accounts.Contains(d.AccountId)).ToListAsync(cancellationToken);
        return known.Exists(d => d.IsAliveAt(now));
    }

    /// <summary>The newest request of each account, where it lives.</summary>
    private async Task<List<ReissueRequest>> LivingAsync(List<Recipient> accounts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = accounts.ConvertAll(a => a.AccountId);
        var requests = await db.ReissueRequests.AsNoTracking().Where(r => ids.Contains(r.AccountId) && r.ExpiresAt > now).ToListAsync(cancellationToken);
        return [.. requests.GroupBy(r => r.AccountId).Select(g => g.MaxBy(r => (r.AskedAt, r.Id))!).Where(r => r.IsAliveAt(now))];
    }

    /// <summary>The accounts that confirmed the address and may be written to, each once.</summary>
    private async Task<List<Recipient>> AccountsAsync(EmailAddress address, DateTimeOffset askedAt, CancellationToken cancellationToken)
    {
        var key = address.Folded;
        var found = await (
            from stored in db.TrustedAddresses
            join account in db.MemberAccounts on stored.AccountId equals account.Id
            join person in db.Persons on account.PersonId equals person.Id
            where stored.AddressKey == key && account.SuspendedAt == null
            orderby stored.Slot
            select new { stored.AccountId, stored.Address, person }).ToListAsync(cancellationToken);
        var today = JapanTime.DateOf(askedAt);
        return [.. found.Where(f => f.person.MayUsePortalOn(today)).DistinctBy(f => f.AccountId).Select(f => new Recipient(f.AccountId, f.Address))];
    }

    private void Queue(Guid accountId, string address, DateTimeOffset askedAt)
    {
        var (id, mailId) = (Guid.CreateVersion7(askedAt), Guid.CreateVersion7());
        var request = new ReissueRequest
        {
            Id = id,
            SocietyId = db.SocietyId,
            AccountId = accountId,
            TokenHash = Secrets.HashOf(keys.Token(KeyPurpose.ReissueLink, id)),
            MailId = mailId,
            AskedAt = askedAt,
            ExpiresAt = askedAt + MailedLink.Validity,
        };
        db.ReissueRequests.Add(request);
        outbox.Queue(ReissueLinkMail.TemplateName, address, accountId, id, request.ExpiresAt, mailId);
        audit.Add(AuditKind.ReissueQueued, id);
    }

    /// <summary>An account, and its own spelling of the address.</summary>
    private sealed record Recipient(Guid AccountId, string Address)
    {
        public override string ToString() => $"{AccountId}";
    }
}
