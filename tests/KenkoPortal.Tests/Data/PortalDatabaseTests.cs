using KenkoPortal.Core.Data;
using Microsoft.Data.Sqlite;

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
}
