namespace KenkoPortal.Demo;

/// <summary>
/// Chance that comes out the same for the same seed (SplitMix64, Steele et al. 2014): what happens to a person in a month hangs on that person and
/// that month alone, so that a month can be made without those before it.
/// </summary>
internal sealed class Chance
{
    private ulong _state;

    public Chance(ulong seed, ulong person, int salt) => _state = Mixed(seed ^ Mixed(person ^ Mixed((ulong)(uint)salt)));

    /// <summary>FNV-1a of a text: the same on every machine, which <c>GetHashCode</c> is not.</summary>
    public static ulong HashOf(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return hash;
    }

    /// <summary>From 0, below <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>Both ends count.</summary>
    public int From(int least, int most) => least + Below(most - least + 1);

    public bool Permille(int share) => Below(1000) < share;

    public T Of<T>(IReadOnlyList<T> all) => all[Below(all.Count)];

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        return Mixed(_state);
    }

    private static ulong Mixed(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
