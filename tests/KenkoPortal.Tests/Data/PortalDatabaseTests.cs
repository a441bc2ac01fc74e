using KenkoPortal.Core.Data;
using KenkoPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Data;

public sealed class PortalDatabaseTests
{
    /// <summary>The driver keeps a thread for as long when a query is given up; ./verify database-gone shows what becomes of that.</summary>
    [Theory]
    [InlineData("Host=db", 3)]
    [InlineData("Host=db;Timeout=40", 40)]
    [InlineData("Host=db;Timeout=0", 0)]
    public void Connecting_takes_three_seconds_at_most_unless_the_operator_says_otherwise(string given, int seconds)
    {
        using var database = new PortalDatabase("data", given, null);
        using var connection = database.CreateConnection();
        Assert.Equal(seconds, connection.ConnectionTimeout);
    }

    /// <summary>The driver's pool lends one connection to two at once (https://github.com/dotnet/efcore/issues/39008), too seldom for a test to see it.</summary>
    [Fact]
    public void SQLites_connections_are_not_lent_by_the_driver()
    {
        using var database = new PortalDatabase("data", null, null);
        using var connection = database.CreateConnection();
        Assert.False(new SqliteConnectionStringBuilder(connection.ConnectionString).Pooling);
    }

    /// <summary>The driver knows a command for one closing only: a statement that is kept beyond it goes on reading what was closed.</summary>
    [Theory, OnEveryDatabase]
    public async Task A_query_reads_the_file_anew_however_often_its_connection_was_closed(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await portal.InAsync(society, async services =>
        {
            var db = services.GetRequiredService<PortalContext>();
            for (var people = 0; people < 4; people++)
            {
                Assert.Equal(people, await db.Persons.CountAsync(TestContext.Current.CancellationToken));
                await db.Database.GetDbConnection().CloseAsync();
                Assert.Equal(people, await db.Persons.CountAsync(TestContext.Current.CancellationToken));
                await new Residents(portal.Services, society).AddHouseholdAsync(_ => { }, "本人");
            }
        });
    }
}
