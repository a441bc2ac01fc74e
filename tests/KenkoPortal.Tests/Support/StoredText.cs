using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KenkoPortal.Tests.Support;

/// <summary>Everything that a thief of the database would read, past every filter: each value of each row as text, bytes in hexadecimal.</summary>
public static class StoredText
{
    public static async Task<string> ReadAsync(TestDatabase database)
    {
        var text = new StringBuilder();
        await using System.Data.Common.DbConnection connection = database.Database.IsPostgres
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(TestDatabase.PostgresAdmin)
            {
                Database = new NpgsqlConnectionStringBuilder(database.OwnerConnection).Database, Pooling = false,
            }.ConnectionString)
            : new SqliteConnection($"Data Source={Path.Combine(database.Directory, "portal.db")};Pooling=False");
        await connection.OpenAsync();
        var tables = await RowsAsync(connection, database.Database.IsPostgres
            ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1");
        foreach (var table in tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{table}]\n").AppendJoin('\n', await RowsAsync(connection, $"SELECT * FROM \"{table}\" ORDER BY 1")).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The spellings under which a secret could be stored: itself, and its characters or what its base64url stands for in hexadecimal.</summary>
    public static IEnumerable<string> SpellingsOf(string secret)
    {
        yield return secret;
        yield return Convert.ToHexString(Encoding.UTF8.GetBytes(secret));
        if (System.Buffers.Text.Base64Url.IsValid(secret))
        {
            yield return Convert.ToHexString(System.Buffers.Text.Base64Url.DecodeFromChars(secret));
        }
    }

    private static async Task<List<string>> RowsAsync(System.Data.Common.DbConnection connection, string query)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
            {
                byte[] bytes => Convert.ToHexString(bytes),
                var value => Convert.ToString(value, CultureInfo.InvariantCulture),
            })));
        }

        return rows;
    }
}
