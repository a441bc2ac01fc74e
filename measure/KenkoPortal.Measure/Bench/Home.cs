using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>The first page after login, of many members in turns, beside a bare Kestrel.</summary>
internal sealed class Home : IMeasurement
{
    private const string Path = "/";

    public string Name => "home";

    public string Says => "the signed-in Home of 1,000 members in turns, against a bare Kestrel hello";

    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var hello = await Peers.StartHelloAsync(ground);
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var store = await PortalStore.CreateAsync(ground, kind);
            var population = await Population.WriteAsync(ground, store, 10_000, 3000);
            await using var portal = await PortalProcess.StartAsync(ground, store);
            var members = await population.LogInAsync(ground, BesideHello.Sessions);
            await members.CheckAsync(ground, portal, Path);
            rows.AddRange(await BesideHello.MeasureAsync(ground, hello, portal, kind, members.Requests, new LoadedPage("signed-in Home", Path, 0.08)));
            await members.CheckAsync(ground, portal, Path);
        }

        return rows;
    }
}
