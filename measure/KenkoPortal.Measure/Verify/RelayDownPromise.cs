using System.Globalization;
using KenkoPortal.Core;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Measure.Verify;

/// <summary>The relay is down for a day: what has no deadline waits and goes, a link that died meanwhile never goes, and the relay is not hammered.</summary>
internal sealed class RelayDownPromise : IMeasurement
{
    /// <summary>Each lane asks once a minute at the latest, and in the beginning more often.</summary>
    private const int MostTries = (2 * 24 * 60) + 50;

    private static readonly TimeSpan Outage = TimeSpan.FromHours(24);

    public string Name => "relay-down";

    public string Says => "the relay refuses and stalls for 24 hours of a fast clock: the queue survives, backs off, sends no dead link";

    public TimeSpan Limit => TimeSpan.FromMinutes(40);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        // Side by side: the runs mostly wait.
        return await Task.WhenAll(ground.Databases.Select(async kind => FastTime.Library is null
            ? Remark.Skipped("the relay is down for 24 h", kind, "libfaketime is not installed")
            : await WaitAsync(ground, kind)));
    }

    private static async Task<Row> WaitAsync(Ground ground, DatabaseKind kind)
    {
        // 24 hours in a minute, or in four.
        var time = new FastTime(ground.Pick(1440, 360));
        var store = await PortalStore.CreateAsync(ground, kind);
        var stage = await Stage.SetAsync(ground, kind, (_, wishes) => time.Of(wishes, store), store);
        var notices = new Notices(stage);
        await notices.QueueAsync(200);
        await using var asking = AskingIn(stage, time);
        stage.Relay.Mood = RelayMood.Refusing;
        await stage.StartAsync();
        var begunAt = time.GetUtcNow();
        var early = await AskAsync(asking, stage, "early", 50);
        await PassAsync(ground, time, begunAt + (Outage / 2));
        stage.Relay.Mood = RelayMood.Silent;
        await PassAsync(ground, time, begunAt + (Outage * 3 / 4));
        stage.Relay.Mood = RelayMood.Refusing;
        await PassAsync(ground, time, begunAt + Outage - TimeSpan.FromHours(1));
        var late = await AskAsync(asking, stage, "late", 20);
        await PassAsync(ground, time, begunAt + Outage);
        var tries = stage.Relay.Connections;
        var before = stage.Relay.Mails.Count;
        stage.Relay.Mood = RelayMood.Open;
        // Half an hour is the longest pause of a single mail.
        await stage.UntilAsync(
            time.Real(TimeSpan.FromHours(1.5)) + TimeSpan.FromSeconds(15),
            () => Task.FromResult(stage.Relay.Distinct >= notices.Count + late.Count));
        var waiting = await notices.WaitingAsync();
        await stage.StopAsync();

        var (taken, lost, duplicated, corrupt) = notices.Compare();
        var dead = early.Count(address => stage.Relay.To(address) is not null);
        var lostLate = late.Count(address => stage.Relay.To(address) is null);
        var expired = await stage.ReadAsync(db => db.OutboxMails.CountAsync(m => m.FailedAt != null && m.ExpiresAt != null && m.ExpiresAt <= m.FailedAt, ground.Cancellation));
        var broken = new List<string>();
        if (dead > 0)
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"{dead} dead links were sent"));
        }

        if (tries is > MostTries or 0)
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"{tries} tries in 24 h"));
        }

        if (expired != early.Count || before > 0 || waiting > 0)
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"{expired} of {early.Count} expired, {before} sent while the relay was down, {waiting} waiting at the end"));
        }

        return new Outcome("the relay refuses and stalls for 24 h (a clock by libfaketime)", kind, taken + late.Count - lostLate, lost + lostLate, duplicated, corrupt)
        {
            And = string.Create(CultureInfo.InvariantCulture, $"{expired} expired, none of them sent; {tries} tries to connect"),
            Broken = broken,
        };
    }

    private static Task PassAsync(Ground ground, FastTime time, DateTimeOffset until) =>
        Task.Delay(time.Real(until - time.GetUtcNow()) is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero, TimeProvider.System, ground.Cancellation);

    /// <summary>The portal's services in this process, at the portal's clock.</summary>
    private static ServiceProvider AskingIn(Stage stage, FastTime time) => new ServiceCollection()
        .AddLogging(logging => logging.ClearProviders())
        .AddSingleton<TimeProvider>(time)
        .AddPortalCore(new PortalDatabase(stage.Store.Folder, stage.Store.PortalConnection, stage.Store.OwnerConnection), stage.Keys)
        .BuildServiceProvider();

    /// <summary>Asks for registration mails as the page does.</summary>
    private static async Task<List<string>> AskAsync(ServiceProvider services, Stage stage, string kind, int count)
    {
        var addresses = Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{kind}{i}@visitor.test")).ToList();
        foreach (var address in addresses)
        {
            await new Residents(services, stage.Society).AsStaffAsync(scope =>
                scope.GetRequiredService<MailAsks>().AskAsync(AskPurpose.Registration, EmailAddress.Parse(address), CancellationToken.None));
        }

        return addresses;
    }
}
