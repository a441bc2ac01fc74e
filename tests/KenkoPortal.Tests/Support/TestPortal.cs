using System.Globalization;
using KenkoPortal.Core;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Societies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Tests.Support;

/// <summary>The core with a database of its own, a fake clock and a relay that keeps what it is given; no web, no loops.</summary>
public sealed class TestPortal : IAsyncDisposable
{
    private TestPortal(TestDatabase database, FakeClock clock, SentMail mail, ServiceProvider services) =>
        (TestDatabase, Clock, Mail, Services) = (database, clock, mail, services);

    public TestDatabase TestDatabase { get; }

    public FakeClock Clock { get; }

    public SentMail Mail { get; }

    public ServiceProvider Services { get; }

    public string Directory => TestDatabase.Directory;

    /// <param name="kind">Which database.</param>
    /// <param name="configure">Further services, or others in place of the core's.</param>
    public static async Task<TestPortal> StartAsync(DatabaseKind kind, Action<IServiceCollection>? configure = null) =>
        Start(await TestDatabase.CreateAsync(kind), configure: configure);

    /// <summary>A second portal over the same database is a second process.</summary>
    public static TestPortal Start(TestDatabase database, FakeClock? clock = null, SentMail? mail = null, Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        (clock, mail) = (clock ?? new FakeClock(), mail ?? new SentMail());
        AddTo(services, database.Database, database.Keys, clock, mail);
        configure?.Invoke(services);
        return new TestPortal(database, clock, mail, services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true }));
    }

    /// <summary>What a test's host needs besides its own.</summary>
    public static void AddTo(IServiceCollection services, PortalDatabase database, PortalKeys keys, FakeClock clock, SentMail mail)
    {
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddSingleton<TimeProvider>(clock);
        services.AddPortalCore(database, keys);
        services.AddMailSending(_ => mail);
    }

    /// <summary>Adds a society; what is not given is made from the key.</summary>
    public async Task<Society> AddSocietyAsync(string key = "minato", Action<Society>? change = null)
    {
        var society = new Society
        {
            Key = key,
            InsurerNumber = InsurerNumberOf(key),
            Name = $"{key}健康保険組合",
            Host = $"{key}.portal.test",
            Origin = $"https://{key}.portal.test",
            MailFrom = $"portal@{key}.test",
            RegistrationAddress = $"toroku@{key}.test",
            BounceDomain = $"bounce.{key}.test",
        };
        change?.Invoke(society);
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SocietySettings>().AddAsync(society, CancellationToken.None);
        return society;
    }

    /// <summary>保険者番号 of a test's society: each has its own.</summary>
    public static string InsurerNumberOf(string key)
    {
        var digits = key == "minato" ? "0613999" : string.Create(CultureInfo.InvariantCulture, $"0614{key.Aggregate(7, (sum, c) => ((sum * 31) + c) % 1000):D3}");
        return string.Create(CultureInfo.InvariantCulture, $"{digits}{InsurerNumber.CheckDigit(digits)}");
    }

    /// <summary>Does something as the society.</summary>
    public async Task<T> InAsync<T>(Society society, Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = Services.GetRequiredService<SocietyScopes>().Open(society, actor => actor.IsSystemUser("test"));
        return await act(scope.ServiceProvider);
    }

    public Task InAsync(Society society, Func<IServiceProvider, Task> act) => InAsync(society, async services =>
    {
        await act(services);
        return true;
    });

    /// <summary>Writes as the society, in one transaction.</summary>
    public Task WriteAsync(Society society, Action<PortalContext> write) => InAsync(society, services =>
    {
        // As the owner: the serving role may not change the society itself.
        var owner = services.GetRequiredService<OwnerWork>();
        return owner.Work.CommitAsync(() =>
        {
            write(owner.Db);
            return Task.CompletedTask;
        });
    });

    /// <summary>Reads as the society.</summary>
    public Task<T> ReadAsync<T>(Society society, Func<PortalContext, Task<T>> read) =>
        InAsync(society, services => read(services.GetRequiredService<PortalContext>()));

    /// <summary>Runs every job, or those named, until nothing is due.</summary>
    public Task RunJobsAsync(params string[] names) => Services.GetRequiredService<PortalJobs>().RunOnceAsync(CancellationToken.None, names);

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await TestDatabase.DisposeAsync();
    }
}
