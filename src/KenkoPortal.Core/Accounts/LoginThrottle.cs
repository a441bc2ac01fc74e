namespace KenkoPortal.Core.Accounts;

/// <summary>
/// The count of failures in a row, for all devices of an account that never logged in together, or for one known device of it. An
/// attempt is reserved before hashing and given back by success, so that parallel guesses cannot outrun it (rows A4, A5, A10 of
/// docs/security.md). A success clears only the count that its own attempt fell on; a new password and the help desk clear the account's.
/// </summary>
public sealed class LoginThrottle
{
    /// <summary>From this many failures in a row on, each costs a wait.</summary>
    public const int FreeFailures = 10;

    /// <summary>After this many without a success nothing but the reissue or a known device helps.</summary>
    public const int MostFailures = 100;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    public int FailuresInRow { get; private set; }
    public DateTimeOffset? WaitUntil { get; private set; }

    public bool IsShutAt(DateTimeOffset now) => FailuresInRow >= MostFailures || WaitUntil > now;

    /// <summary>Counts an attempt as a failure in advance.</summary>
    /// <returns>False when the account is shut: the attempt must fail and is not counted.</returns>
    public bool TryReserve(DateTimeOffset now)
    {
        if (IsShutAt(now))
        {
            return false;
        }

        FailuresInRow++;
        if (FailuresInRow >= FreeFailures)
        {
            var minutes = Math.Pow(2, Math.Min(FailuresInRow - FreeFailures, 10));
            WaitUntil = now + TimeSpan.FromMinutes(Math.Min(minutes, LongestWait.TotalMinutes));
        }

        return true;
    }

    /// <summary>Takes back a reservation that was never tried (too busy).</summary>
    public void GiveBack()
    {
        FailuresInRow = Math.Max(0, FailuresInRow - 1);
        WaitUntil = null;
    }

    public void Reset()
    {
        FailuresInRow = 0;
        WaitUntil = null;
    }
}
