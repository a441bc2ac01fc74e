using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using KenkoPortal.Claims;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// The claims reader on one core: insurer-side 医科 with its corrections, to claims as examined. In a process of its own, whose peak memory is that of
/// the runtime and the reader, once with a file and once with one eight times as large.
/// </summary>
internal sealed class ClaimsReader : IMeasurement
{
    /// <summary>The hidden command by which this program reads in a process of its own.</summary>
    public const string ReadCommand = "read-claims";

    private const int Times = 8;
    private const int People = 20_000;
    private static readonly TimeSpan ReadLimit = TimeSpan.FromMinutes(5);

    public string Name => "claims-reader";

    public string Says => "insurer-side 医科 claims with corrections, read to claims as examined on one core; memory for a file and for one eight times as large";

    public TimeSpan Limit => TimeSpan.FromMinutes(10);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var once = MadeDelivery.Write(ground, People, NoticesImport.Month).Files.Single(f => f.EndsWith("MED.CSV", StringComparison.Ordinal));
        var claims = (await ReadAsync(ground, once)).Claims;
        var megabytes = ground.Pick(400, 1600);
        var (small, large) = (await RepeatAsync(ground, once, megabytes / Times), await RepeatAsync(ground, once, megabytes));
        var rounds = await Rounds.InTurnsAsync(ground, ground.Pick(3, 5), () => ReadAsync(ground, large), () => ReadAsync(ground, small));
        var copies = new FileInfo(large).Length / new FileInfo(once).Length;
        if (rounds[0].Any(r => r.Claims != claims * copies))
        {
            throw new MeasureException($"{copies} times {claims} claims were written, {string.Join(" and ", rounds[0].Select(r => r.Claims))} were read");
        }

        var size = new FileInfo(large).Length / 1_000_000.0;
        var name = string.Create(CultureInfo.InvariantCulture, $"claims of 医科 as examined, {rounds[0][0].Claims:#,##0} of them in {size:0} MB, one core");
        return
        [
            new Figure(name, null, rounds[0].Of(r => size / r.Seconds), "MB/s", Bound.AtLeast(100)),
            new Figure("… corrected claims among them", null, rounds[0].Of(r => r.Corrected), "claims"),
            new Figure("… peak memory of the process", null, rounds[0].Of(r => r.PeakKibibytes / 1024.0), "MiB", Bound.AtMost(50)),
            new Figure("… and with an eighth of the file", null, rounds[1].Of(r => r.PeakKibibytes / 1024.0), "MiB"),
        ];
    }

    /// <summary>What the hidden command does: reads a file and says claims, seconds and its peak memory as JSON.</summary>
    public static int ReadHere(string path)
    {
        var begun = Stopwatch.GetTimestamp();
        var (points, corrected) = (0L, 0L);
        long claims;
        using (var stream = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan }))
        {
            var file = ClaimFile.Read(stream);
            foreach (var claim in file)
            {
                points += claim.AsExamined.Points;
                corrected += claim.PointsDifference != 0 ? 1 : 0;
            }

            claims = file.ClaimsRead;
        }

        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var peak = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        Console.WriteLine(JsonSerializer.Serialize(new ClaimsRead(
            claims, corrected, points, seconds, long.Parse(peak[6..^2], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture))));
        return 0;
    }

    /// <summary>A file of at least so many megabytes, so that what a process does once at its start does not count: the same claims again and again.</summary>
    private static async Task<string> RepeatAsync(Ground ground, string file, int megabytes)
    {
        var path = Path.Combine(ground.NewFolder("claims"), Path.GetFileName(file));
        await using var many = new FileStream(path, FileMode.CreateNew);
        while (many.Length < megabytes * 1_000_000L)
        {
            await using var one = File.OpenRead(file);
            await one.CopyToAsync(many, ground.Cancellation);
        }

        return path;
    }

    private static async Task<ClaimsRead> ReadAsync(Ground ground, string path)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(ClaimsReader).Assembly.GetName().Name + ".dll");
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_PROCESSOR_COUNT"] = "1", ["DOTNET_gcServer"] = "0" };
        var ended = await Child.RunAsync(ground, [ground.CommandScript, program, ReadCommand, path], ReadLimit, settings);
        return JsonSerializer.Deserialize<ClaimsRead>(ended.Succeeded("reading").Output)!;
    }

    private sealed record ClaimsRead(long Claims, long Corrected, long Points, double Seconds, long PeakKibibytes);
}
