using System.Globalization;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>What became of one promise under its faults.</summary>
/// <param name="What">What was done to the portal, with numbers.</param>
/// <param name="Database">On which database; null where none takes part.</param>
/// <param name="Acked">What the portal said yes to.</param>
/// <param name="Lost">Acknowledged, and not there afterwards. None is allowed.</param>
/// <param name="Duplicated">There more often than it was acknowledged.</param>
/// <param name="Corrupt">There, and not as it was acknowledged: half a write, other bytes, an index that does not fit. None is allowed.</param>
internal sealed record Outcome(string What, DatabaseKind? Database, long Acked, long Lost, long Duplicated, long Corrupt) : Row
{
    public static readonly string[] Headings = ["what was done", "database", "acked", "lost", "duplicated", "corrupt", "and", ""];

    /// <summary>Duplicates that the promise allows.</summary>
    public long MostDuplicated { get; init; }

    /// <summary>Further figures, in words.</summary>
    public string And { get; init; } = "";

    /// <summary>Parts of the promise that did not hold, in words.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    public override bool? IsMet => Acked > 0 && Lost == 0 && Corrupt == 0 && Duplicated <= MostDuplicated && Broken.Count == 0;

    public override IReadOnlyList<string> Cells =>
    [
        What,
        NameOf(Database),
        Number(Acked),
        Number(Lost),
        Number(Duplicated),
        Number(Corrupt),
        string.Join("; ", Broken.Select(b => $"**{b}**").Append(And).Where(part => part.Length > 0)),
        IsMet == true ? "held" : "**broken**",
    ];

    public override string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{What} ({NameOf(Database)}): {Acked} acked, {Lost} lost, {Duplicated} duplicated ({MostDuplicated} allowed), {Corrupt} corrupt{string.Concat(Broken.Select(b => "; " + b))}");

    public static string NameOf(DatabaseKind? database) => database switch { null => "–", DatabaseKind.Sqlite => "SQLite", _ => "PostgreSQL" };

    private static string Number(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);
}

/// <summary>A line that passes no judgement: a run that this machine cannot make, and why, or figures that are only told.</summary>
internal sealed record Remark(string What, DatabaseKind? Database, string Words, string Verdict) : Row
{
    private const string NotMade = "skipped";

    public override bool? IsMet => null;

    public override bool IsSkipped => Verdict == NotMade;

    public override IReadOnlyList<string> Cells => [What, Outcome.NameOf(Database), "", "", "", "", Words, Verdict];

    public override string Summary => $"{What}: {Verdict}, {Words}";

    /// <summary>A run that was not made: nobody is told that it held.</summary>
    public static Remark Skipped(string what, DatabaseKind? database, string why) => new(what, database, why, NotMade);
}

/// <summary>Times of something that was done often.</summary>
internal sealed class Times
{
    private readonly List<double> _milliseconds = [];
    private readonly Lock _gate = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _milliseconds.Count;
            }
        }
    }

    public void Add(TimeSpan time)
    {
        lock (_gate)
        {
            _milliseconds.Add(time.TotalMilliseconds);
        }
    }

    /// <summary>Milliseconds below which this part of them lies.</summary>
    public double At(double part)
    {
        lock (_gate)
        {
            return Rounds.Percentile(_milliseconds, part);
        }
    }

    public override string ToString() => Count == 0 ? "never" : string.Create(CultureInfo.InvariantCulture, $"p50 {Of(At(0.5))}, max {Of(At(1))}");

    public static string Of(double milliseconds) => milliseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:F1} s");
}
