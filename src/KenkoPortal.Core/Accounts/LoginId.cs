using System.Text;
using KenkoPortal.Core.Letters;

namespace KenkoPortal.Core.Accounts;

/// <summary>Why a login ID was refused.</summary>
public enum LoginIdFault
{
    None,
    Empty,
    Length,
    Characters,

    /// <summary>It has the form of a 仮ログインID, which may not be kept.</summary>
    Provisional,
    EndsInDigit,
}

/// <summary>
/// ログインID: 6 to 32 of half-width letters, digits, <c>_ - .</c>; full width is folded (NFKC) before it is judged. Of 8 characters
/// the 7th and 8th may not be digits (the members' manual, p. 3). Nor may it be eight digits and hyphens: the login takes those for a
/// 仮ログインID as it may be typed from the letter, so that no member's ID is ever mistaken for one.
/// </summary>
public sealed class LoginId
{
    public const int Shortest = 6;
    public const int Longest = 32;

    private LoginId(string value) => Value = value;

    public string Value { get; }

    /// <summary>The ID without regard to case; unique within the society.</summary>
    public string Key => Value.ToLowerInvariant();

    public static LoginIdFault TryParse(string? typed, out LoginId? id)
    {
        id = null;
        var value = Fold(typed);
        if (value.Length == 0)
        {
            return LoginIdFault.Empty;
        }

        if (!value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            return LoginIdFault.Characters;
        }

        if (value.Length is < Shortest or > Longest)
        {
            return LoginIdFault.Length;
        }

        if (ProvisionalId.HasForm(value))
        {
            return LoginIdFault.Provisional;
        }

        if (value.Length == 8 && (char.IsAsciiDigit(value[6]) || char.IsAsciiDigit(value[7])))
        {
            return LoginIdFault.EndsInDigit;
        }

        id = new LoginId(value);
        return LoginIdFault.None;
    }

    /// <summary>What was typed, folded for a look-up. Anything that is no ID (a NUL, which PostgreSQL refuses as text) folds to the empty key, which nobody has.</summary>
    public static string KeyOf(string? typed) => TryParse(typed, out var id) == LoginIdFault.None ? id!.Key : "";

    /// <summary>NFKC and trimmed; input that Unicode cannot normalise (lone surrogates) or that is absurdly long comes back empty.</summary>
    internal static string Fold(string? typed)
    {
        if (typed is null || typed.Length > 256)
        {
            return "";
        }

        try
        {
            return typed.Normalize(NormalizationForm.FormKC).Trim();
        }
        catch (ArgumentException)
        {
            return "";
        }
    }
}
