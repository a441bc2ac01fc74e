using System.Security.Cryptography;
using KenkoPortal.Core.Accounts;

namespace KenkoPortal.Core.Letters;

/// <summary>
/// 仮パスワード: 12 symbols in three groups of four from an alphabet of 31 without look-alikes (no 0 o 1 l i), 59.4 bits. What the
/// member types is forgiven: full width, upper case, spaces and hyphens are normalised away.
/// </summary>
public static class ProvisionalPassword
{
    /// <summary>23 letters and 8 digits: log2(31) × 12 = 59.4 bits.</summary>
    public const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>Without hyphens.</summary>
    public const int Length = 12;

    /// <summary>A fresh password as the letter shows it: <c>abcd-efgh-jkmn</c>.</summary>
    public static string Create() => Grouped(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>The same form out of given bytes, for a password that must come out the same each time (the reissue mail).</summary>
    /// <param name="bytes">At least 24 bytes from a MAC.</param>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        Span<char> symbols = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
        {
            symbols[i] = Alphabet[((bytes[2 * i] << 8) | bytes[(2 * i) + 1]) % Alphabet.Length];
        }

        return Grouped(symbols.ToString());
    }

    /// <summary>What was typed, without width, case, spaces and hyphens (of every kind that phones offer).</summary>
    public static string Normalize(string? typed) => new([.. LoginId.Fold(typed).ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)]);

    private static string Grouped(string symbols) => $"{symbols[..4]}-{symbols[4..8]}-{symbols[8..]}";
}
