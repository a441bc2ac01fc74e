using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace KenkoPortal.Tests.Data;

public sealed class MigratorTests
{
    private static readonly int Migrations = typeof(Migrator).Assembly.GetTypes().Count(t => t.IsSubclassOf(typeof(Migration)));

    [Theory, OnEveryDatabase]
    public async Task Two_processes_that_start_at_once_migrate_once(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, isEmpty: true);
        using var other = new PortalDatabase(database.Directory, database.PortalConnection, database.OwnerConnection);

        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(
            () => MigratorOf(i % 2 == 0 ? database.Database : other, database.Keys).MigrateAsync(TestContext.Current.CancellationToken))));

        Assert.Equal(Migrations, applied.Sum());
        Assert.True(await MigratorOf(database.Database, database.Keys).IsReadyAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>PostgreSQL lets the lock of a dead session go by itself.</summary>
    [Fact]
    public async Task A_migrator_that_was_killed_does_not_stop_the_next()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite, isEmpty: true);
        await using (var connection = database.Database.CreateConnection())
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00');
                """;
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var applied = await MigratorOf(database.Database, database.Keys).MigrateAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(Migrations, applied);
    }

    [Theory, OnEveryDatabase]
    public async Task A_database_with_data_refuses_other_keys_and_an_empty_one_takes_them(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var others = PortalKeys.LoadOrCreate(Path.Combine(portal.Directory, "other-keys"));
        var (database, token) = (portal.TestDatabase.Database, TestContext.Current.CancellationToken);

        await MigratorOf(database, others).MigrateAsync(token);
        await MigratorOf(database, portal.TestDatabase.Keys).MigrateAsync(token);
        await portal.AddSocietyAsync();

        var refusal = await Assert.ThrowsAsync<PortalInputException>(() => MigratorOf(database, others).MigrateAsync(token));
        Assert.Contains("鍵", refusal.Message, StringComparison.Ordinal);
        Assert.True(await MigratorOf(database, portal.TestDatabase.Keys).IsReadyAsync(token));
    }

    [Fact]
    public async Task The_database_file_is_readable_by_its_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes");
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite, isEmpty: true);
        await MigratorOf(database.Database, database.Keys).MigrateAsync(TestContext.Current.CancellationToken);

#pragma warning disable CA1416 // skipped on Windows
        Assert.All(Directory.EnumerateFiles(database.Directory, "portal.db*"), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
#pragma warning restore CA1416
    }

    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task Z5_G2_The_serving_role_cannot_rewrite_what_was_audited(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await portal.RunJobsAsync();

        foreach (var change in new Func<PortalContext, Task<int>>[]
        {
            db => db.AuditEvents.ExecuteUpdateAsync(set => set.SetProperty(e => e.Actor, "nobody")),
            db => db.AuditEvents.ExecuteDeleteAsync(),
            db => db.Installations.ExecuteDeleteAsync(),
            db => db.Societies.ExecuteUpdateAsync(set => set.SetProperty(s => s.Origin, "https://evil.example")),
            db => db.Societies.ExecuteDeleteAsync(),
            db => db.Database.ExecuteSqlRawAsync("""INSERT INTO "Societies" SELECT * FROM "Societies" """),
            db => db.AuditChains.ExecuteUpdateAsync(set => set.SetProperty(c => c.Length, 0)),
            db => db.AuditChains.ExecuteUpdateAsync(set => set.SetProperty(c => c.Head, new byte[32])),
            db => db.AuditChains.ExecuteDeleteAsync(),
            db => db.Database.ExecuteSqlRawAsync("""DROP TABLE "Persons" """),
            db => db.Database.ExecuteSqlRawAsync("""ALTER TABLE "Persons" DISABLE ROW LEVEL SECURITY"""),
        })
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => portal.ReadAsync(society, change));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    /// <summary>S8: what the serving role may write at all, it writes to its own society and to events that are not sealed.</summary>
    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task Z5_G2_The_serving_role_unseals_no_event_and_touches_no_other_society(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var (society, other) = (await portal.AddSocietyAsync(), await portal.AddSocietyAsync("yama"));
        await portal.RunJobsAsync();
        Assert.True(await portal.ReadAsync(society, db => db.AuditEvents.AnyAsync(e => e.Sequence != null)));

        Assert.Equal(0, await portal.ReadAsync(society, db => db.AuditEvents.ExecuteUpdateAsync(set => set.SetProperty(e => e.Sequence, (long?)null).SetProperty(e => e.Hash, (byte[]?)null))));
        Assert.Equal(0, await portal.ReadAsync(society, db => db.Societies.Where(s => s.Id == other.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.Revision, 99))));
        Assert.Equal(1, await portal.ReadAsync(society, db => db.Societies.ExecuteUpdateAsync(set => set.SetProperty(s => s.Revision, 99))));
        var report = await portal.InAsync(society, s => Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Core.Audit.AuditSealing>(s).VerifyAsync(CancellationToken.None));
        Assert.Empty(report.Faults);
    }

    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task Z5_Without_a_society_a_raw_query_sees_no_rows(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        await portal.AddSocietyAsync();

        foreach (var asOwner in new[] { false, true })
        {
            await using var connection = portal.TestDatabase.Database.CreateConnection(asOwner);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = """SELECT count(*) FROM "AuditEvents" """;
            Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }
    }

    private static Migrator MigratorOf(PortalDatabase database, PortalKeys keys) => new(database, keys, NullLogger<Migrator>.Instance);
}
