namespace KenkoPortal.Measure.Verify;

/// <summary>Numbers that look random and are the same for the same seed (SplitMix64), so that a run can be made again. May be asked from several threads.</summary>
internal sealed class Seeded(ulong seed)
{
    private ulong _state = seed;

    /// <summary>From 0 to <paramref name="below"/>, without it.</summary>
    public int Next(int below) => (int)(Next() % (ulong)below);

    /// <summary>A time between the two.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + TimeSpan.FromTicks((long)(Next() % (ulong)Math.Max(1, (most - least).Ticks)));

    private ulong Next()
    {
        var z = Interlocked.Add(ref _state, 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
