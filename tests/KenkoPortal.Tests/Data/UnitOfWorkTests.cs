using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace KenkoPortal.Tests.Data;

public sealed class UnitOfWorkTests
{
    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task Two_writers_that_lock_each_other_out_are_both_committed_in_the_end(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var people = await new Residents(portal.Services, society).AddHouseholdAsync(_ => { }, "本人", "妻");
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        await Task.WhenAll(
            WriteAsync(portal, society, people[0].Id, people[1].Id, first, second, "a"),
            WriteAsync(portal, society, people[1].Id, people[0].Id, second, first, "b"));
        var marks = await portal.ReadAsync(society, db => db.Persons.Select(p => p.Workplace).ToListAsync());
        Assert.All(marks, mark => Assert.Equal("ab", string.Concat(mark!.Order())));
    }

    /// <summary>PostgreSQL answers the COMMIT of such a transaction with ROLLBACK, and no driver tells.</summary>
    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task A_write_that_passed_over_a_statement_that_failed_is_never_acknowledged(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var person = (await new Residents(portal.Services, society).AddHouseholdAsync(_ => { }, "本人"))[0];

        await Assert.ThrowsAsync<PostgresException>(() => portal.InAsync(society, services => services.GetRequiredService<UnitOfWork>().CommitAsync(
            async () =>
            {
                var db = services.GetRequiredService<PortalContext>();
                await db.Persons.ExecuteUpdateAsync(set => set.SetProperty(p => p.Workplace, "a"), TestContext.Current.CancellationToken);
                await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync("SELECT 1 / 0", TestContext.Current.CancellationToken));
            },
            TestContext.Current.CancellationToken)));
        Assert.Equal(person.Workplace, await portal.ReadAsync(society, db => db.Persons.Select(p => p.Workplace).SingleAsync()));
    }

    /// <summary>What Npgsql throws on a connection that has died is not always an exception of a database; the same from elsewhere is a fault of the program.</summary>
    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task A_connection_that_died_under_the_driver_is_a_fault_of_the_database(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        await portal.ReadAsync(await portal.AddSocietyAsync(), async db =>
        {
            await db.Database.OpenConnectionAsync();
            var connection = db.Database.GetDbConnection();
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT pg_terminate_backend(pg_backend_pid())";
            Assert.True(UnitOfWork.IsOfDatabase(await Assert.ThrowsAnyAsync<NpgsqlException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))));
            Assert.True(UnitOfWork.IsOfDatabase(Assert.Throws<InvalidOperationException>(() => connection.BeginTransaction())));
            return 0;
        });
        Assert.False(UnitOfWork.IsOfDatabase(Assert.Throws<InvalidOperationException>(() => Array.Empty<int>().First())));

        // Seen under a server that was killed; nobody can bring it about at will.
        var nothing = Assert.Throws<NullReferenceException>(() => ((string?)null)!.Length);
        Assert.False(UnitOfWork.IsOfDatabase(nothing));
        nothing.Source = typeof(NpgsqlConnection).Assembly.GetName().Name;
        Assert.True(UnitOfWork.IsOfDatabase(nothing));
    }

    /// <summary>As after a crash of the server: the connection has statements prepared of which the driver knows nothing.</summary>
    [Theory, OnEveryDatabase(OnlyPostgres = true)]
    public async Task A_connection_that_disagrees_about_its_prepared_statements_is_given_up(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await portal.ReadAsync(society, async db =>
        {
            await db.Database.OpenConnectionAsync();
            for (var i = 0; i < 100; i++)
            {
                // Past Entity Framework, as the driver itself would; what is taken already stays as it is.
                await using var command = db.Database.GetDbConnection().CreateCommand();
                command.CommandText = $"PREPARE _auto{i} AS SELECT {i}";
                _ = await Record.ExceptionAsync(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            }

            return 0;
        });
        var faults = new List<Exception?>();
        for (var i = 0; i < 40; i++)
        {
            faults.Add(await Record.ExceptionAsync(() => portal.ReadAsync(society, db => db.Persons.CountAsync(p => p.Workplace == "a"))));
        }

        Assert.Contains(faults, fault => fault is not null);
        Assert.All(faults.Skip(faults.FindIndex(fault => fault is not null) + 1), Assert.Null);
    }

    /// <summary>Adds a mark to one person and then to another, holding the first until the other writer has taken the second.</summary>
    private static Task WriteAsync(TestPortal portal, Society society, Guid one, Guid two, TaskCompletionSource mine, TaskCompletionSource theirs, string mark) =>
        portal.InAsync(society, async services =>
        {
            var (db, work) = (services.GetRequiredService<PortalContext>(), services.GetRequiredService<UnitOfWork>());
            await work.CommitAsync(
                async () =>
                {
                    await MarkAsync(db, one, mark);
                    mine.TrySetResult();
                    await theirs.Task;
                    await MarkAsync(db, two, mark);
                },
                TestContext.Current.CancellationToken);
        });

    private static async Task MarkAsync(PortalContext db, Guid id, string mark)
    {
        await db.Persons.Where(p => p.Id == id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Name, mark));
        var person = await db.Persons.SingleAsync(p => p.Id == id);
        person.Workplace = (person.Workplace ?? "") + mark;
        await db.SaveChangesAsync();
    }
}
