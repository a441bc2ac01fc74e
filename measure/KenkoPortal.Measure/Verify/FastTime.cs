using System.Globalization;
using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>A process whose clock and timers run faster than the world's, by libfaketime, and the same clock in this process.</summary>
/// <param name="factor">How many of its seconds pass in one.</param>
internal sealed class FastTime(int factor) : TimeProvider
{
    /// <summary>The setting that libfaketime reads.</summary>
    public const string Variable = "FAKETIME";

    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _startedAt = System.GetTimestamp();

    /// <summary>The library that a process is started with; null where it is not installed.</summary>
    public static string? Library { get; } = new[] { "/usr/lib", "/usr/lib64", "/usr/local/lib" }
        .Where(Directory.Exists)
        .SelectMany(folder => new[] { folder }.Concat(Directory.EnumerateDirectories(folder)))
        .SelectMany(folder => new[] { Path.Combine(folder, "faketime", "libfaketimeMT.so.1"), Path.Combine(folder, "libfaketimeMT.so.1") })
        .FirstOrDefault(File.Exists);

    public override DateTimeOffset GetUtcNow() => _start + (System.GetElapsedTime(_startedAt) * factor);

    /// <summary>How long a time of its lasts in the world.</summary>
    public TimeSpan Real(TimeSpan its) => its / factor;

    /// <summary>A start of the portal at this clock. The clock of each start begins at this one's now.</summary>
    /// <param name="wishes">How it is started otherwise.</param>
    /// <param name="store">On which database.</param>
    public PortalWishes Of(PortalWishes wishes, PortalStore store)
    {
        // Fifteen seconds of patience with PostgreSQL would be a few milliseconds of the world's.
        string? Patient(string? connection) => connection is null ? null : connection + ";Timeout=0;Command Timeout=0";
        var ahead = GetUtcNow() - System.GetUtcNow();
        return wishes with
        {
            // The start itself takes as long as ever.
            Patience = TimeSpan.FromSeconds(60),
            Settings = new Dictionary<string, string?>(wishes.Settings, StringComparer.Ordinal)
            {
                ["ConnectionStrings__Portal"] = Patient(store.PortalConnection),
                ["ConnectionStrings__Owner"] = Patient(store.OwnerConnection),
                ["LD_PRELOAD"] = Library,
                [Variable] = string.Create(CultureInfo.InvariantCulture, $"+{ahead.TotalSeconds:F0} x{factor}"),
            },
        };
    }
}
