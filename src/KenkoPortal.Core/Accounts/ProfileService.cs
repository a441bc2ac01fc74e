using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>The switches of プロフィール設定 that belong to the person, not to the account.</summary>
public sealed record PersonSwitches(bool MedicalCostMail, bool GenericDrugMail, bool DiscloseMedicalCost, bool DiscloseGenericDrug)
{
    public bool Discloses(NoticeKind kind) => kind == NoticeKind.MedicalCost ? DiscloseMedicalCost : DiscloseGenericDrug;

    public bool HasSameDisclosure(PersonSwitches other) =>
        (DiscloseMedicalCost, DiscloseGenericDrug) == (other.DiscloseMedicalCost, other.DiscloseGenericDrug);
}

/// <summary>プロフィール設定 as one form: all of it is saved, or nothing.</summary>
/// <param name="LoginId">ログインID.</param>
/// <param name="Nickname">ニックネーム.</param>
/// <param name="Addresses">メールアドレス1 to 3; an empty place is null.</param>
/// <param name="Switches">Notice mails and disclosure.</param>
public sealed record Profile(string LoginId, string Nickname, IReadOnlyList<string?> Addresses, PersonSwitches Switches)
{
    /// <summary>Whether the change from the other asks for 現在のパスワード (row A15).</summary>
    public bool IsGuardedAgainst(Profile other) =>
        LoginId != other.LoginId
        || !Addresses.SequenceEqual(other.Addresses, StringComparer.Ordinal)
        || !Switches.HasSameDisclosure(other.Switches);
}

/// <summary>How saving ended.</summary>
public enum ProfileResult
{
    Saved,
    LoginIdTaken,

    /// <summary>Too many taken IDs were asked for today.</summary>
    TooManyLoginIds,
    WrongPassword,

    /// <summary>The session has ended: by too many wrong passwords, or while the request waited.</summary>
    SessionEnded,
    TooManyConfirmations,

    /// <summary>The member is protected, and others of the household have or had a new address.</summary>
    AddressShared,
}

/// <summary>Reading and changing one's own profile, and a child's switches.</summary>
public sealed class ProfileService(
    PortalContext db, UnitOfWork work, AuditTrail audit, Outbox outbox, Sessions sessions, AccountSecurity security, CurrentPassword passwords,
    DisclosureChoices disclosures, Visibility visibility, SharedAddresses shared, Protection protection, PasswordHashing hashing, PortalKeys keys, TimeProvider clock)
{
    public async Task<Profile> ReadAsync(SignedIn signedIn, CancellationToken cancellationToken)
    {
        var account = await db.MemberAccounts.AsNoTracking().SingleAsync(a => a.Id == signedIn.AccountId, cancellationToken);
        var addresses = await db.AccountMailAddresses.AsNoTracking().Where(a => a.AccountId == account.Id).ToListAsync(cancellationToken);
        return new Profile(
            account.LoginId,
            account.Nickname,
            [.. Enumerable.Range(1, AccountMailAddress.Slots).Select(slot => addresses.SingleOrDefault(a => a.Slot == slot)?.Address)],
            await SwitchesAsync(signedIn.PersonId, cancellationToken));
    }

    public async Task<PersonSwitches> SwitchesAsync(Guid personId, CancellationToken cancellationToken)
    {
        var person = await db.Persons.AsNoTracking().SingleAsync(p => p.Id == personId, cancellationToken);
        var disclosure = await visibility.DisclosureAsync(personId, cancellationToken);
        return new PersonSwitches(
            person.MedicalCostMail, person.GenericDrugMail, disclosure[NoticeKind.MedicalCost], disclosure[NoticeKind.GenericDrug]);
    }

    /// <summary>Another person's switches for the viewer's page; the look leaves an event (row G2).</summary>
    public async Task<PersonSwitches> ReadOfOtherAsync(Guid personId, CancellationToken cancellationToken)
    {
        await RecordLooksAsync([personId], cancellationToken);
        return await SwitchesAsync(personId, cancellationToken);
    }

    /// <summary>Writes down that the viewer is about to be shown other people's switches, an event for each in ten minutes (row G2).</summary>
    public Task RecordLooksAsync(IReadOnlyCollection<Guid> personIds, CancellationToken cancellationToken) => personIds.Count == 0 ? Task.CompletedTask : work.CommitAsync(
        async () =>
        {
            foreach (var personId in personIds)
            {
                await audit.AddOnceAsync(AuditKind.ProfileOfOtherRead, personId, null, AuditTrail.SameLook, cancellationToken);
            }
        },
        cancellationToken);

    /// <summary>Judges a login ID before the password is asked for; saving judges it again. Each answer that it is taken counts.</summary>
    /// <returns>Null when it may be had.</returns>
    public Task<ProfileResult?> RefuseLoginIdAsync(SignedIn signedIn, string wanted, CancellationToken cancellationToken) => work.CommitAsync(
        async () => await passwords.LockedAccountAsync(signedIn, cancellationToken) is { } account
            ? await RefuseLoginIdAsync(account, wanted, cancellationToken)
            : ProfileResult.SessionEnded,
        cancellationToken);

    /// <summary>Saves the whole form. A new address is only asked for: its mail goes out, and the old one stays until it is confirmed.</summary>
    /// <param name="signedIn">Who saves.</param>
    /// <param name="wanted">The form, its fields valid each.</param>
    /// <param name="currentPassword">現在のパスワード; null where nothing guarded changed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PortalBusyException">Too many wait for hashing.</exception>
    public async Task<ProfileResult> SaveAsync(SignedIn signedIn, Profile wanted, string? currentPassword, CancellationToken cancellationToken)
    {
        if (currentPassword is not null && await passwords.RefuseAsync(signedIn, currentPassword, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        try
        {
            return await work.CommitAsync(() => ApplyAsync(signedIn, wanted, currentPassword is not null, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException exception) when (UnitOfWork.IsDuplicate(exception))
        {
            return ProfileResult.LoginIdTaken;
        }
    }

    /// <summary>Saves a child's switches, set by the insured.</summary>
    /// <returns>Null when the viewer may not act for the person: the page answers 404.</returns>
    public async Task<ProfileResult?> SaveForChildAsync(
        SignedIn signedIn, Guid personId, PersonSwitches wanted, string? currentPassword, CancellationToken cancellationToken)
    {
        if (currentPassword is not null && await passwords.RefuseAsync(signedIn, currentPassword, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        return await work.CommitAsync(
            async () =>
            {
                if (await passwords.LockedAccountAsync(signedIn, cancellationToken) is null)
                {
                    return ProfileResult.SessionEnded;
                }

                // Two saves at a time would both begin a period of disclosure.
                await work.LockAsync<Person>(personId, cancellationToken);
                var household = await visibility.HouseholdAsync(signedIn.PersonId, cancellationToken);
                if (!household.Any(m => m.PersonId == personId && m.MayActFor))
                {
                    return (ProfileResult?)null;
                }

                var before = await SwitchesAsync(personId, cancellationToken);
                if (currentPassword is null && !wanted.HasSameDisclosure(before))
                {
                    return ProfileResult.WrongPassword;
                }

                await SetSwitchesAsync(signedIn, personId, before, wanted, cancellationToken);
                if (!wanted.HasSameDisclosure(before))
                {
                    await security.TellAllAsync(signedIn.AccountId, ProfileChangedMail.TemplateName, [], cancellationToken);
                }

                return ProfileResult.Saved;
            },
            cancellationToken);
    }

    /// <summary>Changes the password while logged in; this session goes on under a new token, all others end.</summary>
    /// <returns>The new session's token, or why not.</returns>
    /// <exception cref="PortalBusyException">Too many wait for hashing.</exception>
    public async Task<(ProfileResult Result, string? SessionToken)> ChangePasswordAsync(
        SignedIn signedIn, string currentPassword, string newPassword, CancellationToken cancellationToken)
    {
        if (await passwords.RefuseAsync(signedIn, currentPassword, cancellationToken) is { } refusal)
        {
            return (refusal, null);
        }

        var hash = await hashing.HashAsync(newPassword, cancellationToken);
        return await work.CommitAsync(
            async () =>
            {
                if (await passwords.LockedAccountAsync(signedIn, cancellationToken) is not { } account)
                {
                    return (ProfileResult.SessionEnded, (string?)null);
                }

                await security.SetPasswordAsync(account, hash, cancellationToken);
                audit.Add(AuditKind.PasswordChanged, account.Id);
                return (ProfileResult.Saved, sessions.Begin(Trust.Login, account.Id, previousLoginAt: signedIn.PreviousLoginAt));
            },
            cancellationToken);
    }

    /// <summary>Takes the address of a followed link into the account; only the account's own login can.</summary>
    public Task<bool> ConfirmAddressAsync(SignedIn signedIn, Guid confirmationId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            if (await passwords.LockedAccountAsync(signedIn, cancellationToken) is null)
            {
                return false;
            }

            await work.LockAsync<AddressConfirmation>(confirmationId, cancellationToken);
            var now = clock.GetUtcNow();
            var confirmation = await db.AddressConfirmations
                .SingleOrDefaultAsync(c => c.Id == confirmationId && c.AccountId == signedIn.AccountId, cancellationToken);
            if (confirmation?.IsAliveAt(now) != true || !EmailAddress.TryParse(confirmation.Address, out var address)
                || await IsRefusedAsync(signedIn.PersonId, confirmation.Address, cancellationToken))
            {
                return false;
            }

            var addresses = await db.AccountMailAddresses.Where(a => a.AccountId == signedIn.AccountId).ToListAsync(cancellationToken);
            if (addresses.Find(a => a.Address == address.Value) is { } own)
            {
                Prove(own, confirmation, now);
                return true;
            }

            var replaced = addresses.SingleOrDefault(a => a.Slot == confirmation.Slot);
            confirmation.Confirm(now);
            await security.EndMailedLinksAsync(signedIn.AccountId, confirmation.AskedAt, cancellationToken);
            var taken = Take(signedIn.AccountId, confirmation, address, replaced, now);
            audit.Add(AuditKind.AddressConfirmed, confirmation.Id, $"slot={confirmation.Slot}");
            await security.TellAllAsync(signedIn.AccountId, ProfileChangedMail.TemplateName, [taken, .. addresses], cancellationToken);
            await protection.AddressAddedAsync(signedIn.PersonId, address.Value, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>Sends a confirming mail to an address of the account that is marked: whoever follows its link takes the mark off (row M11). An address without a mark needs none.</summary>
    /// <param name="signedIn">Whose it is.</param>
    /// <param name="slot">Its place, 1 to 3.</param>
    /// <param name="address">The address as the page showed it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ProfileResult> AskToProveAsync(SignedIn signedIn, int slot, string address, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            if (await passwords.LockedAccountAsync(signedIn, cancellationToken) is not { } account)
            {
                return ProfileResult.SessionEnded;
            }

            if (!await db.AccountMailAddresses.AnyAsync(a => a.AccountId == account.Id && a.Slot == slot && a.Address == address && a.BouncedAt != null && a.UntrustedAt == null, cancellationToken))
            {
                return ProfileResult.Saved;
            }

            if (await ConfirmationsTodayAsync(account.Id, cancellationToken) >= AddressConfirmation.MostPerDay)
            {
                return ProfileResult.TooManyConfirmations;
            }

            AskToConfirm(account.Id, slot, address);
            return ProfileResult.Saved;
        },
        cancellationToken);

    /// <summary>Takes back a new address that waits for its confirmation: its link ends, and what was confirmed before stays as it is.</summary>
    /// <param name="signedIn">Whose it is.</param>
    /// <param name="slot">Its place, 1 to 3.</param>
    /// <param name="address">The address as the page showed it: another that was asked for meanwhile goes on waiting.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when it does not wait there any more.</returns>
    public Task<bool> WithdrawAddressAsync(SignedIn signedIn, int slot, string address, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            var waiting = db.AddressConfirmations.Where(c => c.AccountId == signedIn.AccountId && c.Slot == slot && c.Address == address && c.EndedAt == null);
            if (await waiting.Select(c => (Guid?)c.Id).FirstOrDefaultAsync(cancellationToken) is not { } id)
            {
                return false;
            }

            // Followed at the same moment, it is either confirmed or withdrawn.
            await work.LockAsync<AddressConfirmation>(id, cancellationToken);
            var now = clock.GetUtcNow();
            if (await waiting.SingleOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } confirmation)
            {
                return false;
            }

            confirmation.End(now);
            audit.Add(AuditKind.AddressWithdrawn, confirmation.Id, $"slot={confirmation.Slot}");
            return true;
        },
        cancellationToken);

    /// <summary>A protected person's account takes no address that others of the household have or had (row Z8).</summary>
    private async Task<bool> IsRefusedAsync(Guid personId, string address, CancellationToken cancellationToken) =>
        await db.Persons.AnyAsync(p => p.Id == personId && p.IsProtected, cancellationToken) && await shared.IsSharedAsync(personId, address, cancellationToken);

    /// <summary>The address is the account's already, and its mail arrived.</summary>
    private void Prove(AccountMailAddress own, AddressConfirmation confirmation, DateTimeOffset now)
    {
        confirmation.Confirm(now);
        audit.Add(AuditKind.AddressConfirmed, confirmation.Id, $"slot={own.Slot}");
        if (own.ForgetBounces())
        {
            audit.Add(AuditKind.SuppressionLifted, own.AccountId, "by=confirmation");
        }
    }

    private AccountMailAddress Take(Guid accountId, AddressConfirmation confirmation, EmailAddress address, AccountMailAddress? replaced, DateTimeOffset now)
    {
        if (replaced is not null)
        {
            db.AccountMailAddresses.Remove(replaced);
            db.SaveChanges();
        }

        var taken = new AccountMailAddress
        {
            SocietyId = db.SocietyId,
            AccountId = accountId,
            Slot = confirmation.Slot,
            Address = address.Value,
            AddressKey = address.Folded,
            ConfirmedAt = now,
        };
        db.AccountMailAddresses.Add(taken);
        return taken;
    }

    private async Task<ProfileResult> ApplyAsync(SignedIn signedIn, Profile wanted, bool isProven, CancellationToken cancellationToken)
    {
        if (await passwords.LockedAccountAsync(signedIn, cancellationToken) is not { } account)
        {
            return ProfileResult.SessionEnded;
        }

        var before = await ReadAsync(signedIn, cancellationToken);
        var isGuarded = wanted.IsGuardedAgainst(before);
        if (isGuarded && !isProven)
        {
            return ProfileResult.WrongPassword;
        }

        if (await ConfirmationsTodayAsync(account.Id, cancellationToken) + NewAddresses(before, wanted).Count() > AddressConfirmation.MostPerDay)
        {
            return ProfileResult.TooManyConfirmations;
        }

        foreach (var (_, address) in NewAddresses(before, wanted))
        {
            if (await IsRefusedAsync(signedIn.PersonId, address, cancellationToken))
            {
                return ProfileResult.AddressShared;
            }
        }

        if (await RefuseLoginIdAsync(account, wanted.LoginId, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        SetLoginId(account, wanted.LoginId);
        if (wanted.Nickname != before.Nickname)
        {
            account.Nickname = wanted.Nickname;
            audit.Add(AuditKind.NicknameChanged, account.Id);
        }

        var removed = await SetAddressesAsync(account.Id, before, wanted, cancellationToken);
        await SetSwitchesAsync(signedIn, signedIn.PersonId, before.Switches, wanted.Switches, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        if (isGuarded)
        {
            var hasChanged = (await ReadAsync(signedIn, cancellationToken)).IsGuardedAgainst(before);
            var template = hasChanged ? ProfileChangedMail.TemplateName : AddressAskedMail.TemplateName;
            await security.TellAllAsync(account.Id, template, removed, cancellationToken);
        }

        return ProfileResult.Saved;
    }

    private async Task<ProfileResult?> RefuseLoginIdAsync(MemberAccount account, string wanted, CancellationToken cancellationToken)
    {
        if (account.LoginId == wanted)
        {
            return null;
        }

        var (key, today) = (LoginId.KeyOf(wanted), JapanTime.DateOf(clock.GetUtcNow()));
        if (account.TakenLoginIds.AreUsedUpOn(today))
        {
            return ProfileResult.TooManyLoginIds;
        }

        if (!await db.MemberAccounts.AnyAsync(a => a.LoginIdKey == key && a.Id != account.Id, cancellationToken))
        {
            return null;
        }

        account.TakenLoginIds.CountOn(today);
        return ProfileResult.LoginIdTaken;
    }

    private void SetLoginId(MemberAccount account, string wanted)
    {
        if (account.LoginId != wanted)
        {
            (account.LoginId, account.LoginIdKey) = (wanted, LoginId.KeyOf(wanted));
            audit.Add(AuditKind.LoginIdChanged, account.Id);
        }
    }

    private Task<int> ConfirmationsTodayAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var dayAgo = clock.GetUtcNow().AddDays(-1);
        return db.AddressConfirmations.CountAsync(c => c.AccountId == accountId && c.AskedAt > dayAgo, cancellationToken);
    }

    /// <summary>An address that was confirmed needs no second mail when it changes its place.</summary>
    private static IEnumerable<(int Slot, string Address)> NewAddresses(Profile before, Profile wanted) =>
        from slot in Enumerable.Range(1, AccountMailAddress.Slots)
        let address = wanted.Addresses[slot - 1]
        where address is not null && !before.Addresses.Contains(address, StringComparer.Ordinal)
        select (slot, address);

    /// <returns>The addresses that were removed at once.</returns>
    private async Task<List<AccountMailAddress>> SetAddressesAsync(Guid accountId, Profile before, Profile wanted, CancellationToken cancellationToken)
    {
        if (before.Addresses.SequenceEqual(wanted.Addresses, StringComparer.Ordinal))
        {
            return [];
        }

        var stored = await db.AccountMailAddresses.Where(a => a.AccountId == accountId).OrderBy(a => a.Slot).ToListAsync(cancellationToken);
        var places = PlacesOf(stored, wanted);
        db.AccountMailAddresses.RemoveRange(stored.Where(a => places.GetValueOrDefault(a.Slot) != a));
        await db.SaveChangesAsync(cancellationToken);
        db.AccountMailAddresses.AddRange(places.Where(p => p.Value.Slot != p.Key).Select(p => p.Value.MovedTo(p.Key)));
        var removed = stored.Where(a => !places.ContainsValue(a)).ToList();
        removed.ForEach(address => audit.Add(AuditKind.AddressRemoved, accountId, $"slot={address.Slot}"));
        if (removed.Count > 0)
        {
            await security.EndMailedLinksAsync(accountId, exceptAskedAt: null, cancellationToken);
        }

        int[] changed = [.. Enumerable.Range(1, AccountMailAddress.Slots).Where(slot => wanted.Addresses[slot - 1] != before.Addresses[slot - 1])];
        foreach (var replaced in await WaitingConfirmationsAsync(accountId, changed, cancellationToken))
        {
            replaced.End(clock.GetUtcNow());
        }

        foreach (var (slot, address) in NewAddresses(before, wanted))
        {
            AskToConfirm(accountId, slot, address);
        }

        return removed;
    }

    /// <summary>
    /// Which confirmed address stands in which place after the save. One that a new address is to replace stays until that is
    /// confirmed, and so does the last one there is.
    /// </summary>
    private static Dictionary<int, AccountMailAddress> PlacesOf(List<AccountMailAddress> stored, Profile wanted)
    {
        var places = new Dictionary<int, AccountMailAddress>();
        foreach (var (index, address) in wanted.Addresses.Index())
        {
            var confirmed = stored.Find(a => a.Address == address);
            var replaced = address is null ? null : stored.Find(a => a.Slot == index + 1 && !wanted.Addresses.Contains(a.Address, StringComparer.Ordinal));
            if ((confirmed ?? replaced) is { } kept)
            {
                places.Add(index + 1, kept);
            }
        }

        if (places.Count == 0)
        {
            places.Add(1, stored[0]);
        }

        return places;
    }

    private Task<List<AddressConfirmation>> WaitingConfirmationsAsync(Guid accountId, IReadOnlyCollection<int> slots, CancellationToken cancellationToken) =>
        db.AddressConfirmations.Where(c => c.AccountId == accountId && slots.Contains(c.Slot) && c.EndedAt == null).ToListAsync(cancellationToken);

    private void AskToConfirm(Guid accountId, int slot, string address)
    {
        var (now, id, mailId) = (clock.GetUtcNow(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var confirmation = new AddressConfirmation
        {
            Id = id,
            SocietyId = db.SocietyId,
            AccountId = accountId,
            Slot = slot,
            Address = address,
            TokenHash = Secrets.HashOf(keys.Token(KeyPurpose.AddressLink, id)),
            MailId = mailId,
            AskedAt = now,
            ExpiresAt = now + MailedLink.Validity,
        };
        db.AddressConfirmations.Add(confirmation);
        outbox.Queue(AddressConfirmationMail.TemplateName, address, accountId, id, confirmation.ExpiresAt, mailId);
        audit.Add(AuditKind.AddressAsked, id, $"slot={slot}");
    }

    private async Task SetSwitchesAsync(
        SignedIn signedIn, Guid personId, PersonSwitches before, PersonSwitches wanted, CancellationToken cancellationToken)
    {
        var person = await db.Persons.SingleAsync(p => p.Id == personId, cancellationToken);
        if ((before.MedicalCostMail, before.GenericDrugMail) != (wanted.MedicalCostMail, wanted.GenericDrugMail))
        {
            (person.MedicalCostMail, person.GenericDrugMail) = (wanted.MedicalCostMail, wanted.GenericDrugMail);
            audit.Add(AuditKind.NoticeMailChanged, personId);
        }

        await disclosures.ChooseAsync(person, wanted, signedIn.PersonId, cancellationToken);
    }
}
