using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Printing;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;
using QRCoder;

namespace KenkoPortal.Measure.Bench;

/// <summary>Registration letters: writing their pages, beside a browser that prints the same words; and issuing them, with secrets and rows.</summary>
internal sealed class Letters : IMeasurement
{
    /// <summary>The hidden command by which this program renders in a process of its own.</summary>
    public const string RenderCommand = "render-letters";

    private const int People = 10_000;
    private static readonly TimeSpan RenderLimit = TimeSpan.FromMinutes(5);
    private static readonly DateOnly Today = new(2026, 11, 22);

    private static readonly LetterSociety Society = new(
        "みなと健康保険組合", "231-0003", "架空県みなと市海岸1-2-3", "045-000-0000", "健康マイポータル", $"https://{PortalStore.Host}", PortalStore.RegistrationAddress);

    public string Name => "letters";

    public string Says => "letters of 10,000 people: pages a second and memory, beside chromium; and issuing them";

    public TimeSpan Limit => TimeSpan.FromMinutes(20);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var folder = ground.NewFolder("letters");
        var html = Path.Combine(folder, "letters.html");
        var printed = ground.Pick(200, 1000);
        await File.WriteAllTextAsync(html, Html(printed), ground.Cancellation);
        var rounds = await Rounds.InTurnsAsync(
            ground,
            3,
            () => RenderAsync(ground, People, Path.Combine(folder, "letters.pdf")),
            () => RenderAsync(ground, printed, Path.Combine(folder, "fewer.pdf")),
            () => Chromium.PrintAsync(ground, html, folder));
        var (all, fewer, chromium) = (rounds[0], rounds[1], rounds[2]);
        List<Row> rows =
        [
            new Figure("rendering letters of 10,000 people", null, all.Of(r => r.PerSecond), "pages/s", Bound.AtLeast(2000)),
            new Figure("rendering, peak memory", null, all.Of(r => r.PeakMebibytes), "MiB", Bound.AtMost(100)),
            new Figure(Of(printed, "rendering, of chromium's rate"), null, fewer.Of(r => r.PerSecond).Over(chromium.Of(r => r.PerSecond)), "×"),
            new Figure(Of(printed, "chromium --print-to-pdf"), null, chromium.Of(r => r.PerSecond), "pages/s"),
        ];
        foreach (var kind in ground.Databases)
        {
            rows.AddRange(await IssueAsync(ground, kind, folder));
        }

        return rows;
    }

    /// <summary>What the hidden command does: renders letters of so many people and says pages, seconds and its peak memory as JSON.</summary>
    public static async Task<int> RenderHereAsync(int people, string file)
    {
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        using var fonts = LetterFonts.Open();
        RegistrationLetterReport report;
        await using (var stream = new FileStream(file, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.Asynchronous))
        {
            report = await RegistrationLetterPdf.WriteAsync(stream, fonts, TimeProvider.System.GetUtcNow(), LettersOf(people).ToAsyncEnumerable());
            stream.Flush(flushToDisk: true);
        }

        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var peak = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        Console.WriteLine(JsonSerializer.Serialize(new Rendered(report.Pages, seconds, long.Parse(peak[6..^2], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture))));
        return 0;
    }

    /// <summary>In a process of its own, so that its memory is the letters' alone, under the garbage collector that the portal is published with.</summary>
    private static async Task<Rendered> RenderAsync(Ground ground, int people, string file)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(Letters).Assembly.GetName().Name + ".dll");
        var configuration = await File.ReadAllTextAsync(Path.Combine(ground.Portal, "KenkoPortal.Web.runtimeconfig.json"), ground.Cancellation);
        using var parsed = JsonDocument.Parse(configuration);
        var isServer = parsed.RootElement.GetProperty("runtimeOptions").TryGetProperty("configProperties", out var properties)
            && properties.TryGetProperty("System.GC.Server", out var server) && server.ValueKind is JsonValueKind.True;
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_gcServer"] = isServer ? "1" : "0" };
        var ended = await Child.RunAsync(ground, [ground.CommandScript, program, RenderCommand, people.ToString(CultureInfo.InvariantCulture), file], RenderLimit, settings);
        return JsonSerializer.Deserialize<Rendered>(ended.Succeeded("rendering").Output)!;
    }

    private static async Task<IReadOnlyList<Row>> IssueAsync(Ground ground, DatabaseKind kind, string folder)
    {
        var (seconds, peaks, pages) = (new List<double>(), new List<double>(), 0.0);
        for (var round = 1; round <= 3; round++)
        {
            ground.Tell($"{kind}: letters issue, round {round} of 3");
            await using var store = await PortalStore.CreateAsync(ground, kind);
            await Population.WriteAsync(ground, store, People, 0);
            var start = await store.CommandAsync("society", "list");
            var issued = await store.CommandAsync("letters", "issue", "--out", Path.Combine(folder, "issued.pdf"));
            var rows = await store.CountAsync("""SELECT count(*) FROM "ProvisionalCredentials" """);
            if (rows != People)
            {
                throw new MeasureException($"{rows} people got credentials, not {People}");
            }

            pages = 2 * await store.CountAsync("""SELECT count(*) FROM "Households" """);
            seconds.Add((issued.Took - start.Took).TotalSeconds);
            peaks.Add(issued.PeakKibibytes / 1024.0);
        }

        return
        [
            new Figure("letters issue, 10,000 people with secrets and rows, process start aside", kind, new Spread(seconds), "s"),
            new Figure("letters issue", kind, new Spread([.. seconds.Select(s => pages / s)]), "pages/s"),
            new Figure("letters issue, peak memory", kind, new Spread(peaks), "MiB"),
        ];
    }

    private static IEnumerable<RegistrationLetter> LettersOf(int people) =>
        Census.People(people).GroupBy(r => r.Household).Select(household => new RegistrationLetter(
            Society,
            Today,
            Today.AddDays(179),
            new LetterAddressee(household.First().PostalCode, household.First().Address, household.First().Name),
            [.. household.Select(PersonOf)]));

    private static LetterPerson PersonOf(Resident resident)
    {
        const string symbols = "abcdefghjkmnpqrstuvwxyz23456789";
        var random = (ulong)resident.Number * 6364136223846793005UL + 1442695040888963407UL;
        var password = new char[14];
        for (var i = 0; i < password.Length; i++)
        {
            random = (random * 6364136223846793005UL) + 1442695040888963407UL;
            password[i] = i is 4 or 9 ? '-' : symbols[(int)((random >> 33) % (ulong)symbols.Length)];
        }

        var id = (10_000_019L * (resident.Number + 1) % 100_000_000).ToString("D8", CultureInfo.InvariantCulture);
        return new LetterPerson(resident.Name, resident.Branch == 0 ? "ご本人" : resident.Relationship, id, new string(password));
    }

    /// <summary>The same words as a page for a browser: a front and a back a household.</summary>
    private static string Html(int people)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode($"mailto:{Society.RegistrationAddress}", QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(code);
        var picture = svg.GetGraphic(4);
        var html = new StringBuilder("""
            <!doctype html><html lang="ja"><meta charset="utf-8"><title>登録</title><style>
            @page { size: A4; margin: 14mm 17mm } body { font: 11pt 'BIZ UDPGothic' } section { break-after: page } svg { width: 36mm; height: 36mm; float: right }
            table { width: 100%; border: 1px solid; margin: 4mm 0 } td.c { font: bold 14pt 'BIZ UDGothic' } small { font-size: 8pt }
            </style>
            """);
        foreach (var letter in LettersOf(people))
        {
            html.Append(CultureInfo.InvariantCulture, $"<section><p>〒{letter.Addressee.PostalCode}<br>{letter.Addressee.Address}<br>{letter.Addressee.Name} 様</p>");
            html.Append(CultureInfo.InvariantCulture, $"<h1>{Society.PortalTitle}への登録について</h1>{picture}<p>{LetterText.Greeting.Replace("{0}", Society.Name, StringComparison.Ordinal)}</p><p>{Society.PortalAddress}</p>");
            foreach (var person in letter.Persons)
            {
                html.Append(CultureInfo.InvariantCulture, $"<table><tr><td>{person.Name}<td>{person.Nickname}<tr><td class=c>{person.ProvisionalId}<br><small>{ProvisionalReading.Of(person.ProvisionalId)}</small><td class=c>{person.ProvisionalPassword}<br><small>{ProvisionalReading.Of(person.ProvisionalPassword)}</small></table>");
            }

            html.Append("</section><section>");
            foreach (var words in Back)
            {
                html.Append("<p>").Append(WebUtility.HtmlEncode(words)).Append("</p>");
            }

            html.Append("</section>");
        }

        return html.ToString();
    }

    private static string[] Back =>
    [
        LetterText.FlowTitle, LetterText.MailHeading, LetterText.MailLead, LetterText.LinkHeading, LetterText.Link, LetterText.LoginHeading, LetterText.Login,
        LetterText.AccountHeading, LetterText.Account, LetterText.DoneHeading, LetterText.Done, LetterText.NoMailHeading, LetterText.NoMail, LetterText.SecretHeading, LetterText.Secret,
    ];

    private static string Of(int people, string what) => string.Create(CultureInfo.InvariantCulture, $"{what} ({people:#,##0} people)");
}
