using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>Changes the addresses of an account. A new one counts once its owner followed the link that was mailed there and confirmed it.</summary>
public sealed class AddressChanges(
    PortalContext db, UnitOfWork work, AuditTrail audit, Outbox outbox, AccountSecurity security, CurrentPassword passwords,
    SharedAddresses shared, Protection protection, PortalKeys keys, TimeProvider clock)
{
    /// <summary>Takes the address of a followed link into the account; only the account's own login can.</summary>
    public Task<bool> ConfirmAsync(SignedIn signedIn, Guid confirmationId, CancellationToken cancellationToken) => work.CommitAsync(
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
            var taken = await TakeAsync(signedIn.AccountId, confirmation, address, replaced, now, cancellationToken);
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
    public Task<bool> WithdrawAsync(SignedIn signedIn, int slot, string address, CancellationToken cancellationToken) => work.CommitAsync(
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

    /// <summary>Judges the new addresses of the form.</summary>
    /// <returns>Null when each may be asked for.</returns>
    public async Task<ProfileResult?> RefuseAsync(MemberAccount account, Profile before, Profile wanted, CancellationToken cancellationToken)
    {
        if (await ConfirmationsTodayAsync(account.Id, cancellationToken) + NewAddresses(before, wanted).Count() > AddressConfirmation.MostPerDay)
        {
            return ProfileResult.TooManyConfirmations;
        }

        foreach (var (_, address) in NewAddresses(before, wanted))
        {
            if (await IsRefusedAsync(account.PersonId, address, cancellationToken))
            {
                return ProfileResult.AddressShared;
            }
        }

        return null;
    }

    /// <summary>Puts confirmed addresses into the places of the form, and asks for the new ones. Runs inside the saving of the profile.</summary>
    /// <returns>The addresses that were removed at once.</returns>
    public async Task<List<AccountMailAddress>> SetAsync(Guid accountId, Profile before, Profile wanted, CancellationToken cancellationToken)
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

    private async Task<AccountMailAddress> TakeAsync(Guid accountId, AddressConfirmation confirmation, EmailAddress address, AccountMailAddress? replaced, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (replaced is not null)
        {
            db.AccountMailAddresses.Remove(replaced);
            await db.SaveChangesAsync(cancellationToken);
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
}
