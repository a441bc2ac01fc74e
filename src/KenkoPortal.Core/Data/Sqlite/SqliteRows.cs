using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace KenkoPortal.Core.Data.Sqlite;

/// <summary>
/// A statement of SQLite's own interface that is run for row after row, its parameters numbered from 1. Values are written in the forms of Microsoft.Data.Sqlite, so
/// that what is read cannot tell the difference.
/// </summary>
internal sealed class SqliteRows : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private byte[] _bytes = new byte[1024];

    private SqliteRows(sqlite3 database, sqlite3_stmt statement) => (_database, _statement) = (database, statement);

    /// <exception cref="SqliteException">SQLite does not understand it.</exception>
    public static SqliteRows Prepare(SqliteConnection connection, string sql)
    {
        var database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
        return new SqliteRows(database, statement);
    }

    /// <exception cref="NotSupportedException">The database holds no values of that type.</exception>
    public void Bind<T>(int number, T value)
    {
        var result = value switch
        {
            null => raw.sqlite3_bind_null(_statement, number),
            string text => BindText(number, text),
            int whole => raw.sqlite3_bind_int(_statement, number, whole),
            long whole => raw.sqlite3_bind_int64(_statement, number, whole),
            bool yes => raw.sqlite3_bind_int(_statement, number, yes ? 1 : 0),
            Guid id => BindId(number, id),
            DateOnly date => BindText(number, date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            DateTime moment => BindText(number, moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)),
            decimal amount => BindText(number, amount.ToString("0.0###########################", CultureInfo.InvariantCulture)),
            byte[] bytes => raw.sqlite3_bind_blob(_statement, number, bytes),
            _ => throw new NotSupportedException($"SQLite is given no {typeof(T).Name}."),
        };
        SqliteException.ThrowExceptionForRC(result, _database);
    }

    /// <exception cref="SqliteException">The row is refused.</exception>
    public void Execute()
    {
        var result = raw.sqlite3_step(_statement);
        if (result != raw.SQLITE_DONE)
        {
            // The code is the connection's until the reset.
            SqliteException.ThrowExceptionForRC(result, _database);
        }

        raw.sqlite3_reset(_statement);
    }

    public void Dispose() => _statement.Dispose();

    private int BindId(int number, Guid id)
    {
        Span<byte> text = stackalloc byte[36];
        id.TryFormat(text, out _);
        Ascii.ToUpperInPlace(text, out _);
        return raw.sqlite3_bind_text(_statement, number, text);
    }

    private int BindText(int number, string text)
    {
        if (text.Length == 0)
        {
            // No bytes would be null.
            return raw.sqlite3_bind_text(_statement, number, "");
        }

        if (_bytes.Length < text.Length * 3)
        {
            _bytes = new byte[text.Length * 3];
        }

        return raw.sqlite3_bind_text(_statement, number, _bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, _bytes)));
    }
}
