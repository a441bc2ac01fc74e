using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace KenkoPortal.Measure.Support;

/// <summary><c>bench</c> and <c>verify</c>: runs measurements one after the other, prints their table, writes it into its page, and ends with what fell short.</summary>
/// <param name="name">The command's name, and its table's marker.</param>
/// <param name="says">One line of help.</param>
/// <param name="page">The page of docs that has the table.</param>
/// <param name="headings">The table's.</param>
/// <param name="all">In the order of the table.</param>
public sealed partial class MeasureCommand(string name, string says, string page, IReadOnlyList<string> headings, IReadOnlyList<IMeasurement> all)
{
    private const int Well = 0;
    private const int FallsShort = 1;
    private const int CalledWrongly = 2;
    private const int Interrupted = 130;

    public Command Build()
    {
        var names = new Argument<string[]>("NAME") { Description = "Only these; all without a name.", Arity = ArgumentArity.ZeroOrMore };
        var quick = new Option<bool>("--quick") { Description = "Fewer and shorter rounds." };
        var list = new Option<bool>("--list") { Description = "The names, and what each measures." };
        var command = new Command(name, says) { names, quick, list };
        command.SetAction((parsed, cancellation) => parsed.GetValue(list)
            ? Task.FromResult(List())
            : RunAsync(parsed.GetValue(names) ?? [], parsed.GetValue(quick), cancellation));
        return command;
    }

    private int List()
    {
        foreach (var measurement in all)
        {
            Console.WriteLine($"{measurement.Name,-14} {measurement.Says}");
        }

        return Well;
    }

    private async Task<int> RunAsync(string[] names, bool isQuick, CancellationToken cancellation)
    {
        if (names.Except(all.Select(m => m.Name), StringComparer.Ordinal).ToList() is { Count: > 0 } unknown)
        {
            await Console.Error.WriteLineAsync($"There is no {string.Join(", no ", unknown)}. ./{name} --list");
            return CalledWrongly;
        }

        var chosen = all.Where(m => names.Length == 0 || names.Contains(m.Name, StringComparer.Ordinal)).ToList();
        await using var ground = OpenGround(isQuick);
        var results = new Dictionary<string, IReadOnlyList<Row>>(StringComparer.Ordinal);
        foreach (var measurement in chosen)
        {
            try
            {
                results[measurement.Name] = await MeasureAsync(measurement, ground, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                ground.Tell("Interrupted; nothing is written.");
                return Interrupted;
            }
        }

        Console.WriteLine(Table.Render(headings, results));
        await WritePageAsync(ground, results, await RunOf(ground, names, isQuick));
        var code = Conclude(results);
        if (ground.Postgres is null && !IsWithoutPostgres)
        {
            Console.WriteLine("There was no PostgreSQL: nothing is said of what runs on it. --no-postgres leaves it out.");
            return FallsShort;
        }

        return code;
    }

    private async Task<IReadOnlyList<Row>> MeasureAsync(IMeasurement measurement, Ground ground, CancellationToken cancellation)
    {
        try
        {
            var rows = await ground.DoAsync(measurement.Name, measurement.Limit, () => measurement.RunAsync(ground), cancellation);
            foreach (var row in rows)
            {
                ground.Tell($"{measurement.Name}: {string.Join("  ", row.Cells.Where(c => c.Length > 0))}");
            }

            return rows;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // One that breaks must not take the others' figures with it.
            ground.Tell($"{measurement.Name} broke off: {(exception is MeasureException ? exception.Message : exception)}");
            return [new Failure(exception.Message, headings.Count)];
        }
    }

    private async Task WritePageAsync(Ground ground, Dictionary<string, IReadOnlyList<Row>> results, string run)
    {
        var path = Path.Combine(ground.Root, page);
        var table = new Table(name, headings);
        var text = await File.ReadAllTextAsync(path, CancellationToken.None);
        table.Read(text);
        table.Replace(run, results, [.. all.Select(m => m.Name)]);
        await File.WriteAllTextAsync(path, table.Write(text), CancellationToken.None);
        Console.WriteLine($"{page} is written.");
    }

    private static int Conclude(Dictionary<string, IReadOnlyList<Row>> results)
    {
        var (skipped, missed) = (Summaries(row => row.IsSkipped), Summaries(row => row.IsMet == false));
        if (skipped.Count > 0)
        {
            Console.WriteLine($"{skipped.Count} could not be made here, and nothing is said of them:");
            skipped.ForEach(Console.WriteLine);
        }

        if (missed.Count == 0)
        {
            Console.WriteLine(skipped.Count > 0 ? "All the rest that is required was met." : "Everything that is required was met.");
            return Well;
        }

        Console.WriteLine($"{missed.Count} fell short:");
        missed.ForEach(Console.WriteLine);
        return FallsShort;

        List<string> Summaries(Func<Row, bool> wanted) => [.. results.SelectMany(pair => pair.Value.Where(wanted).Select(row => $"  {pair.Key}: {row.Summary}"))];
    }

    private static Ground OpenGround(bool isQuick) => new()
    {
        Folder = Variable("KENKO_MEASURE_FOLDER"),
        Portal = Variable("KENKO_MEASURE_PORTAL"),
        Root = Variable("KENKO_MEASURE_ROOT"),
        Postgres = Environment.GetEnvironmentVariable("KENKO_TEST_POSTGRES") is { Length: > 0 } postgres ? postgres : null,
        IsQuick = isQuick,
    };

    /// <summary>Whoever asked for it knows that half of it is left out.</summary>
    private static bool IsWithoutPostgres => Environment.GetEnvironmentVariable("KENKO_MEASURE_WITHOUT_POSTGRES") is { Length: > 0 };

    private static string Variable(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
        ? value
        : throw new MeasureException($"{variable} is not set: this program is started by ./bench and ./verify");

    /// <summary>Day, command, commit and machine of a run.</summary>
    private async Task<string> RunOf(Ground ground, string[] names, bool isQuick)
    {
        var day = TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var commit = await Child.RunAsync(ground, ["git", "-C", ground.Root, "describe", "--always", "--dirty"], TimeSpan.FromSeconds(20));
        string[] command = [$"./{name}", .. names, .. isQuick ? ["--quick"] : Array.Empty<string>(), .. IsWithoutPostgres ? ["--no-postgres"] : Array.Empty<string>()];
        return $"{day}, `{string.Join(' ', command)}`, {(commit.ExitCode == 0 ? $"commit {commit.Output.Trim()}, " : "")}{MachineOf()}";
    }

    private static string MachineOf()
    {
        var cpu = File.Exists("/proc/cpuinfo") && CpuName().Match(File.ReadAllText("/proc/cpuinfo")) is { Success: true } found ? found.Groups["name"].Value.Trim() : RuntimeInformation.ProcessArchitecture.ToString();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return string.Create(CultureInfo.InvariantCulture, $"{cpu}, {Environment.ProcessorCount} cores, {memory:F0} GiB, {RuntimeInformation.OSDescription}, .NET {Environment.Version}");
    }

    [GeneratedRegex(@"^model name\s*:(?<name>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CpuName();
}
