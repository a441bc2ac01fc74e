using System.Globalization;

namespace KenkoPortal.Core.Accounts;

/// <summary>Why a password was refused.</summary>
public enum PasswordFault
{
    None,
    Empty,
    TooShort,
    TooLong,
    Characters,
    NeedsLowerAndDigit,
    Common,
    Context,
}

/// <summary>What a password must not merely repeat.</summary>
public sealed record PasswordContext(string? LoginId, string? Nickname, DateOnly? BirthDate, string SocietyKey);

/// <summary>
/// The members' manual's rule exactly (p. 3): at least 8 characters; half-width lower-case letters and digits combined; allowed are
/// A-Z a-z 0-9 and fifteen symbols. On top, as NIST SP 800-63B-4 asks: not one of the commonest, and the whole of it not the
/// login ID, nickname, birth date or society. Provisional passwords are exempt.
/// </summary>
public static class PasswordPolicy
{
    public const int Shortest = 8;
    public const int Longest = 128;
    public const string Symbols = "_#+,/=?!@*%&^`-";

    /// <summary>No password of a common list is longer; above it the look-up would only cost time.</summary>
    private const int LongestCommon = 32;

    private const double CommonBits = 10;

    private static readonly Lazy<Zxcvbn.Zxcvbn> Estimator = new(() => new Zxcvbn.Zxcvbn());
    private static readonly Lock EstimatorGate = new();

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

        if (IsCommon(password.ToLowerInvariant()) || IsCommon(Bare(password)))
        {
            return PasswordFault.Common;
        }

        return IsContext(Bare(password), context) ? PasswordFault.Context : PasswordFault.None;
    }

    private static bool IsContext(string bare, PasswordContext context)
    {
        IEnumerable<string?> words = [context.LoginId, context.Nickname, context.SocietyKey];
        IEnumerable<string> dates = context.BirthDate is { } birth
            ? [Format(birth, "yyyyMMdd"), Format(birth, "yyMMdd"), Format(birth, "MMdd")]
            : [];
        return words.Where(w => !string.IsNullOrEmpty(w)).Select(w => Bare(w!)).Concat(dates).Any(word => word.Length > 0 && word == bare);
    }

    private static string Format(DateOnly date, string format) => date.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Case and symbols dropped.</summary>
    private static string Bare(string text) => new([.. LoginId.Fold(text).ToLowerInvariant().Where(char.IsLetterOrDigit)]);

    /// <summary>Whether the estimator would have it among its first thousand guesses.</summary>
    private static bool IsCommon(string text)
    {
        if (text.Length is 0 or > LongestCommon)
        {
            return false;
        }

        lock (EstimatorGate)
        {
            return Estimator.Value.EvaluatePassword(text).Entropy < CommonBits;
        }
    }
}
