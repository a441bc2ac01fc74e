using System.Globalization;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Support;

/// <summary>A line of a table. <c>./bench</c> and <c>./verify</c> have lines of their own.</summary>
public abstract record Row
{
    /// <summary>In the order of the table's headings.</summary>
    public abstract IReadOnlyList<string> Cells { get; }

    /// <summary>Whether what is required was reached; null where nothing is.</summary>
    public abstract bool? IsMet { get; }

    /// <summary>A run that this machine could not make.</summary>
    public virtual bool IsSkipped => false;

    /// <summary>What is said of it when it falls short or was not made.</summary>
    public abstract string Summary { get; }
}

/// <summary>What a figure must reach.</summary>
/// <param name="IsLeast">True: at least this; false: at most.</param>
/// <param name="Value">The bound, in the figure's unit.</param>
public sealed record Bound(bool IsLeast, double Value)
{
    public static Bound AtLeast(double value) => new(IsLeast: true, value);

    public static Bound AtMost(double value) => new(IsLeast: false, value);

    public bool IsMetBy(double value) => IsLeast ? value >= Value : value <= Value;

    public string Sign => IsLeast ? "≥" : "≤";
}

/// <summary>A measured figure.</summary>
/// <param name="What">What was measured, beside what.</param>
/// <param name="Database">On which database; null where none takes part.</param>
/// <param name="Value">The rounds; the median counts.</param>
/// <param name="Unit">Such as <c>×</c>, <c>/s</c>, <c>ms</c>, <c>MiB</c>.</param>
/// <param name="Bound">What is required; null for what is only told.</param>
public sealed record Figure(string What, DatabaseKind? Database, Spread Value, string Unit, Bound? Bound = null) : Row
{
    public static readonly string[] Headings = ["what", "database", "median", "least – most", "required", ""];

    public override bool? IsMet => Bound?.IsMetBy(Value.Median);

    public override IReadOnlyList<string> Cells =>
    [
        What,
        Database switch { null => "–", DatabaseKind.Sqlite => "SQLite", _ => "PostgreSQL" },
        With(Value.Median),
        Value.Values.Count > 1 ? $"{Number(Value.Least)} – {Number(Value.Most)}" : "",
        Bound is null ? "" : $"{Bound.Sign} {With(Bound.Value)}",
        IsMet switch { null => "", true => "met", false => "**falls short**" },
    ];

    public override string Summary => $"{What}{(Database is null ? "" : $" ({Cells[1]})")}: {With(Value.Median)}, required {Cells[4]}";

    private string With(double value) => Unit switch
    {
        "×" => $"{Number(value)} ×",
        "/s" => $"{Number(value)}/s",
        _ => $"{Number(value)} {Unit}",
    };

    /// <summary>Three digits that count; whole numbers above that.</summary>
    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,##0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };
}

/// <summary>A measurement that could not be made, or broke off.</summary>
/// <param name="Why">What went wrong.</param>
/// <param name="Columns">How many cells a line of this table has.</param>
public sealed record Failure(string Why, int Columns) : Row
{
    public override bool? IsMet => false;

    private const int MostShown = 160;

    public override IReadOnlyList<string> Cells => [Short, .. Enumerable.Repeat("", Columns - 2), "**not measured**"];

    public override string Summary => $"not measured: {Short}";

    private string Short => Why.ReplaceLineEndings(" ") is { Length: > MostShown } all ? all[..MostShown] + "…" : Why.ReplaceLineEndings(" ");
}
