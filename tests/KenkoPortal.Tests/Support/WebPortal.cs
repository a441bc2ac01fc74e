using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Societies;
using KenkoPortal.Web.Infrastructure.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Tests.Support;

/// <summary>
/// The whole portal as a visitor meets it: built by the same code as <c>serve</c>, on a database of its own, with a clock that the test
/// moves and a relay that keeps the mails. Jobs run when the test says so.
/// </summary>
public sealed class WebPortal : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly WebApplication _app;

    private WebPortal(TestDatabase database, WebApplication app, FakeClock clock, SentMail mail, Society society) =>
        (_database, _app, Clock, Mail, Society) = (database, app, clock, mail, society);

    public FakeClock Clock { get; }

    public SentMail Mail { get; }

    public Society Society { get; private set; }

    public IServiceProvider Services => _app.Services;

    public TestDatabase Database => _database;

    /// <summary>Where it answers on a real port; null where the test's server has none.</summary>
    public Uri? Origin { get; private init; }

    /// <param name="kind">Which database.</param>
    /// <param name="settings">Further settings.</param>
    /// <param name="isProduction">The environment.</param>
    /// <param name="isOnSockets">Kestrel on a free port of this machine in place of the test's server.</param>
    public static async Task<WebPortal> StartAsync(DatabaseKind kind, Dictionary<string, string?>? settings = null, bool isProduction = false, bool isOnSockets = false) =>
        await StartAsync(await TestDatabase.CreateAsync(kind), settings, isProduction, isOnSockets);

    /// <summary>Over a database that was made already; the portal disposes of it.</summary>
    public static async Task<WebPortal> StartAsync(TestDatabase database, Dictionary<string, string?>? settings = null, bool isProduction = false, bool isOnSockets = false)
    {
        var (clock, mail) = (new FakeClock(), new SentMail());
        var app = Build(database, clock, mail, settings ?? [], isProduction, isOnSockets);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var origin = isOnSockets ? new Uri(app.Urls.First()) : null;
        var portal = new WebPortal(database, app, clock, mail, null!) { Origin = origin };
        portal.Society = await portal.AddSocietyAsync("minato", "localhost");
        return portal;
    }

    public async Task<Society> AddSocietyAsync(string key, string host)
    {
        var society = SocietySettings.Create(
            key,
            new Dictionary<string, string>
            {
                ["insurer-number"] = TestPortal.InsurerNumberOf(key),
                ["name"] = $"{key}健康保険組合",
                ["host"] = host,
                ["mail-from"] = $"portal@{key}.test",
                ["registration-address"] = $"toroku@{key}.test",
                ["staff-mail"] = $"staff@{key}.test",
                ["bounce-domain"] = $"bounce.{key}.test",
            },
            defaultOrigin => $"https://{key}.portal.test");
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SocietySettings>().AddAsync(society, CancellationToken.None);
        return society;
    }

    /// <summary>A browser with cookies of its own.</summary>
    /// <param name="host">Host name of the society that it visits.</param>
    /// <param name="address">The network address that a known proxy reports; null for none.</param>
    public Visitor Visitor(string? host = null, string? address = null) =>
        Origin is null
            ? new(_app.GetTestServer().CreateHandler(), host ?? Society.Host, address)
            : new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, Origin.Authority, address);

    /// <summary>A household of the insured and the given others; the first is the insured.</summary>
    public Task<IReadOnlyList<Person>> AddHouseholdAsync(params string[] relationships) => AddHouseholdAsync(Society, _ => { }, relationships);

    public Task<IReadOnlyList<Person>> AddHouseholdAsync(Society society, Action<Person> change, params string[] relationships) =>
        ResidentsOf(society).AddHouseholdAsync(change, relationships);

    /// <summary>The credentials of a letter, as it would have printed them.</summary>
    public async Task<Letter> GiveLetterAsync(Person person, LetterKind kind = LetterKind.Household) =>
        await ResidentsOf(person.SocietyId == Society.Id ? Society : await SocietyOfAsync(person)).GiveLetterAsync(person, kind);

    public Task<T> ReadAsync<T>(Func<PortalContext, Task<T>> read) => ResidentsOf(Society).ReadAsync(read);

    public Task WriteAsync(Action<PortalContext> write) => ResidentsOf(Society).WriteAsync(write);

    /// <summary>Puts in notices of the portal's own society, or of another.</summary>
    public NoticesOf Notices(Society? society = null) => new(ResidentsOf(society ?? Society), society ?? Society, Clock);

    /// <summary>Does something as the society's staff would on the command line.</summary>
    public Task<T> AsStaffAsync<T>(Func<IServiceProvider, Task<T>> act) => ResidentsOf(Society).AsStaffAsync(act);

    /// <summary>Runs the jobs until nothing is due.</summary>
    public Task RunJobsAsync() => Services.GetRequiredService<PortalJobs>().RunOnceAsync(CancellationToken.None);

    /// <summary>The newest mail to an address, once the jobs have run.</summary>
    public async Task<MailMessage> MailToAsync(string address)
    {
        await RunJobsAsync();
        return Mail.To(address).LastOrDefault() ?? throw new Xunit.Sdk.XunitException($"no mail to {address}");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static WebApplication Build(TestDatabase database, FakeClock clock, SentMail mail, Dictionary<string, string?> settings, bool isProduction, bool isOnSockets)
    {
        var configuration = new Dictionary<string, string?>
        {
            ["Portal:DataDirectory"] = database.Directory,
            ["Portal:KnownProxies"] = "127.0.0.1",
            ["ConnectionStrings:Portal"] = database.PortalConnection,
            ["ConnectionStrings:Owner"] = database.OwnerConnection,
            ["Portal:Port"] = "0",
            ["Mail:Inbound:Port"] = "0",
        };
        foreach (var (name, value) in settings)
        {
            configuration[name] = value;
        }

        var builder = PortalHost.CreateBuilder(configuration, isProduction);
        builder.AddServing();
        if (!isOnSockets)
        {
            builder.WebHost.UseTestServer();
        }

        builder.Logging.ClearProviders();
        builder.Services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(clock);
        foreach (var lane in Enum.GetValues<MailLane>())
        {
            builder.Services.AddKeyedSingleton<IMailTransport>(lane, mail);
        }

        builder.Services.Remove(builder.Services.Single(s => s.ImplementationType == typeof(JobRunner)));
        var app = builder.Build();
        app.Use((context, next) =>
        {
            // The test server has no sockets; the requests come from this machine's proxy.
            context.Connection.RemoteIpAddress = System.Net.IPAddress.Loopback;
            return next(context);
        });
        app.UsePortal();
        return app;
    }

    private async Task<Society> SocietyOfAsync(Person person)
    {
        await using var scope = Services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        var all = await scope.ServiceProvider.GetRequiredService<SocietyDirectory>().AllAsync(CancellationToken.None);
        return all.Single(s => s.Id == person.SocietyId);
    }

    private Residents ResidentsOf(Society society) => new(Services, society);
}
