using System.Globalization;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Fuzzing;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>Mutated mails, files and requests: nothing crashes, nothing is half written, memory stays small.</summary>
internal sealed class FuzzPromise : IMeasurement
{
    private const ulong Seed = 20261122;
    private const double MostMebibytes = 512;

    public string Name => "fuzz";

    public string Says => "a million mutated mails, 100,000 files, 100,000 requests: 0 crashes, 0 half writes, memory < 512 MB";

    public TimeSpan Limit => TimeSpan.FromHours(4);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        // The tests' databases shall lie in the run's folder, which goes with the run.
        Environment.SetEnvironmentVariable("TMPDIR", ground.NewFolder("tmp"));
        var (mails, files, requests) = ground.Pick((10_000L, 1_000L, 1_000L), (1_000_000L, 100_000L, 100_000L));
        var share = ground.Databases.Count;
        List<Row> rows =
        [
            await FuzzAsync(ground, "mails, the session alone", null, told => Task.Run(() => SmtpFuzzer.Run(Seed, mails * 9 / 10, told, ground.Cancellation))),
            await FuzzAsync(ground, "addresses", null, told => Task.Run(() => AddressFuzzer.Run(Seed, mails, told, ground.Cancellation))),
        ];
        foreach (var kind in ground.Databases)
        {
            rows.Add(await FuzzAsync(ground, "mails over sockets", kind, told => SmtpFuzzer.RunOverSocketsAsync(kind, Seed, mails / 10 / share, progress: told, cancellationToken: ground.Cancellation)));
            rows.Add(await FuzzAsync(ground, "members' lists", kind, told => ListFuzzer.RunAsync(kind, Seed, files / share, progress: told, cancellationToken: ground.Cancellation)));
            rows.Add(await FuzzAsync(ground, "requests", kind, told => RequestFuzzer.RunAsync(kind, Seed, requests / share, connections: 4, progress: told, cancellationToken: ground.Cancellation)));
        }

        return rows;
    }

    private static async Task<Row> FuzzAsync(Ground ground, string what, DatabaseKind? kind, Func<Action<long>, Task<FuzzReport>> run)
    {
        GC.Collect();
        using var memory = new PeakMemory();
        var last = 0L;
        var report = await run(tried =>
        {
            if (tried - Interlocked.Read(ref last) >= 20_000)
            {
                Interlocked.Exchange(ref last, tried);
                ground.Tell(string.Create(CultureInfo.InvariantCulture, $"{what}: {tried:#,##0}"));
            }
        });
        ground.Cancellation.ThrowIfCancellationRequested();
        foreach (var finding in report.Findings)
        {
            ground.Tell(string.Create(CultureInfo.InvariantCulture, $"{report.Name}, seed {report.Seed}, round {finding.Round}: {finding.What} {finding.Input}"));
        }

        var broken = new List<string>();
        if (report.Crashed > 0)
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"{report.Crashed} crashed"));
        }

        if (memory.Mebibytes > MostMebibytes)
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"{memory.Mebibytes:F0} MiB"));
        }

        return new Outcome(string.Create(CultureInfo.InvariantCulture, $"{report.Tried:#,##0} mutated {what}"), kind, report.Accepted, 0, 0, report.HalfWritten)
        {
            And = string.Create(CultureInfo.InvariantCulture, $"seed {report.Seed}, {report.Crashed} crashed; memory at most {memory.Mebibytes:F0} MiB, attacker and attacked together"),
            Broken = broken,
        };
    }

    /// <summary>The most memory that this process has while it lives, looked at ten times a second.</summary>
    private sealed class PeakMemory : IDisposable
    {
        private readonly ITimer _timer;
        private long _peak;

        public PeakMemory() => _timer = TimeProvider.System.CreateTimer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));

        public double Mebibytes
        {
            get
            {
                Look();
                return Interlocked.Read(ref _peak) / (1024.0 * 1024);
            }
        }

        public void Dispose() => _timer.Dispose();

        private void Look() => Interlocked.Exchange(ref _peak, Math.Max(Interlocked.Read(ref _peak), Environment.WorkingSet));
    }
}
