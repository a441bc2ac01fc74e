using System.Globalization;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Verify;

/// <summary>An import that is killed at any moment leaves the list that was in force or the new one, and nothing between; ten runs are one.</summary>
internal sealed class ImportKillsPromise : IMeasurement
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    public string Name => "import-kills";

    public string Says => "random kill -9 of `kenko members import`: all or nothing, ten runs = one; pages and mail meanwhile";

    public TimeSpan Limit => TimeSpan.FromHours(2);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var kills = ground.Pick(20, 200) / ground.Databases.Count;
        var stages = await Task.WhenAll(ground.Databases.Select(async kind =>
        {
            var stage = await Stage.SetAsync(ground, kind);
            await stage.StartAsync();
            return stage;
        }));
        var rows = new List<Row>(await Task.WhenAll(stages.Select(stage => KillAsync(ground, stage, kills))));
        // One after the other: how long a page takes beside an import is a figure.
        foreach (var stage in stages)
        {
            rows.Add(await ServeMeanwhileAsync(ground, stage));
            await stage.StopAsync();
        }

        return rows;
    }

    private static async Task<Row> KillAsync(Ground ground, Stage stage, int kills)
    {
        var people = ground.Pick(3000, 10_000);
        var path = Path.Combine(ground.NewFolder("lists"), "members.csv");
        var before = await MadeList.DigestAsync(stage.Store);
        var command = new KilledCommands(ground, stage.Store, new Seeded(0x696D706F), kills, () => MadeList.DigestAsync(stage.Store));
        var (version, corrupt) = (0, 0);
        while (!command.IsOver)
        {
            var list = new MadeList(people, version);
            list.Write(path);
            if (!await command.GetThroughAsync(command.Whole, before, list.Digest, "members", "import", path))
            {
                return Tell(["the tables hold neither the list before nor the new one"]);
            }

            before = list.Digest;
            version++;
        }

        var rows = await RowsAsync(stage);
        for (var i = 0; i < 10; i++)
        {
            (await stage.Store.RunAsync("members", "import", path)).Succeeded("members import");
        }

        var broken = new List<string>();
        if (await MadeList.DigestAsync(stage.Store) != before || await RowsAsync(stage) != rows)
        {
            broken.Add("ten runs were not one");
        }

        var (runs, events) = await stage.ReadAsync(async db => (
            await db.ImportRuns.CountAsync(ground.Cancellation),
            await db.AuditEvents.CountAsync(e => e.Kind == AuditKind.MembersImported, ground.Cancellation)));
        corrupt = Math.Abs(runs - events) + (await Integrity.FaultsAsync(stage.Store, isQuick: false)).Count;
        return Tell(broken);

        Row Tell(IReadOnlyList<string> words) => new Outcome(
            string.Create(CultureInfo.InvariantCulture, $"{command.Killed} kills of an import of {people:#,##0} people at random moments"),
            stage.Store.Kind, command.Acked, command.Lost, 0, command.Corrupt + corrupt)
        {
            And = string.Create(CultureInfo.InvariantCulture, $"{version} versions came into force, ten more runs changed nothing; one takes {command.Whole.TotalSeconds:F1} s"),
            Broken = words,
        };
    }

    private static Task<(int Persons, int Cards, int Households)> RowsAsync(Stage stage) => stage.ReadAsync(async db =>
        (await db.Persons.CountAsync(), await db.InsuranceCards.CountAsync(), await db.Households.CountAsync()));

    /// <summary>Pages are read and mails are taken, or told to come again, while a big list is being written.</summary>
    private static async Task<Row> ServeMeanwhileAsync(Ground ground, Stage stage)
    {
        var hash = await stage.Store.Services.GetRequiredService<PasswordHashing>().HashAsync(Journeys.Password, ground.Cancellation);
        var member = await SignedInMember.LogInAsync(stage, hash, Patience);
        var probe = new Probe(stage, member, Patience);
        var path = Path.Combine(ground.NewFolder("lists"), "big.csv");
        // A difference: the member of the probe is on no list and shall not leave.
        var list = new MadeList(ground.Pick(20_000, 100_000), 50);
        list.Write(path);
        var import = stage.Store.RunAsync("members", "import", path, "--difference");
        while (!import.IsCompleted)
        {
            await Task.WhenAll(probe.LoginPageAsync(), probe.ProfileAsync(), probe.MailAsync(ground.Cancellation));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ground.Cancellation);
        }

        var ended = await import;
        var broken = new List<string>();
        if (ended.ExitCode != 0)
        {
            broken.Add($"the import ended with {ended.ExitCode}");
        }

        if (probe.Count("login page", "200") < probe.Asked("login page") || probe.Count("profile", "200") < probe.Asked("profile"))
        {
            broken.Add("a page was not shown");
        }

        broken.AddRange(probe.Open.Distinct(StringComparer.Ordinal));
        if (probe.Count("mail", "250", "451") < probe.Asked("mail"))
        {
            broken.Add("a mail was told neither 250 nor 451");
        }

        var lost = 0;
        foreach (var address in probe.Acked)
        {
            var mac = stage.Keys.Mac(Core.Common.KeyPurpose.CanonicalAddress, Core.Common.EmailAddress.Parse(address).Canonical);
            lost += await stage.ReadAsync(db => db.MailAsks.AnyAsync(a => a.CanonicalMac == mac, ground.Cancellation)) ? 0 : 1;
        }

        return new Outcome(
            string.Create(CultureInfo.InvariantCulture, $"pages and mail during an import of {list.Count:#,##0} people"), stage.Store.Kind, probe.Acked.Count, lost, 0, 0)
        {
            And = string.Create(CultureInfo.InvariantCulture, $"{probe.Words}; the import took {ended.Took.TotalSeconds:F1} s"),
            Broken = broken,
        };
    }
}
