using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace KenkoPortal.Core.Data.Backup;

/// <summary>Writes rows in bulk: one prepared statement on SQLite, one array a column on PostgreSQL, whose COPY row-level security forbids.</summary>
internal sealed class RowInsert : IAsyncDisposable
{
    private readonly DbCommand _command;
    private readonly BackupTable _table;

    private RowInsert(DbCommand command, BackupTable table) => (_command, _table) = (command, table);

    public static RowInsert Into(DbConnection connection, BackupTable table)
    {
        var command = connection.CreateCommand();
        var values = Enumerable.Range(0, table.Columns.Count).Select(i => connection is NpgsqlConnection ? $"${i + 1}" : $"@p{i}");
        command.CommandText = connection is NpgsqlConnection
            ? $"INSERT INTO \"{table.Name}\" ({table.ColumnList}) SELECT * FROM unnest({string.Join(", ", values)})"
            : $"INSERT INTO \"{table.Name}\" ({table.ColumnList}) VALUES ({string.Join(", ", values)})";
        if (command is SqliteCommand sqlite)
        {
            for (var i = 0; i < table.Columns.Count; i++)
            {
                sqlite.Parameters.Add(new SqliteParameter { ParameterName = $"@p{i}" });
            }
        }

        return new RowInsert(command, table);
    }

    public async Task WriteAsync(List<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        if (_command is NpgsqlCommand postgres)
        {
            postgres.Parameters.Clear();
            for (var i = 0; i < _table.Columns.Count; i++)
            {
                postgres.Parameters.Add(ArrayOf(_table.Columns[i].Type, rows, i));
            }

            await postgres.ExecuteNonQueryAsync(cancellationToken);
            return;
        }

        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                _command.Parameters[i].Value = row[i] ?? DBNull.Value;
            }

            await _command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    private static NpgsqlParameter ArrayOf(Type type, List<object?[]> rows, int i) =>
        type == typeof(Guid) ? Array(NpgsqlDbType.Uuid, rows.ConvertAll(r => (Guid?)r[i]))
        : type == typeof(int) ? Array(NpgsqlDbType.Integer, rows.ConvertAll(r => (int?)r[i]))
        : type == typeof(long) ? Array(NpgsqlDbType.Bigint, rows.ConvertAll(r => (long?)r[i]))
        : type == typeof(decimal) ? Array(NpgsqlDbType.Numeric, rows.ConvertAll(r => (decimal?)r[i]))
        : type == typeof(bool) ? Array(NpgsqlDbType.Boolean, rows.ConvertAll(r => (bool?)r[i]))
        : type == typeof(byte[]) ? Array(NpgsqlDbType.Bytea, rows.ConvertAll(r => (byte[]?)r[i]))
        : type == typeof(DateTime) ? Array(NpgsqlDbType.TimestampTz, rows.ConvertAll(r => (DateTime?)r[i]))
        : type == typeof(DateOnly) ? Array(NpgsqlDbType.Date, rows.ConvertAll(r => (DateOnly?)r[i]))
        : Array(NpgsqlDbType.Text, rows.ConvertAll(r => (string?)r[i]));

    private static NpgsqlParameter Array<T>(NpgsqlDbType type, List<T> values) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };
}
