using System.Data.Common;
using System.Text;
using KenkoPortal.Measure.Support;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace KenkoPortal.Measure.Bench;

/// <summary>The rows of one table as its database takes them fastest, made ready before the clock runs.</summary>
/// <param name="Name">The table.</param>
/// <param name="Count">Its rows.</param>
internal abstract record LeftTable(string Name, long Count)
{
    /// <summary>Reads a table whole.</summary>
    public static async Task<LeftTable> ReadAsync(DbConnection connection, string table, CancellationToken cancellationToken) => connection is NpgsqlConnection postgres
        ? await CopiedTable.ReadAsync(postgres, table, cancellationToken)
        : PreparedTable.Of(await BulkLoad.ReadAsync(connection, table, cancellationToken));

    /// <summary>Writes the rows. A transaction is open.</summary>
    public abstract Task LoadAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>The bytes that COPY gave, given to COPY again, as <c>psql \copy</c> does with a file.</summary>
    private sealed record CopiedTable(string Name, long Count, byte[] Bytes) : LeftTable(Name, Count)
    {
        private const int Piece = 1 << 16;

        public static async Task<CopiedTable> ReadAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
        {
            using var bytes = new MemoryStream();
            await using (var copy = await connection.BeginRawBinaryCopyAsync($"COPY \"{table}\" TO STDOUT (FORMAT BINARY)", cancellationToken))
            {
                await copy.CopyToAsync(bytes, cancellationToken);
            }

            await using var count = connection.CreateCommand();
#pragma warning disable CA2100 // the name comes from the schema
            count.CommandText = $"SELECT count(*) FROM \"{table}\"";
#pragma warning restore CA2100
            return new CopiedTable(table, (long)(await count.ExecuteScalarAsync(cancellationToken))!, bytes.ToArray());
        }

        public override async Task LoadAsync(DbConnection connection, CancellationToken cancellationToken)
        {
            await using var copy = await ((NpgsqlConnection)connection).BeginRawBinaryCopyAsync($"COPY \"{Name}\" FROM STDIN (FORMAT BINARY)", cancellationToken);
            for (var at = 0; at < Bytes.Length; at += Piece)
            {
                await copy.WriteAsync(Bytes.AsMemory(at, Math.Min(Piece, Bytes.Length - at)), cancellationToken);
            }
        }
    }

    /// <summary>One statement of SQLite's own interface, run for row after row; texts are in UTF-8 already.</summary>
    private sealed record PreparedTable(string Name, string Sql, IReadOnlyList<object?[]> Rows) : LeftTable(Name, Rows.Count)
    {
        public static PreparedTable Of(TableRows table) => new(
            table.Name,
            $"INSERT INTO \"{table.Name}\" ({string.Join(", ", table.Columns.Select(c => $"\"{c}\""))}) VALUES ({string.Join(", ", table.Columns.Select(_ => "?"))})",
            [.. table.Rows.Select(row => row.Select(value => value is string text ? new Utf8(Encoding.UTF8.GetBytes(text)) : value).ToArray())]);

        public override Task LoadAsync(DbConnection connection, CancellationToken cancellationToken)
        {
            var database = ((SqliteConnection)connection).Handle!;
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, Sql, out var statement), database);
            using (statement)
            {
                foreach (var row in Rows)
                {
                    for (var i = 0; i < row.Length; i++)
                    {
                        Bind(statement, i + 1, row[i]);
                    }

                    var result = raw.sqlite3_step(statement);
                    if (result != raw.SQLITE_DONE)
                    {
                        SqliteException.ThrowExceptionForRC(result, database);
                    }

                    raw.sqlite3_reset(statement);
                }
            }

            return Task.CompletedTask;
        }

        private static int Bind(sqlite3_stmt statement, int number, object? value) => value switch
        {
            null => raw.sqlite3_bind_null(statement, number),
            Utf8 { Bytes.Length: 0 } => raw.sqlite3_bind_text(statement, number, ""),
            Utf8 text => raw.sqlite3_bind_text(statement, number, text.Bytes),
            long whole => raw.sqlite3_bind_int64(statement, number, whole),
            double real => raw.sqlite3_bind_double(statement, number, real),
            byte[] bytes => raw.sqlite3_bind_blob(statement, number, bytes),
            _ => throw new NotSupportedException($"SQLite gave a {value.GetType().Name}."),
        };

        private sealed record Utf8(byte[] Bytes);
    }
}
