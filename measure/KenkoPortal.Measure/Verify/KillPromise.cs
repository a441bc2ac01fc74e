using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>Nothing that was acknowledged is lost when the process that serves pages, mail and jobs is killed, again and again, under load.</summary>
internal sealed class KillPromise : IMeasurement
{
    /// <summary>On PostgreSQL every so many times it is the database that is killed.</summary>
    private const int DatabaseEvery = 10;

    /// <summary>Every so many times it is killed while it starts.</summary>
    private const int WhileStartingEvery = 12;

    private const int LongLifeEvery = 5;

    private static readonly TimeSpan RegistrationPatience = TimeSpan.FromSeconds(60);

    public string Name => "kill";

    public string Says => "kill -9 of the serving process under load; client's log ⊆ database, ready again in 5 s";

    public TimeSpan Limit => TimeSpan.FromHours(4);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var kills = ground.Pick(50, 1000) / ground.Databases.Count;
        var rows = new List<Row>();
        // One after the other: how long a start takes is part of the promise.
        foreach (var kind in ground.Databases)
        {
            var row = await KillAsync(ground, kind, kills);
            // At once: what comes after it may break off.
            ground.Tell(row.Summary);
            rows.Add(row);
        }

        return rows;
    }

    private static async Task<Row> KillAsync(Ground ground, DatabaseKind kind, int kills)
    {
        var numbers = new Seeded(0x6B696C6C);
        var stage = await Stage.SetAsync(ground, kind);
        await stage.Store.CommandAsync("society", "set", PortalStore.SocietyKey, "mail-asks-per-hour=1000000");
        var server = kind is DatabaseKind.Postgres ? PostgresServer.Find(ground) : null;
        var work = new Workload(stage, ground.Cancellation);
        await work.BeginAsync();
        // Every so many times it lives until somebody has registered.
        var registrationEvery = ground.Pick(25, 50);
        var (lost, corrupt, databaseKills, ended) = (0L, 0L, 0, 0);
        var recoveries = new Times();
        var broken = new List<string>();
        await stage.StartAsync();
        for (var i = 1; i <= kills; i++)
        {
            work.Open();
            // A registration is several pages and a mail: some lives are long enough for one.
            var most = i % LongLifeEvery == 0 ? TimeSpan.FromSeconds(ground.Pick(3, 5)) : TimeSpan.FromSeconds(1.5);
            await Task.Delay(numbers.Between(most / 8, most), TimeProvider.System, ground.Cancellation);
            if (i % registrationEvery == 0)
            {
                // On PostgreSQL a job waits until the lease of the process that was killed is over: without such a life no mail of a registration would ever leave.
                var registered = work.Registered;
                await stage.UntilAsync(RegistrationPatience, () => Task.FromResult(work.Registered > registered));
            }

            if (server is not null && i % DatabaseEvery == 0)
            {
                databaseKills++;
                work.IsExcused = true;
                await server.StopAtOnceAsync();
                await server.StartAsync();
                recoveries.Add(await RecoverAsync(stage));
                await work.CloseAsync();
                work.IsExcused = false;
            }
            else
            {
                ended += stage.Portal.HasExited ? 1 : 0;
                stage.Portal.Kill();
                await work.CloseAsync();
                await stage.KillAsync();
                if (i % WhileStartingEvery == 0)
                {
                    await stage.StartAndKillAsync(numbers.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(800)));
                }

                await stage.StartAsync();
            }

            var missing = await work.FindLostAsync();
            lost += missing.Count;
            foreach (var what in missing)
            {
                ground.Tell(string.Create(CultureInfo.InvariantCulture, $"{Outcome.NameOf(kind)}: lost after kill {i}: {what}"));
            }

            corrupt += (await Integrity.FaultsAsync(stage.Store, isQuick: true)).Count;
            if (i % 25 == 0)
            {
                ground.Tell(string.Create(CultureInfo.InvariantCulture, $"{Outcome.NameOf(kind)}: {i} of {kills} kills, {work.Acked} acked, {work.Registered} registrations, {lost} lost; start {stage.Starts}"));
            }
        }

        await work.EndAsync();
        var answers = await Answers.FollowAsync(stage, ground.Cancellation);
        var (again, halves, words) = await work.CompareAllAsync();
        var faults = await Integrity.FaultsAsync(stage.Store, isQuick: false);
        var chain = await Integrity.ChainFaultsAsync(stage, ground.Cancellation);
        await stage.StopAsync();
        broken.AddRange(words);
        broken.AddRange(answers.Broken);
        if (answers.Unanswered > 0)
        {
            // Each address asks once, and the society's cap is out of reach.
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"{answers.Unanswered} asks were not answered"));
        }

        broken.AddRange(faults.Take(3));
        if (chain > 0)
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"{chain} faults in the audit chain"));
        }

        if (ended > 0)
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"{ended} times the portal had ended by itself"));
        }

        if (stage.Starts.At(1) > Stage.LongestStart.TotalMilliseconds)
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"a start took {Times.Of(stage.Starts.At(1))}"));
        }

        return new Outcome(
            $"{kills} kills under load{(databaseKills > 0 ? $", {databaseKills} of them of PostgreSQL" : "")}",
            kind,
            work.Acked + answers.Sent,
            Math.Max(lost, again) + answers.Lost,
            answers.Duplicated,
            corrupt + halves + chain + faults.Count + answers.Corrupt)
        {
            MostDuplicated = kills,
            And = $"{work.Kinds}, {answers.Sent} mails{(answers.Expired > 0 ? $", {answers.Expired} expired" : "")}; start to first page {stage.Starts}{(recoveries.Count > 0 ? $"; back after PostgreSQL {recoveries}, {work.Excused} refusals meanwhile" : "")}; load average of the machine {LoadAverage()}",
            Broken = broken,
        };
    }

    /// <summary>Of the last fifteen minutes: what a start time is worth.</summary>
    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[2] : "unknown";

    /// <summary>How long the pages take to come back by themselves once PostgreSQL is there.</summary>
    private static async Task<TimeSpan> RecoverAsync(Stage stage)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var browser = stage.Surfer.Browser();
        var isBack = await stage.UntilAsync(TimeSpan.FromSeconds(60), async () => (await browser.OpenAsync("/login")).Status == System.Net.HttpStatusCode.OK);
        return isBack ? Stopwatch.GetElapsedTime(startedAt) : throw new MeasureException("the portal did not come back after PostgreSQL did");
    }
}
