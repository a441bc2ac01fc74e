using System.Net.Sockets;
using System.Text;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using KenkoPortal.Web.Infrastructure.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.BrowserTests.Support;

/// <summary>
/// The real portal on real ports of this machine: pages and mail listener on Kestrel, jobs running, mails as files. Its clock runs
/// and can be set forward.
/// </summary>
public sealed class BrowserPortal : IAsyncDisposable
{
    /// <summary>A page that a test makes fail: <c>/test/status/429</c> answers 429, <c>/test/status/503</c> fails as a full queue does.</summary>
    public const string FaultPath = "/test/status/";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;
    private readonly int _smtpPort;

    private BrowserPortal(WebApplication app, DirectoryInfo folder, Society society, string origin, int smtpPort)
    {
        (_app, _folder, Society, Origin, _smtpPort) = (app, folder, society, origin, smtpPort);
        Residents = new Residents(app.Services, society);
        Notices = new FamilyNotices(this);
    }

    public FamilyNotices Notices { get; }

    public Society Society { get; }

    /// <summary>Where the pages are.</summary>
    public string Origin { get; }

    public Residents Residents { get; }

    public IServiceProvider Services => _app.Services;

    public AdjustableClock Clock => (AdjustableClock)Services.GetRequiredService<TimeProvider>();

    /// <summary>A folder for the test's own files.</summary>
    public string Folder => _folder.FullName;

    public static async Task<BrowserPortal> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("kenko-browser-");
        var builder = PortalHost.CreateBuilder(
            new Dictionary<string, string?>
            {
                ["Portal:DataDirectory"] = folder.FullName,
                ["Portal:Port"] = "0",
                // Every visitor comes from a network address of their own, so that they do not use up each other's attempts.
                ["Portal:KnownProxies"] = "127.0.0.1",
                ["Mail:Inbound:Port"] = "0",
            },
            isProduction: false);
        builder.AddServing();
        builder.Logging.ClearProviders();
        builder.Services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(new AdjustableClock());
        var app = builder.Build();
        app.UsePortal();
        app.MapGet(FaultPath + "{status:int}", (int status) => status == 503 ? throw new PortalBusyException() : Results.StatusCode(status));
        await app.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        await app.StartAsync();

        // In the order of their Listen: pages, mail.
        var ports = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a).Port).ToList();
        var origin = $"http://localhost:{ports[0]}";
        return new BrowserPortal(app, folder, await AddSocietyAsync(app.Services, origin), origin, ports[1]);
    }

    /// <summary>A household of the given 続柄, 本人 first.</summary>
    public Task<IReadOnlyList<Person>> AddHouseholdAsync(params string[] relationships) => Residents.AddHouseholdAsync(_ => { }, relationships);

    /// <summary>Waits for the newest mail to an address with a subject.</summary>
    /// <param name="after">How many such mails were there before.</param>
    public async Task<ReceivedMail> MailToAsync(string address, string subject, int after = 0)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (true)
        {
            var mails = MailsTo(address).Where(mail => mail.Subject == subject).ToList();
            if (mails.Count > after)
            {
                return mails[^1];
            }

            try
            {
                await beat.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException exception)
            {
                throw new TimeoutException($"no mail 「{subject}」 to {address} came within {Patience.TotalSeconds} seconds", exception);
            }
        }
    }

    /// <summary>All mails to an address, oldest first.</summary>
    public IReadOnlyList<ReceivedMail> MailsTo(string address)
    {
        var mailbox = Path.Combine(Folder, "mail");
        return Directory.Exists(mailbox)
            ? [.. Directory.EnumerateFiles(mailbox, "*.eml").Order(StringComparer.Ordinal).Select(file => ReceivedMail.Parse(File.ReadAllText(file))).Where(mail => mail.To == address)]
            : [];
    }

    /// <summary>Sends an empty mail as a phone's carrier would.</summary>
    public async Task SendEmptyMailAsync(string from, string to)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _smtpPort, cancellationToken);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await ExpectAsync("220");
        await SayAsync("EHLO carrier.example", "250");
        await SayAsync($"MAIL FROM:<{from}>", "250");
        await SayAsync($"RCPT TO:<{to}>", "250");
        await SayAsync("DATA", "354");
        await SayAsync($"From: <{from}>\r\nTo: <{to}>\r\nSubject: \r\n\r\n.", "250");
        await SayAsync("QUIT", "221");

        async Task SayAsync(string line, string expected)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellationToken);
            await ExpectAsync(expected);
        }

        async Task ExpectAsync(string code)
        {
            string line;
            do
            {
                line = await reader.ReadLineAsync(cancellationToken) ?? "";
            }
            while (line.Length > 3 && line[3] == '-');
            Assert.StartsWith(code, line, StringComparison.Ordinal);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<Society> AddSocietyAsync(IServiceProvider services, string origin)
    {
        var society = SocietySettings.Create(
            "minato",
            new Dictionary<string, string>
            {
                ["insurer-number"] = "06139992",
                ["name"] = "みなと港運健康保険組合",
                ["host"] = "localhost",
                ["mail-from"] = "portal@minato-kenpo.example.jp",
                ["registration-address"] = "toroku@minato-kenpo.example.jp",
                ["bounce-domain"] = "bounce.minato-kenpo.example.jp",
                ["postal-code"] = "231-9900",
                ["address"] = "架空県みなと市汐見町一丁目1番1号 港運会館3階",
                ["tel"] = "045-000-0123",
            },
            _ => origin);
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SocietySettings>().AddAsync(society, CancellationToken.None);
        return society;
    }
}
