using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
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
    private int _people;

    private WebPortal(TestDatabase database, WebApplication app, FakeClock clock, SentMail mail, Society society) =>
        (_database, _app, Clock, Mail, Society) = (database, app, clock, mail, society);

    public FakeClock Clock { get; }

    public SentMail Mail { get; }

    public Society Society { get; private set; }

    public IServiceProvider Services => _app.Services;

    public TestDatabase Database => _database;

    public static async Task<WebPortal> StartAsync(DatabaseKind kind, Dictionary<string, string?>? settings = null, bool isProduction = false)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var (clock, mail) = (new FakeClock(), new SentMail());
        var app = Build(database, clock, mail, settings ?? [], isProduction);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var portal = new WebPortal(database, app, clock, mail, null!);
        portal.Society = await portal.AddSocietyAsync("minato", "localhost");
        return portal;
    }

    public async Task<Society> AddSocietyAsync(string key, string host)
    {
        var society = SocietySettings.Create(
            key,
            new Dictionary<string, string>
            {
                ["insurer-number"] = "06139992",
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
        new(_app.GetTestServer().CreateHandler(), host ?? Society.Host, address);

    /// <summary>A household of the insured and the given others; the first is the insured.</summary>
    public Task<IReadOnlyList<Person>> AddHouseholdAsync(params string[] relationships) => AddHouseholdAsync(Society, _ => { }, relationships);

    public async Task<IReadOnlyList<Person>> AddHouseholdAsync(Society society, Action<Person> change, params string[] relationships)
    {
        var household = new Household { SocietyId = society.Id };
        var number = Interlocked.Increment(ref _people);
        var persons = relationships.Select((relationship, i) => PersonOf(society, household.Id, number, i, relationship)).ToList();
        persons.ForEach(change);
        await WriteAsync(society, db =>
        {
            db.Households.Add(household);
            db.Persons.AddRange(persons);
            db.InsuranceCards.AddRange(persons.Select((person, i) => new InsuranceCard
            {
                SocietyId = society.Id,
                PersonId = person.Id,
                Symbol = "港",
                SymbolKey = "港",
                Number = $"{number}",
                NumberKey = $"{number}",
                Branch = $"{i:D2}",
                ValidFrom = person.AcquiredOn,
            }));
        });
        return persons;
    }

    /// <summary>The credentials of a letter, as it would have printed them.</summary>
    public async Task<Letter> GiveLetterAsync(Person person)
    {
        var (now, password) = (Clock.GetUtcNow(), ProvisionalPassword.Create());
        var keys = Services.GetRequiredService<PortalKeys>();
        var id = ProvisionalId.FromSerial(System.Security.Cryptography.RandomNumberGenerator.GetInt32(10_000_000), Society.InsurerNumber).Value;
        var society = person.SocietyId == Society.Id ? Society : await SocietyOfAsync(person);
        await WriteAsync(society, db =>
        {
            foreach (var older in db.ProvisionalCredentials.Where(c => c.PersonId == person.Id && c.VoidedAt == null && c.UsedAt == null))
            {
                older.VoidedAt = now;
            }

            db.ProvisionalCredentials.Add(new ProvisionalCredential
            {
                SocietyId = society.Id,
                PersonId = person.Id,
                ProvisionalId = id,
                PasswordMac = keys.Mac(KeyPurpose.ProvisionalPassword, ProvisionalPassword.Normalize(password)),
                IssuedAt = now,
                ExpiresAt = now.AddDays(society.ProvisionalDays),
            });
        });
        return new Letter(id, password);
    }

    public async Task<T> ReadAsync<T>(Func<PortalContext, Task<T>> read)
    {
        await using var scope = Scope(Society);
        return await read(scope.ServiceProvider.GetRequiredService<PortalContext>());
    }

    public Task WriteAsync(Action<PortalContext> write) => WriteAsync(Society, write);

    /// <summary>Does something as the society's staff would on the command line.</summary>
    public async Task<T> AsStaffAsync<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = Scope(Society);
        return await act(scope.ServiceProvider);
    }

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

    private static WebApplication Build(TestDatabase database, FakeClock clock, SentMail mail, Dictionary<string, string?> settings, bool isProduction)
    {
        var configuration = new Dictionary<string, string?>
        {
            ["Portal:DataDirectory"] = database.Directory,
            ["Portal:KnownProxies"] = "127.0.0.1",
            ["ConnectionStrings:Portal"] = database.PortalConnection,
            ["ConnectionStrings:Owner"] = database.OwnerConnection,
        };
        foreach (var (name, value) in settings)
        {
            configuration[name] = value;
        }

        var builder = PortalHost.CreateBuilder(configuration, isProduction);
        builder.AddServing();
        builder.WebHost.UseTestServer();
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

    private AsyncServiceScope Scope(Society society) => Services.GetRequiredService<SocietyScopes>().Open(society, actor => actor.IsSystemUser("test"));

    private async Task WriteAsync(Society society, Action<PortalContext> write)
    {
        await using var scope = Scope(society);
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        await scope.ServiceProvider.GetRequiredService<UnitOfWork>().CommitAsync(() =>
        {
            write(db);
            return Task.CompletedTask;
        });
    }

    private static Person PersonOf(Society society, Guid householdId, int number, int branch, string relationship)
    {
        var isChild = relationship.EndsWith('男') || relationship.EndsWith('女');
        return new Person
        {
            SocietyId = society.Id,
            HouseholdId = householdId,
            Name = $"港　試{number}{relationship}",
            Kana = "ミナト　タメシ",
            KanaKey = $"ミナトタメシ{number}-{branch}",
            Sex = branch % 2 == 0 ? Sex.Male : Sex.Female,
            BirthDate = isChild ? new DateOnly(2015, 6, 1) : new DateOnly(1960, 4, 1),
            Relationship = relationship,
            AcquiredOn = new DateOnly(2020, 4, 1),
            PostalCode = "231-0000",
            Address = "架空県みなと市1-1",
            ListOrder = (number * 100) + branch,
        };
    }
}

/// <summary>What a person reads off the letter.</summary>
public sealed record Letter(string ProvisionalId, string ProvisionalPassword);
