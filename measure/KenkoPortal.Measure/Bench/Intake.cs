using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// Empty mails in: Postfix's smtp-source sends from fifty sessions at once, and right after its last 250 the portal is killed, so that
/// what is counted is what was on disk.
/// </summary>
internal sealed class Intake : IMeasurement
{
    private const int Sessions = 50;

    public string Name => "intake";

    public string Says => "empty mails in from smtp-source -s 50, each 250 on disk when the portal is killed after the last";

    public TimeSpan Limit => TimeSpan.FromMinutes(20);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var rounds = await Rounds.InTurnsAsync(ground, 3, () => TakeAsync(ground, kind, keepsOpen: false), () => TakeAsync(ground, kind, keepsOpen: true));
            rows.Add(new Figure("empty mails in, durable, a connection each", kind, new Spread(rounds[0]), "/s", Bound.AtLeast(500)));
            rows.Add(new Figure("empty mails in, durable, over kept connections (-d)", kind, new Spread(rounds[1]), "/s"));
        }

        return rows;
    }

    /// <returns>Mails a second.</returns>
    private static async Task<double> TakeAsync(Ground ground, DatabaseKind kind, bool keepsOpen)
    {
        var mails = ground.Pick(5000, 20_000);
        await using var store = await PortalStore.CreateAsync(ground, kind);
        await using var portal = await PortalProcess.StartAsync(ground, store);
        await SendAsync(ground, portal, 500, keepsOpen: true);
        var begun = Stopwatch.GetTimestamp();
        await SendAsync(ground, portal, mails, keepsOpen);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        portal.Kill();
        await portal.Child.WaitAsync(ground.Cancellation);
        var kept = await store.CountAsync("""SELECT count(*) FROM "MailAsks" """);
        return kept == mails + 500
            ? mails / seconds
            : throw new MeasureException(string.Create(CultureInfo.InvariantCulture, $"{mails + 500} mails were acknowledged and {kept} are on disk"));
    }

    /// <summary>smtp-source ends with an error when a single mail is not taken.</summary>
    private static async Task SendAsync(Ground ground, PortalProcess portal, int mails, bool keepsOpen)
    {
        string[] command =
        [
            "smtp-source", "-s", Text(Sessions), "-m", Text(mails), "-l", "1", .. keepsOpen ? ["-d"] : Array.Empty<string>(),
            "-f", "someone@home.test", "-t", PortalStore.RegistrationAddress, "-M", "client.test", $"127.0.0.1:{Text(portal.SmtpPort)}",
        ];
        (await Child.RunAsync(ground, command, TimeSpan.FromMinutes(4))).Succeeded("smtp-source");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
