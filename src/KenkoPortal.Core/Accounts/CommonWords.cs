using System.Collections.Frozen;
using System.Globalization;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Accounts;

/// <summary>
/// The words and passwords that everybody guesses first, each with the bits that it costs a guesser: <c>common-words.txt</c> (ours: what Japanese
/// passwords are made of) and <c>common-passwords.txt</c> (public, see NOTICE). Read once, at the first password that is judged.
/// </summary>
internal static class CommonWords
{
    public const int Longest = 24;
    public const int Shortest = 3;

    /// <summary>The rarest password of a list costs no more: above it the list would make a password stronger.</summary>
    private const double MostBits = 12;

    private static readonly Lazy<FrozenDictionary<string, double>.AlternateLookup<ReadOnlySpan<char>>> Bits =
        new(() => Read().ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>());

    /// <summary>Lower case.</summary>
    /// <returns>Null where it is no such word.</returns>
    public static double? BitsOf(ReadOnlySpan<char> word) => Bits.Value.TryGetValue(word, out var bits) ? bits : null;

    private static Dictionary<string, double> Read()
    {
        var words = new Dictionary<string, double>(StringComparer.Ordinal);
        var groupBits = 0.0;
        foreach (var line in Lines("common-words.txt"))
        {
            if (line[0] == '[')
            {
                groupBits = double.Parse(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..^1], CultureInfo.InvariantCulture);
                continue;
            }

            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(Romaji.SpellingsOf))
            {
                Add(word, groupBits);
            }
        }

        var rank = 0;
        foreach (var password in Lines("common-passwords.txt"))
        {
            Add(password, Math.Min(MostBits, 1 + Math.Log2(++rank)));
        }

        return words;

        void Add(string word, double bits)
        {
            if (word.Length is >= Shortest and <= Longest && bits < words.GetValueOrDefault(word, double.MaxValue))
            {
                words[word] = bits;
            }
        }
    }

    private static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(CommonWords).Assembly.GetManifestResourceStream($"KenkoPortal.Core.Accounts.{name}")
            ?? throw new InvalidOperationException($"The resource {name} is missing.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }
}
