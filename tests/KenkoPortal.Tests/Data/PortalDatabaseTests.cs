using KenkoPortal.Core.Data;

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
}
