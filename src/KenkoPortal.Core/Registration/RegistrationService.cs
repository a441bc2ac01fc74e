using System.Security.Cryptography;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Registration;

/// <summary>How a provisional login ended.</summary>
public enum ProvisionalLoginResult
{
    Accepted,

    /// <summary>Wrong, used, voided, expired, or of another household: one answer for all.</summary>
    Refused,

    /// <summary>The link is dead.</summary>
    LinkEnded,

    /// <summary>The credentials were right, but others of the protected person's household have or had the link's address (row Z8).</summary>
    AddressShared,

    /// <summary>The society's failure budget is used up and this link was tried less than 30 seconds ago.</summary>
    MustWait,
}

/// <summary>How a registration ended.</summary>
public enum CompletionResult
{
    /// <summary>The account is there; also for the same session's repeat.</summary>
    Registered,
    LoginIdTaken,

    /// <summary>The letter's holder was told of ten taken login IDs today: no login ID is judged any more (row A1).</summary>
    TooManyLoginIds,

    /// <summary>A recovery with the password of before; nothing else was wrong.</summary>
    PasswordUnchanged,

    /// <summary>The form was left for too long, or the letter was replaced meanwhile.</summary>
    Ended,
}

/// <summary>What the form 利用者情報入力 starts from.</summary>
/// <param name="SessionId">The session that may fill it.</param>
/// <param name="PersonId">Who registers.</param>
/// <param name="Address">The address that the link proved.</param>
/// <param name="Nickname">The account's that is there, else 仮ニックネーム.</param>
/// <param name="IsDone">Whether the account was made.</param>
/// <param name="IsRecovery">Whether a 再設定のご案内 sets an account anew that is there.</param>
/// <param name="StartsOpen">Whether the person starts with 公開する, as saving would decide it now.</param>
public sealed record RegistrationForm(Guid SessionId, Guid PersonId, string Address, string Nickname, bool IsDone, bool IsRecovery, bool StartsOpen);

/// <summary>From the mailed link to the account. The states are on one page in README.md.</summary>
public sealed class RegistrationService(
    PortalContext db, UnitOfWork work, AuditTrail audit, Sessions sessions, Outbox outbox, PasswordHashing hashing, PortalKeys keys,
    DisclosureEnding disclosures, DisclosureChoices choices, SharedAddresses shared, Protection protection, AccountRecovery recovery, TimeProvider clock)
{
    /// <summary>The page's view of a link: alive, or why not.</summary>
    public async Task<LinkState> LinkStateAsync(Guid linkId, CancellationToken cancellationToken)
    {
        var link = await db.RegistrationLinks.AsNoTracking().SingleOrDefaultAsync(l => l.Id == linkId, cancellationToken);
        return link is null ? LinkState.Unknown : await StateOfAsync(link, cancellationToken);
    }

    /// <summary>
    /// Tries the letter's credentials under a link. The attempt is counted before the hash and given back when it was right, so that
    /// parallel attempts cannot outrun the count.
    /// </summary>
    /// <param name="linkId">The link.</param>
    /// <param name="id">The letter's 仮ログインID.</param>
    /// <param name="password">The letter's 仮パスワード, as typed.</param>
    /// <param name="oldToken">The session of an earlier provisional login that the browser showed; a new one ends it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PortalBusyException">Too many wait for hashing; nothing was counted.</exception>
    public async Task<(ProvisionalLoginResult Result, string? SessionToken)> LogInAsync(
        Guid linkId, ProvisionalId id, string password, string? oldToken, CancellationToken cancellationToken)
    {
        if (await ReserveAsync(linkId, cancellationToken) is { } refusal)
        {
            return (refusal, null);
        }

        try
        {
            await hashing.SpendAsync(cancellationToken);
        }
        catch (Exception exception) when (HashingGate.NeverBegan(exception))
        {
            await GiveBackAsync(linkId);
            throw;
        }

        var mac = keys.Mac(KeyPurpose.ProvisionalPassword, ProvisionalPassword.Normalize(password));
        return await work.CommitAsync(
            async () =>
            {
                var judged = await JudgeAsync(linkId, id, mac, cancellationToken);
                if (judged.SessionToken is not null)
                {
                    await sessions.EndShownAsync(oldToken, cancellationToken);
                }

                return judged;
            },
            cancellationToken);
    }

    /// <summary>The form that the session of the provisional login may fill; null when it is over.</summary>
    public async Task<RegistrationForm?> FormAsync(string? sessionToken, CancellationToken cancellationToken)
    {
        var session = await sessions.FindAsync(sessionToken, Trust.Registration, cancellationToken);
        if (session is null)
        {
            return null;
        }

        var found = await (
            from credential in db.ProvisionalCredentials.AsNoTracking()
            join person in db.Persons on credential.PersonId equals person.Id
            join link in db.RegistrationLinks on session.LinkId equals link.Id
            join own in db.PortalSessions on session.Id equals own.Id
            where credential.Id == session.CredentialId
            select new
            {
                credential, person, link.Address, IsDone = own.AccountId != null,
                Nickname = db.MemberAccounts.Where(a => a.PersonId == person.Id).Select(a => a.Nickname).FirstOrDefault(),
                IsStored = db.DisclosureSettings.Any(d => d.PersonId == person.Id),
            }).SingleOrDefaultAsync(cancellationToken);
        if (found is null || found.credential.VoidedAt is not null || (found.credential.UsedAt is not null && !found.IsDone))
        {
            // Used in another session: who fills this form has no account by it, and is not told so.
            return null;
        }

        return new RegistrationForm(
            session.Id, found.person.Id, found.Address, found.Nickname ?? found.person.ProvisionalNickname, found.IsDone,
            found.credential.Letter == LetterKind.Recovery, !found.IsStored && choices.IsStartOpen(found.person, session.CreatedAt));
    }

    /// <summary>Makes the account: once for the credential, however many ask at a time.</summary>
    /// <param name="sessionToken">The form's session.</param>
    /// <param name="loginId">新ログインID.</param>
    /// <param name="password">新パスワード.</param>
    /// <param name="nickname">ニックネーム.</param>
    /// <param name="isUnchanged">It is the password of the account that a recovery sets anew.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PortalBusyException">Too many wait for hashing.</exception>
    public async Task<CompletionResult> CompleteAsync(
        string sessionToken, LoginId loginId, string password, string nickname, bool isUnchanged, CancellationToken cancellationToken)
    {
        var hash = await hashing.HashAsync(password, cancellationToken);
        try
        {
            return await work.CommitAsync(() => RegisterAsync(sessionToken, loginId, hash, nickname, isUnchanged, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException exception) when (UnitOfWork.IsDuplicate(exception))
        {
            db.ChangeTracker.Clear();
            var form = await FormAsync(sessionToken, cancellationToken);
            return form is { IsDone: true } ? CompletionResult.Registered : CompletionResult.LoginIdTaken;
        }
    }

    private async Task<LinkState> StateOfAsync(RegistrationLink link, CancellationToken cancellationToken)
    {
        var newerSentAt = await db.RegistrationLinks
            .Where(l => l.AddressKey == link.AddressKey && l.AskedAt >= link.AskedAt && l.Id != link.Id)
            .Join(db.OutboxMails, l => l.MailId, m => m.Id, (l, m) => new { l.AskedAt, l.Id, m.SentAt })
            .Where(l => l.SentAt != null).OrderByDescending(l => l.SentAt).ToListAsync(cancellationToken);
        var newer = newerSentAt.FirstOrDefault(l => l.AskedAt > link.AskedAt);
        return LinkState.Of(link, newer?.SentAt, clock.GetUtcNow());
    }

    private Task<ProvisionalLoginResult?> ReserveAsync(Guid linkId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await work.LockAsync<RegistrationLink>(linkId, cancellationToken);
            var (now, link) = (clock.GetUtcNow(), await db.RegistrationLinks.SingleOrDefaultAsync(l => l.Id == linkId, cancellationToken));
            if (link is null)
            {
                return ProvisionalLoginResult.LinkEnded;
            }

            var state = await StateOfAsync(link, cancellationToken);
            if (!state.IsAlive)
            {
                // Kept, so that a clock set back revives nothing. Five attempts that are under way may still turn out right.
                if (state.End == LinkEnd.Expired)
                {
                    link.End(now);
                }

                return ProvisionalLoginResult.LinkEnded;
            }

            if (link.MustWaitAt(now) && await FailuresInHourAsync(now, cancellationToken) >= ProvisionalFailure.BudgetPerHour)
            {
                return ProvisionalLoginResult.MustWait;
            }

            link.ReserveAttempt(now);
            return (ProvisionalLoginResult?)null;
        },
        cancellationToken);

    private Task GiveBackAsync(Guid linkId) => work.CommitAsync(
        async () =>
        {
            await work.LockAsync<RegistrationLink>(linkId, CancellationToken.None);
            (await db.RegistrationLinks.SingleAsync(l => l.Id == linkId, CancellationToken.None)).GiveBackAttempt();
        },
        CancellationToken.None);

    private async Task<(ProvisionalLoginResult Result, string? SessionToken)> JudgeAsync(
        Guid linkId, ProvisionalId id, byte[] mac, CancellationToken cancellationToken)
    {
        await work.LockAsync<RegistrationLink>(linkId, cancellationToken);
        var now = clock.GetUtcNow();
        var link = await db.RegistrationLinks.SingleAsync(l => l.Id == linkId, cancellationToken);
        var found = await (
            from credential in db.ProvisionalCredentials
            join person in db.Persons on credential.PersonId equals person.Id
            where credential.ProvisionalId == id.Value
            select new { credential, person }).SingleOrDefaultAsync(cancellationToken);
        var isRight = found is not null
            && CryptographicOperations.FixedTimeEquals(found.credential.PasswordMac, mac)
            && found.credential.IsUsableAt(now)
            && found.person.MayUsePortalOn(JapanTime.DateOf(now))
            && link.Serves(found.person, await IsAloneAsync(link, found.credential, found.person, cancellationToken))
            && !await IsLeftBehindAsync(found.credential, found.person, cancellationToken)
            && found.credential.Fits(await db.MemberAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.PersonId == found.person.Id, cancellationToken));
        if (!isRight)
        {
            return await RefuseAsync(link, now, cancellationToken);
        }

        link.GiveBackAttempt();
        if (found!.person.IsProtected && await shared.IsSharedAsync(found.person.Id, link.Address, cancellationToken))
        {
            // Who holds the letter may be told why: the mailbox is not theirs alone.
            audit.Add(AuditKind.ProvisionalLoginFailed, found.person.Id, "address=shared");
            return (ProvisionalLoginResult.AddressShared, null);
        }

        link.BindTo(found.person);
        audit.Add(AuditKind.ProvisionalLoginSucceeded, found.person.Id, $"credential={found.credential.Id}");
        return (ProvisionalLoginResult.Accepted, sessions.Begin(Trust.Registration, linkId: linkId, credentialId: found.credential.Id));
    }

    /// <summary>A protected person's mail is theirs alone, and so is that of who sets an account anew: nobody else registers under their link, nor they under another's.</summary>
    private async Task<bool> IsAloneAsync(RegistrationLink link, ProvisionalCredential credential, Person person, CancellationToken cancellationToken) =>
        person.IsProtected || credential.Letter == LetterKind.Recovery
        || (link.BoundByPersonId is { } binder && await db.Persons.AnyAsync(p => p.Id == binder && p.IsProtected, cancellationToken));

    /// <summary>
    /// Whether a dependant has left while the insured, with whom the household's letter lies, stays (row Z4). The list that says so voids it; a day that was announced
    /// before may come first.
    /// </summary>
    private async Task<bool> IsLeftBehindAsync(ProvisionalCredential credential, Person person, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(clock.GetUtcNow());
        return credential.Letter == LetterKind.Household && !person.IsInsured && !person.IsMemberOn(today)
            && await db.Persons.AnyAsync(
                p => p.HouseholdId == person.HouseholdId && p.Relationship == Relationship.Insured && (p.LostOn == null || p.LostOn > today), cancellationToken);
    }

    private async Task<(ProvisionalLoginResult Result, string? SessionToken)> RefuseAsync(
        RegistrationLink link, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // One at a time, or two that fail together would both miss the failure that fills the budget.
        await work.QueueUpAsync("provisional-failures", cancellationToken);
        db.ProvisionalFailures.Add(new ProvisionalFailure { SocietyId = db.SocietyId, At = now });
        audit.Add(AuditKind.ProvisionalLoginFailed, link.Id);
        if (await FailuresInHourAsync(now, cancellationToken) + 1 >= ProvisionalFailure.BudgetPerHour && !await WasAlarmedAsync(now, cancellationToken))
        {
            Alarm();
        }

        return (ProvisionalLoginResult.Refused, null);
    }

    /// <summary>Tells the society's staff that somebody tries provisional credentials in numbers.</summary>
    private void Alarm()
    {
        audit.Add(AuditKind.StaffAlarmed);
        if (db.Current.Society.StaffMail is { Length: > 0 } staff)
        {
            outbox.Queue(StaffAlarmMail.TemplateName, staff);
        }
    }

    /// <summary>An attack that goes on for hours alarms once an hour, not at each failure.</summary>
    private Task<bool> WasAlarmedAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hourAgo = now.AddHours(-1);
        return db.AuditEvents.AnyAsync(e => e.Kind == AuditKind.StaffAlarmed && e.Detail == null && e.At > hourAgo, cancellationToken);
    }

    private Task<int> FailuresInHourAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hourAgo = now.AddHours(-1);
        return db.ProvisionalFailures.CountAsync(f => f.At > hourAgo, cancellationToken);
    }

    private async Task<CompletionResult> RegisterAsync(
        string sessionToken, LoginId loginId, string hash, string nickname, bool isUnchanged, CancellationToken cancellationToken)
    {
        var session = await sessions.FindAsync(sessionToken, Trust.Registration, cancellationToken);
        if (session is not { CredentialId: { } credentialId, LinkId: { } linkId })
        {
            return CompletionResult.Ended;
        }

        // Before all else, as a list does: one that protects the person, or moves them, comes before this or after it.
        await work.LockAsync<Person>(await db.ProvisionalCredentials.Where(c => c.Id == credentialId).Select(c => c.PersonId).SingleAsync(cancellationToken), cancellationToken);
        await work.LockAsync<RegistrationLink>(linkId, cancellationToken);
        await work.LockAsync<ProvisionalCredential>(credentialId, cancellationToken);
        var now = clock.GetUtcNow();
        var credential = await db.ProvisionalCredentials.SingleAsync(c => c.Id == credentialId, cancellationToken);
        if (credential.UsedAt is not null)
        {
            // Whoever had the lock before us may have been this very session, twice at a time.
            await db.Entry(session).ReloadAsync(cancellationToken);
            return session.AccountId is not null ? CompletionResult.Registered : CompletionResult.Ended;
        }

        if (!credential.IsUsableAt(now))
        {
            return CompletionResult.Ended;
        }

        var (key, today) = (loginId.Key, JapanTime.DateOf(now));
        if (credential.TakenLoginIds.AreUsedUpOn(today))
        {
            return CompletionResult.TooManyLoginIds;
        }

        var isRecovery = credential.Letter == LetterKind.Recovery;
        if (await db.MemberAccounts.AnyAsync(a => a.LoginIdKey == key && !(isRecovery && a.PersonId == credential.PersonId), cancellationToken))
        {
            credential.TakenLoginIds.CountOn(today);
            return CompletionResult.LoginIdTaken;
        }

        var link = await db.RegistrationLinks.SingleAsync(l => l.Id == linkId, cancellationToken);
        if (await db.Persons.AnyAsync(p => p.Id == credential.PersonId && p.IsProtected, cancellationToken)
            && await shared.IsSharedAsync(credential.PersonId, link.Address, cancellationToken))
        {
            return CompletionResult.Ended;
        }

        if (isRecovery && isUnchanged)
        {
            // The last of all answers: a password that is another is stored at this point, so that nobody tries out what it was.
            return CompletionResult.PasswordUnchanged;
        }

        if (isRecovery)
        {
            if (await recovery.RecoverAsync(credential.PersonId, link, loginId, hash, nickname, cancellationToken) is not { } recovered)
            {
                return CompletionResult.Ended;
            }

            credential.UsedAt = now;
            link.ResetFailures();
            session.AccountId = recovered;
            return CompletionResult.Registered;
        }

        credential.UsedAt = now;
        link.ResetFailures();
        session.AccountId = AddAccount(credential, link, loginId, hash, nickname, now);
        await protection.AddressAddedAsync(credential.PersonId, link.Address, cancellationToken);
        // Whoever has an account decides themself (row Z2): what the insured opened for them ends.
        await disclosures.CloseAsync(d => d.PersonId == credential.PersonId && d.SetByPersonId != credential.PersonId, cancellationToken);
        await choices.StartAsync(await db.Persons.SingleAsync(p => p.Id == credential.PersonId, cancellationToken), session.CreatedAt, cancellationToken);
        return CompletionResult.Registered;
    }

    private Guid AddAccount(ProvisionalCredential credential, RegistrationLink link, LoginId loginId, string hash, string nickname, DateTimeOffset now)
    {
        var account = new MemberAccount
        {
            SocietyId = db.SocietyId,
            PersonId = credential.PersonId,
            Letter = credential.Letter,
            IsUnderHouseholdLink = link.BoundByPersonId is { } binder && binder != credential.PersonId,
            LoginId = loginId.Value,
            LoginIdKey = loginId.Key,
            PasswordHash = hash,
            Nickname = nickname,
            CreatedAt = now,
        };
        db.MemberAccounts.Add(account);
        db.AccountMailAddresses.Add(new AccountMailAddress
        {
            SocietyId = db.SocietyId,
            AccountId = account.Id,
            Slot = 1,
            Address = link.Address,
            AddressKey = link.AddressKey,
            ConfirmedAt = now,
        });
        outbox.Queue(RegisteredMail.TemplateName, link.Address, account.Id);
        audit.Add(AuditKind.AccountRegistered, account.Id);
        return account.Id;
    }
}
