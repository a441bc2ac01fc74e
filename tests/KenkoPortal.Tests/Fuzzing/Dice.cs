namespace KenkoPortal.Tests.Fuzzing;

/// <summary>
/// Numbers that look random and are the same for the same seed, on every machine and version (SplitMix64, Steele and others 2014).
/// For inputs of tests only: whoever sees some numbers knows the rest.
/// </summary>
public sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to one below the limit.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Dice of its own for one round, so that a round can be played again without those before it.</summary>
    public static Dice ForRound(ulong seed, long round) => new(new Dice(seed ^ ((ulong)round * 0xD1342543DE82EF95)).Next());
}
