using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>The network between the portal and its relay cuts, stalls and trickles: every mail arrives in the end, and none other than it was written.</summary>
internal sealed class FaultsPromise : IMeasurement
{
    public string Name => "faults";

    public string Says => "a proxy between portal and relay cuts, stalls and trickles: all mails arrive, none corrupt";

    public TimeSpan Limit => TimeSpan.FromMinutes(40);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        // Side by side: the runs mostly wait.
        return await Task.WhenAll(ground.Databases.Select(async kind => FastTime.Library is null
            ? Remark.Skipped("a bad network between portal and relay", kind, "libfaketime is not installed, and at the pace of real clocks the pauses after each fault take hours")
            : await SendAsync(ground, kind)));
    }

    private static async Task<Row> SendAsync(Ground ground, DatabaseKind kind)
    {
        // The pauses after a fault are seconds to minutes; at this pace a stall of a minute is two seconds.
        var time = new FastTime(30);
        FaultProxy? proxy = null;
        var store = await PortalStore.CreateAsync(ground, kind);
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Mail__Smtp__DataTimeout"] = "00:01:00",
            ["Mail__Smtp__MaxMessagesPerConnection"] = "5",
        };
        var stage = await Stage.SetAsync(ground, kind, (_, wishes) => time.Of(wishes with { RelayPort = proxy!.Port, Settings = settings }, store), store);
        proxy = ground.Own(new FaultProxy(stage.Relay.Port, 0x66617574));
        var notices = new Notices(stage);
        await notices.QueueAsync(ground.Pick(200, 2000));
        await stage.StartAsync();
        var startedAt = Stopwatch.GetTimestamp();
        var bad = ground.Pick(TimeSpan.FromSeconds(25), TimeSpan.FromMinutes(10));
        await stage.UntilAsync(bad, () => Task.FromResult(stage.Relay.Distinct >= notices.Count));
        var inBadWeather = stage.Relay.Distinct;
        proxy.IsCalm = true;
        // The longest pause of a mail is half an hour of its clock: one minute.
        await stage.UntilAsync(TimeSpan.FromSeconds(100), async () => stage.Relay.Distinct >= notices.Count && await notices.WaitingAsync() == 0);
        var took = Stopwatch.GetElapsedTime(startedAt);
        await stage.StopAsync();
        var (taken, lost, duplicated, corrupt) = notices.Compare();
        var faults = string.Join(", ", proxy.Done.Where(d => d.Key is not WireFault.None).Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Value} × {Word(d.Key)}")));
        return new Outcome("a network that cuts, stalls and trickles between portal and relay", kind, taken, lost, duplicated, corrupt)
        {
            // A fault between the relay's 250 and its arrival.
            MostDuplicated = stage.Relay.Unheard,
            And = string.Create(CultureInfo.InvariantCulture, $"{faults}; {inBadWeather} arrived through them, all after {took.TotalSeconds:F0} s (clock × 30)"),
            Broken = inBadWeather > 0 ? [] : ["nothing arrived through the faults"],
        };
    }

    private static string Word(WireFault fault) => fault switch
    {
        WireFault.Cut => "cut",
        WireFault.Stall => "stalled",
        _ => "trickled",
    };
}
