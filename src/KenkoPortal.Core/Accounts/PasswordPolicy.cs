using KenkoPortal.Core.Letters;

namespace KenkoPortal.Core.Accounts;

/// <summary>Why a password was refused. From <see cref="Common"/> on: what most of it is made of.</summary>
public enum PasswordFault
{
    None,
    Empty,
    TooShort,
    TooLong,
    Characters,
    NeedsLowerAndDigit,

    /// <summary>It is or holds a 仮パスワード of a letter or mail.</summary>
    Provisional,

    /// <summary>It is the one of before.</summary>
    Unchanged,

    /// <summary>Words and passwords that many choose.</summary>
    Common,

    /// <summary>Repeats, rows of keys, dates.</summary>
    Pattern,
    BirthDate,
    LoginId,
    Nickname,
    Name,
    Card,

    /// <summary>郵便番号, 住所, 事業所 or a telephone number that stands on each page.</summary>
    Address,
    Society,
}

/// <summary>
/// The members' manual's rule exactly (p. 3): at least 8 characters; half-width lower-case letters and digits combined; allowed are
/// A-Z a-z 0-9 and fifteen symbols. On top, as NIST SP 800-63B-4 and ASVS 6.2.11 and 6.2.12 ask: a million guesses at least from somebody who knows the person and the
/// words that people choose (row P2). A provisional password stands in a letter or mail, so it is no password.
/// </summary>
public static class PasswordPolicy
{
    public const int Shortest = 8;
    public const int Longest = 128;
    public const string Symbols = "_#+,/=?!@*%&^`-";

    /// <summary>zxcvbn takes time by more than the square of the length, and a longer password that passed ours is none of its lists'.</summary>
    private const int LongestForEstimator = 24;

    private static readonly double LeastBits = Math.Log2(1_000_000);

    private static readonly Lazy<Zxcvbn.Zxcvbn> Estimator = new(() => new Zxcvbn.Zxcvbn());

    public static PasswordFault Judge(string? password, PasswordContext context)
    {
        if (string.IsNullOrEmpty(password))
        {
            return PasswordFault.Empty;
        }

        if (!password.All(c => char.IsAsciiLetterOrDigit(c) || Symbols.Contains(c, StringComparison.Ordinal)))
        {
            return PasswordFault.Characters;
        }

        if (password.Length < Shortest)
        {
            return PasswordFault.TooShort;
        }

        if (password.Length > Longest)
        {
            return PasswordFault.TooLong;
        }

        if (!password.Any(char.IsAsciiLetterLower) || !password.Any(char.IsAsciiDigit))
        {
            return PasswordFault.NeedsLowerAndDigit;
        }

        if (HoldsProvisional(password, context))
        {
            return PasswordFault.Provisional;
        }

        var own = new OwnWords(context);
        var (bits, kind) = PasswordGuesses.Of(password, own);
        return bits < LeastBits ? kind : IsEasyForEstimator(password, own) ? PasswordFault.Common : PasswordFault.None;
    }

    private static bool HoldsProvisional(string password, PasswordContext context)
    {
        var text = ProvisionalPassword.Normalize(password);
        return Enumerable.Range(0, Math.Max(0, text.Length - ProvisionalPassword.Length + 1)).Any(at => context.IsProvisional(text.Substring(at, ProvisionalPassword.Length)));
    }

    /// <summary>A second opinion, by the English lists of zxcvbn with the person's own words before them.</summary>
    private static bool IsEasyForEstimator(string password, OwnWords own) =>
        password.Length <= LongestForEstimator && Estimator.Value.EvaluatePassword(password.ToLowerInvariant(), own.All).Entropy < LeastBits;
}
