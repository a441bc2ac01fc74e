using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Core.Accounts;

/// <summary>A login that succeeded.</summary>
/// <param name="SessionToken">For the session cookie.</param>
/// <param name="DeviceId">The device, known from now on.</param>
public sealed record LoggedIn(string SessionToken, Guid DeviceId);

/// <summary>Logging in and out. One refusal for every cause (row A4).</summary>
public sealed partial class LoginService(
    PortalContext db, UnitOfWork work, AuditTrail audit, Sessions sessions, PasswordHashing hashing, TimeProvider clock, ILogger<LoginService> logger)
{
    /// <summary>
    /// Tries an ID and password. The attempt is reserved in a short transaction of its own before hashing, so that parallel guesses
    /// cannot outrun the count; an unknown ID costs the same. A success on a known device clears that device's own count and leaves the
    /// strangers' alone: else who guesses would get another hundred tries each time that the owner logs in (row A4). The price is
    /// that the owner at a device that is new waits with the strangers, or gets in by the reissue.
    /// </summary>
    /// <param name="loginId">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="deviceIds">What the device's signed cookie proved.</param>
    /// <param name="oldToken">The session that the browser showed, if any; a login that succeeds ends it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null for a refusal, whatever its cause.</returns>
    /// <exception cref="PortalBusyException">Too many wait for hashing; nothing was counted.</exception>
    public async Task<LoggedIn?> LogInAsync(
        string loginId, string password, IReadOnlyCollection<Guid> deviceIds, string? oldToken, CancellationToken cancellationToken)
    {
        var key = LoginId.KeyOf(loginId);
        var account = await db.MemberAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.LoginIdKey == key, cancellationToken);
        var deviceId = account is null ? null : await KnownDeviceAsync(account.Id, deviceIds, cancellationToken);
        var mayTry = await ReserveAsync(account?.Id, deviceId, cancellationToken);
        bool isRight;
        try
        {
            isRight = await hashing.VerifyAsync(mayTry ? account?.PasswordHash : null, password, cancellationToken);
        }
        catch (Exception exception) when (HashingGate.NeverBegan(exception))
        {
            await GiveBackAsync(account?.Id, deviceId, mayTry);
            throw;
        }

        var rehashed = isRight && !PasswordHashing.IsCurrent(account!.PasswordHash) ? await hashing.HashAsync(password, cancellationToken) : null;
        return await work.CommitAsync(
            async () =>
            {
                if (isRight && await AcceptAsync(account!, deviceId, rehashed, cancellationToken) is { } loggedIn)
                {
                    await sessions.EndShownAsync(oldToken, cancellationToken);
                    return loggedIn;
                }

                if (account is not null && mayTry)
                {
                    audit.Add(AuditKind.LoginFailed, account.Id);
                }
                else
                {
                    // Nothing bounds how often somebody tries an ID that nobody has, or an account that is shut.
                    audit.Count(AuditKind.LoginFailed, account is null ? "unknown" : "shut", subjectId: account?.Id);
                }

                return null;
            },
            cancellationToken);
    }

    /// <summary>Ends the session on the server (row A14).</summary>
    public Task LogOutAsync(SignedIn signedIn, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            await sessions.EndAsync(signedIn.SessionId, cancellationToken);
            audit.Add(AuditKind.LoggedOut, signedIn.AccountId);
        },
        cancellationToken);

    /// <summary>Ends the steps of registration and reissue that a browser still shows: who logs in or out has done with them.</summary>
    public Task EndStepsAsync(IReadOnlyCollection<string> tokens, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            foreach (var token in tokens)
            {
                await sessions.EndShownAsync(token, cancellationToken);
            }
        },
        cancellationToken);

    /// <summary>「この端末を忘れる」: the browser is a known device of nobody any more, whoever of a family logged in on it.</summary>
    public Task ForgetDevicesAsync(IReadOnlyCollection<Guid> deviceIds, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            foreach (var device in await db.KnownDevices.Where(d => deviceIds.Contains(d.Id)).ToListAsync(cancellationToken))
            {
                db.KnownDevices.Remove(device);
                audit.Add(AuditKind.DeviceForgotten, device.AccountId);
            }
        },
        cancellationToken);

    /// <summary>Which of the devices that the cookie proved belongs to the account, if any: such a device is limited by itself, not by network (row A6).</summary>
    public async Task<KnownDevice?> KnownDeviceAsync(string loginId, IReadOnlyCollection<Guid> deviceIds, CancellationToken cancellationToken)
    {
        var (key, oldest) = (LoginId.KeyOf(loginId), clock.GetUtcNow() - KnownDevice.Validity);
        return deviceIds.Count == 0 ? null : await (
            from device in db.KnownDevices.AsNoTracking()
            join account in db.MemberAccounts on device.AccountId equals account.Id
            where deviceIds.Contains(device.Id) && device.CreatedAt > oldest && account.LoginIdKey == key
            orderby device.CreatedAt descending
            select device).FirstOrDefaultAsync(cancellationToken);
    }

    private async Task<Guid?> KnownDeviceAsync(Guid accountId, IReadOnlyCollection<Guid> deviceIds, CancellationToken cancellationToken)
    {
        if (deviceIds.Count == 0)
        {
            return null;
        }

        // A browser may still show the device that it was half a year ago beside the one that it is now.
        var device = await db.KnownDevices.AsNoTracking().Where(d => deviceIds.Contains(d.Id) && d.AccountId == accountId)
            .OrderByDescending(d => d.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        return device?.IsAliveAt(clock.GetUtcNow()) == true ? device.Id : null;
    }

    /// <summary>Where nobody has the ID, the transaction is made all the same: the time must not tell.</summary>
    private Task<bool> ReserveAsync(Guid? accountId, Guid? deviceId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            if (await ThrottleAsync(accountId, deviceId, cancellationToken) is not { } throttle || !throttle.TryReserve(clock.GetUtcNow()))
            {
                return false;
            }

            if (throttle.WaitUntil is not null)
            {
                LogWait(accountId, throttle.FailuresInRow);
            }

            return true;
        },
        cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account} waits after {Failures} attempts in a row without a success")]
    private partial void LogWait(Guid? account, int failures);

    private async Task GiveBackAsync(Guid? accountId, Guid? deviceId, bool wasReserved)
    {
        if (wasReserved)
        {
            await work.CommitAsync(async () => (await ThrottleAsync(accountId, deviceId, CancellationToken.None))?.GiveBack(), CancellationToken.None);
        }
    }

    /// <summary>The count that the attempt falls on: the known device's own, else the account's.</summary>
    private async Task<LoginThrottle?> ThrottleAsync(Guid? accountId, Guid? deviceId, CancellationToken cancellationToken)
    {
        if (deviceId is { } device)
        {
            await work.LockAsync<KnownDevice>(device, cancellationToken);
            return (await db.KnownDevices.SingleOrDefaultAsync(d => d.Id == device, cancellationToken))?.Throttle;
        }

        var id = accountId ?? Guid.Empty;
        await work.LockAsync<MemberAccount>(id, cancellationToken);
        return (await db.MemberAccounts.SingleOrDefaultAsync(a => a.Id == id, cancellationToken))?.Throttle;
    }

    private async Task<LoggedIn?> AcceptAsync(MemberAccount seen, Guid? deviceId, string? rehashed, CancellationToken cancellationToken)
    {
        await work.LockAsync<MemberAccount>(seen.Id, cancellationToken);
        var now = clock.GetUtcNow();
        var account = await db.MemberAccounts.SingleAsync(a => a.Id == seen.Id, cancellationToken);
        var person = await db.Persons.AsNoTracking().SingleAsync(p => p.Id == account.PersonId, cancellationToken);
        if (account.IsShut || account.PasswordHash != seen.PasswordHash || !person.MayUsePortalOn(JapanTime.DateOf(now)))
        {
            return null;
        }

        var device = await db.KnownDevices.SingleOrDefaultAsync(d => d.Id == deviceId, cancellationToken);
        if (device is null)
        {
            device = new KnownDevice { SocietyId = db.SocietyId, AccountId = account.Id, CreatedAt = now };
            db.KnownDevices.Add(device);
        }

        // Each success clears the count that its attempt fell on, and no other.
        (deviceId is null ? account.Throttle : device.Throttle).Reset();
        account.PasswordHash = rehashed ?? account.PasswordHash;
        var previous = account.LastLoginAt;
        account.LastLoginAt = now;
        audit.Add(AuditKind.LoginSucceeded, account.Id);
        return new LoggedIn(sessions.Begin(Trust.Login, account.Id, previousLoginAt: previous), device.Id);
    }
}
