using KenkoPortal.Core.Common;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KenkoPortal.Tests.Jobs;

public sealed class JobTests
{
    [Theory, OnEveryDatabase]
    public async Task A_lease_has_one_holder_until_it_is_let_go(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var leases = portal.Services.GetRequiredService<JobLeases>();
        var token = TestContext.Current.CancellationToken;

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => leases.TryTakeAsync("test", token), token)));
        var held = Assert.Single(taken, l => l is not null)!;
        Assert.Null(await leases.TryTakeAsync("test", token));
        await using (var other = await leases.TryTakeAsync("other", token))
        {
            Assert.NotNull(other);
        }

        await held.DisposeAsync();
        await using var next = await leases.TryTakeAsync("test", token);
        Assert.NotNull(next);
    }

    [Theory, OnEveryDatabase]
    public async Task The_lease_of_a_dead_process_runs_out_and_one_from_the_future_counts_for_nothing(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var token = TestContext.Current.CancellationToken;
        async Task DieHoldingAsync(DateTimeOffset until)
        {
            await using var scope = portal.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<Core.Data.PortalContext>();
            await db.JobLeases.ExecuteDeleteAsync(token);
            db.JobLeases.Add(new JobLease { Name = "test", Owner = "dead", Until = until });
            await db.SaveChangesAsync(token);
        }

        var leases = portal.Services.GetRequiredService<JobLeases>();
        await DieHoldingAsync(portal.Clock.Now + JobLeases.Length);
        Assert.Null(await leases.TryTakeAsync("test", token));
        portal.Clock.Advance(JobLeases.Length);
        await using (var taken = await leases.TryTakeAsync("test", token))
        {
            Assert.NotNull(taken);
        }

        await DieHoldingAsync(portal.Clock.Now + TimeSpan.FromDays(365));
        await using var again = await leases.TryTakeAsync("test", token);
        Assert.NotNull(again);
    }

    [Theory, OnEveryDatabase]
    public async Task Two_processes_decide_each_ask_once(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        for (var i = 0; i < 120; i++)
        {
            await AskAsync(portal, society, $"person{i}@example.jp");
        }

        var services = new ServiceCollection();
        using var database = new Core.Data.PortalDatabase(portal.Directory, portal.TestDatabase.PortalConnection, portal.TestDatabase.OwnerConnection);
        TestPortal.AddTo(services, database, portal.TestDatabase.Keys, portal.Clock, portal.Mail);
        await using var other = services.BuildServiceProvider();
        await Task.WhenAll(portal.RunJobsAsync("asks"), other.GetRequiredService<PortalJobs>().RunOnceAsync(TestContext.Current.CancellationToken, "asks"));

        Assert.Equal(120, await portal.ReadAsync(society, db => db.RegistrationLinks.CountAsync()));
        Assert.Equal(120, await portal.ReadAsync(society, db => db.OutboxMails.CountAsync()));
    }

    [Fact]
    public async Task A_job_that_fails_is_tried_again_and_stops_no_other()
    {
        var clock = new FakeClock();
        var (failing, sound) = (new CountingJob("failing", fails: 2), new CountingJob("sound", fails: 0));
        using var runner = new JobRunner([failing, sound], new JobBell(), clock, NullLogger<JobRunner>.Instance);

        await BeginAsync(runner, clock);
        await UntilAsync(() => failing.Runs >= 3 && sound.Runs >= 3, clock);
        await runner.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(runner.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_bell_ends_a_sleep()
    {
        var (bell, clock) = (new JobBell(), new FakeClock());
        var job = new CountingJob("listening", fails: 0);
        using var runner = new JobRunner([job], bell, clock, NullLogger<JobRunner>.Instance);

        await BeginAsync(runner, clock);
        await job.UntilRunAsync(1);
        bell.Ring();
        await job.UntilRunAsync(2);
        await runner.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory, OnEveryDatabase]
    public async Task The_loops_take_an_ask_to_a_sent_mail_by_themselves(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var sent = new TaskCompletionSource();
        portal.Mail.Answer = _ =>
        {
            sent.TrySetResult();
            return Task.FromResult<DeliveryResult>(new DeliveryResult.Sent());
        };
        using var runner = new JobRunner(
            portal.Services.GetServices<IPortalJob>(), portal.Services.GetRequiredService<JobBell>(), portal.Clock, NullLogger<JobRunner>.Instance);

        await BeginAsync(runner, portal.Clock);
        await AskAsync(portal, society, "hanako@example.jp");
        await sent.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await runner.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(runner.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Theory, OnEveryDatabase]
    public async Task G1_Logs_of_failures_hold_no_address(DatabaseKind kind)
    {
        var lines = new CollectingLogger();
        await using var portal = await TestPortal.StartAsync(kind, services => services.AddLogging(l => l.SetMinimumLevel(LogLevel.Information).AddProvider(lines)));
        var society = await portal.AddSocietyAsync();
        await AskAsync(portal, society, "secret.person@example.jp");
        portal.Mail.Answer = _ => throw new InvalidOperationException("secret.person@example.jp is unknown");

        await portal.RunJobsAsync();

        Assert.Contains(lines.Lines, l => l.Contains("InvalidOperationException", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Lines, l => l.Contains("secret.person", StringComparison.Ordinal));
    }

    [Fact]
    public async Task G3_What_was_deleted_is_gone_from_the_files_after_the_next_checkpoint()
    {
        await using var portal = await TestPortal.StartAsync(DatabaseKind.Sqlite);
        var society = await portal.AddSocietyAsync();
        await AskAsync(portal, society, "findme-7f3a@example.jp");
        Assert.True(FilesHold(portal.Directory, "findme-7f3a"));

        await portal.InAsync(society, async services =>
        {
            var db = services.GetRequiredService<Core.Data.PortalContext>();
            await db.MailAsks.ExecuteDeleteAsync();
        });
        await portal.RunJobsAsync("sqlite");

        Assert.False(FilesHold(portal.Directory, "findme-7f3a"));
    }

    private static bool FilesHold(string directory, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return Directory.EnumerateFiles(directory, "portal.db*").Any(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var all = new byte[stream.Length];
            stream.ReadExactly(all);
            return all.AsSpan().IndexOf(bytes) >= 0;
        });
    }

    /// <summary>Moves the clock until something has come about; fails after a while of real time.</summary>
    /// <summary>The jobs look for the first time a second after the start.</summary>
    private static async Task BeginAsync(JobRunner runner, FakeClock clock)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await runner.StartAsync(patience.Token);
        while (!clock.IsWaitedFor)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        clock.Advance(TimeSpan.FromSeconds(1));
    }

    private static async Task UntilAsync(Func<bool> isSo, FakeClock clock)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isSo())
        {
            patience.Token.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private static Task AskAsync(TestPortal portal, Core.Societies.Society society, string address) => portal.InAsync(
        society, services => services.GetRequiredService<MailAsks>().AskAsync(AskPurpose.Registration, EmailAddress.Parse(address), CancellationToken.None));

    private sealed class CountingJob(string name, int fails) : IPortalJob
    {
        private readonly Dictionary<int, TaskCompletionSource> _runs = Enumerable.Range(1, 10).ToDictionary(i => i, _ => new TaskCompletionSource());
        private int _count;

        public string Name => name;

        public TimeSpan Interval => TimeSpan.FromSeconds(1);

        public bool WakesWithBell => true;

        public int Runs => Volatile.Read(ref _count);

        public Task UntilRunAsync(int run) => _runs[run].Task.WaitAsync(TimeSpan.FromSeconds(20));

        public Task<bool> RunAsync(CancellationToken cancellationToken)
        {
            var run = Interlocked.Increment(ref _count);
            _runs.GetValueOrDefault(run)?.TrySetResult();
            return run <= fails ? throw new SqliteException("gone", 14) : Task.FromResult(false);
        }
    }

    private sealed class CollectingLogger : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
