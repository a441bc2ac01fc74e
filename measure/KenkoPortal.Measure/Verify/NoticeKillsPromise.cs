using System.Globalization;
using KenkoPortal.Demo;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>
/// A society's months of claims, computed and published by commands that are killed at any moment, leave step by step what the same commands leave on a second
/// database on which nobody kills them.
/// </summary>
internal sealed class NoticeKillsPromise : IMeasurement
{
    /// <summary>The newest month of treatment; the first is eleven before it.</summary>
    private static readonly DemoMonth Until = new(2026, 4);

    public string Name => "notice-kills";

    public string Says => "random kill -9 of `kenko claims import`, `notices compute` and `notices publish`: all or nothing, ten imports = one";

    public TimeSpan Limit => TimeSpan.FromHours(2);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var delivery = MadeDelivery.Write(ground, ground.Pick(300, 4000), Until, months: 12);
        var kills = ground.Pick(12, 200) / ground.Databases.Count;
        return await Task.WhenAll(ground.Databases.Select(kind => KillAsync(ground, kind, delivery, kills)));
    }

    private static async Task<Row> KillAsync(Ground ground, DatabaseKind kind, MadeDelivery delivery, int kills)
    {
        await using var quiet = await delivery.OpenStoreAsync(ground, kind);
        await using var store = await delivery.OpenStoreAsync(ground, kind);
        var killed = new KilledCommands(ground, store, new Seeded(0x6E6F7469), kills, () => NoticeRows.DigestAsync(store));
        var (before, published, corrupt) = (await NoticeRows.DigestAsync(store), 0, 0);
        for (var month = delivery.First; month <= Until && !killed.IsOver; month = month.Add(1), published++)
        {
            foreach (var command in MonthlyWork(delivery, month))
            {
                var ended = await quiet.CommandAsync(command);
                var after = await NoticeRows.DigestAsync(quiet);
                if (after == before)
                {
                    throw new MeasureException($"kenko {string.Join(' ', command.Take(2))} of {month} changed nothing");
                }

                if (!await killed.GetThroughAsync(ended.Took, before, after, command))
                {
                    return Tell([$"kenko {string.Join(' ', command.Take(2))} of {month} left neither what was before nor what it should"]);
                }

                before = after;
            }
        }

        var delivered = DeliveryOf(delivery, delivery.First.Add(published - 1));
        for (var i = 0; i < 10; i++)
        {
            await store.CommandAsync("claims", "import", delivered);
        }

        var broken = new List<string>();
        if (await NoticeRows.DigestAsync(store, isOfNotices: true) != await NoticeRows.DigestAsync(quiet, isOfNotices: true))
        {
            broken.Add("ten runs were not one");
        }

        corrupt = (await Integrity.FaultsAsync(store, isQuick: false)).Count;
        return Tell(broken);

        Row Tell(IReadOnlyList<string> words) => new Outcome(
            string.Create(CultureInfo.InvariantCulture, $"{killed.Killed} kills of importing, computing and publishing {delivery.Claims / 12:#,##0} claims a month"),
            kind, killed.Acked, killed.Lost, 0, killed.Corrupt + corrupt)
        {
            And = string.Create(CultureInfo.InvariantCulture, $"{published} months were published; ten more imports of the last changed nothing"),
            Broken = words,
        };
    }

    private static string[][] MonthlyWork(MadeDelivery delivery, DemoMonth month) =>
    [
        ["claims", "import", DeliveryOf(delivery, month)],
        ["notices", "compute", "--month", TextOf(month)],
        ["notices", "publish", "--month", TextOf(month)],
    ];

    private static string TextOf(DemoMonth month) => month.FirstDay.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>The folder of the month of billing, which is the one after the month of treatment.</summary>
    private static string DeliveryOf(MadeDelivery delivery, DemoMonth month) => Path.Combine(delivery.Folder, month.Add(1).ToString());
}
