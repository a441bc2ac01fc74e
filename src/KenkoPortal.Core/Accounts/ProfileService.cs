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

    /// <summary>With the new login ID or nickname the password could be guessed.</summary>
    PasswordOfThese,

    /// <summary>Notices are held back after a recovery: until then nothing is opened to the household.</summary>
    NoticesHeld,

    /// <summary>The new password is the current one.</summary>
    PasswordUnchanged,
}

/// <summary>Reading and changing one's own profile, and a child's switches.</summary>
public sealed class ProfileService(
    PortalContext db, UnitOfWork work, AuditTrail audit, Sessions sessions, AccountSecurity security, CurrentPassword passwords, AddressChanges addresses,
    DisclosureChoices disclosures, Visibility visibility, PasswordContexts contexts, NoticeHold hold, PasswordHashing hashing, TimeProvider clock)
{
    public async Task<Profile> ReadAsync(SignedIn signedIn, CancellationToken cancellationToken)
    {
        var account = await db.MemberAccounts.AsNoTracking().SingleAsync(a => a.Id == signedIn.AccountId, cancellationToken);
        var stored = await db.AccountMailAddresses.AsNoTracking().Where(a => a.AccountId == account.Id).ToListAsync(cancellationToken);
        return new Profile(
            account.LoginId,
            account.Nickname,
            [.. Enumerable.Range(1, AccountMailAddress.Slots).Select(slot => stored.SingleOrDefault(a => a.Slot == slot)?.Address)],
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

        if (currentPassword is not null && await IsGuessableByAsync(signedIn, wanted, currentPassword, cancellationToken))
        {
            return ProfileResult.PasswordOfThese;
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

    /// <summary>Whether a new login ID or nickname makes the password one that would be refused. A password of before the rule is not held against them.</summary>
    private async Task<bool> IsGuessableByAsync(SignedIn signedIn, Profile wanted, string password, CancellationToken cancellationToken)
    {
        var before = await contexts.OfAccountAsync(signedIn.AccountId, cancellationToken);
        var after = before with { LoginId = wanted.LoginId, Nickname = wanted.Nickname };
        return (before.LoginId, before.Nickname) != (after.LoginId, after.Nickname)
            && PasswordPolicy.Judge(password, after) != PasswordFault.None && PasswordPolicy.Judge(password, before) == PasswordFault.None;
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

                if (await MayNotOpenAsync(signedIn, before, wanted, cancellationToken))
                {
                    return ProfileResult.NoticesHeld;
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

        if (newPassword == currentPassword)
        {
            return (ProfileResult.PasswordUnchanged, null);
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

        if (await MayNotOpenAsync(signedIn, before.Switches, wanted.Switches, cancellationToken))
        {
            return ProfileResult.NoticesHeld;
        }

        if (await addresses.RefuseAsync(account, before, wanted, cancellationToken) is { } refusedAddress)
        {
            return refusedAddress;
        }

        if (await RefuseLoginIdAsync(account, wanted.LoginId, cancellationToken) is { } refusedId)
        {
            return refusedId;
        }

        SetLoginId(account, wanted.LoginId);
        if (wanted.Nickname != before.Nickname)
        {
            account.Nickname = wanted.Nickname;
            audit.Add(AuditKind.NicknameChanged, account.Id);
        }

        var removed = await addresses.SetAsync(account.Id, before, wanted, cancellationToken);
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

    /// <summary>Whether somebody whose notices are held back would open them to the household: its accounts are not held back.</summary>
    private async Task<bool> MayNotOpenAsync(SignedIn signedIn, PersonSwitches before, PersonSwitches wanted, CancellationToken cancellationToken) =>
        Enum.GetValues<NoticeKind>().Any(kind => wanted.Discloses(kind) && !before.Discloses(kind)) && await hold.UntilAsync(signedIn.PersonId, cancellationToken) is not null;

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
