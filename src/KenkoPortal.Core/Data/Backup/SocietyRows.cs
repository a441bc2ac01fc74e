using System.Data.Common;
using Npgsql;

namespace KenkoPortal.Core.Data.Backup;

/// <summary>Reads and writes rows society by society inside one transaction: PostgreSQL's row-level security shows no other.</summary>
internal static class SocietyRows
{
    public static async Task<List<Guid>> IdsAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT "Id" FROM "Societies" ORDER BY "Id" """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    /// <summary>Makes the transaction act in a society. SQLite needs none; its rows are chosen by their column.</summary>
    public static async Task EnterAsync(DbConnection connection, Guid society, CancellationToken cancellationToken)
    {
        if (connection is NpgsqlConnection)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT set_config('portal.society', @society, true)";
            Add(command, "society", society.ToString());
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>A query over the table's rows, of the society where one is given.</summary>
    public static async Task<DbCommand> SelectAsync(DbConnection connection, string what, BackupTable table, Guid? society, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        command.CommandText = $"SELECT {what} FROM \"{table.Name}\"";
        if (society is { } id)
        {
            await EnterAsync(connection, id, cancellationToken);
            command.CommandText += """ WHERE "SocietyId" = @society""";
            Add(command, "society", id);
        }

        return command;
    }

    /// <summary>The head of a society's audit chain; null where nothing was sealed yet.</summary>
    public static async Task<BackupHead?> HeadAsync(DbConnection connection, Guid society, CancellationToken cancellationToken)
    {
        await EnterAsync(connection, society, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT "Length", "Head" FROM "AuditChains" WHERE "SocietyId" = @society""";
        Add(command, "society", society);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new BackupHead(society, reader.GetInt64(0), Convert.ToHexStringLower(await reader.GetFieldValueAsync<byte[]>(1, cancellationToken)))
            : null;
    }

    public static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
