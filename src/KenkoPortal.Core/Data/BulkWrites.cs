using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace KenkoPortal.Core.Data;

/// <summary>
/// Writes many rows of one entity inside the running transaction: on PostgreSQL a column at a time as arrays (COPY does not go through
/// row-level security), on SQLite through one prepared statement. Tables, columns and conversions are the model's, so a new property needs nothing
/// here.
/// </summary>
public sealed class BulkWrites(PortalContext db, PortalDatabase database)
{
    private const int RowsPerStatement = 5000;

    /// <exception cref="InvalidOperationException">A row is another society's, or no transaction is running.</exception>
    public Task InsertAsync<TEntity>(IReadOnlyList<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class, ITenantOwned
    {
        var columns = Columns<TEntity>(_ => true);
        var names = string.Join(", ", columns.Select(c => c.Quoted));
        return RunAsync(
            rows,
            columns,
            table => $"INSERT INTO {table} ({names}) SELECT * FROM unnest({string.Join(", ", columns.Select(c => c.Place))})",
            table => $"INSERT INTO {table} ({names}) VALUES ({string.Join(", ", columns.Select(c => c.Place))})",
            cancellationToken);
    }

    /// <summary>Sets the named properties of rows that exist, found by their key <c>Id</c>.</summary>
    /// <exception cref="InvalidOperationException">A row is another society's, or no transaction is running.</exception>
    public Task UpdateAsync<TEntity>(IReadOnlyList<TEntity> rows, IReadOnlyCollection<string> properties, CancellationToken cancellationToken)
        where TEntity : class, ITenantOwned
    {
        const string Key = "Id";
        var columns = Columns<TEntity>(name => name == Key || properties.Contains(name, StringComparer.Ordinal));
        var key = columns.Single(c => c.Property.Name == Key);
        var set = columns.Where(c => c != key).ToList();
        return RunAsync(
            rows,
            columns,
            table => $"""
                UPDATE {table} AS t SET {string.Join(", ", set.Select(c => $"{c.Quoted} = s.{c.Quoted}"))}
                FROM unnest({string.Join(", ", columns.Select(c => c.Place))}) AS s ({string.Join(", ", columns.Select(c => c.Quoted))})
                WHERE t.{key.Quoted} = s.{key.Quoted}
                """,
            table => $"UPDATE {table} SET {string.Join(", ", set.Select(c => $"{c.Quoted} = {c.Place}"))} WHERE {key.Quoted} = {key.Place}",
            cancellationToken);
    }

    private List<Column> Columns<TEntity>(Func<string, bool> wanted)
    {
        var entity = db.Model.FindEntityType(typeof(TEntity))!;
        return [.. entity.GetProperties().Where(p => wanted(p.Name)).Select((property, index) => new Column(property, index))];
    }

    private async Task RunAsync<TEntity>(
        IReadOnlyList<TEntity> rows, List<Column> columns, Func<string, string> many, Func<string, string> one, CancellationToken cancellationToken)
        where TEntity : class, ITenantOwned
    {
        if (rows.Count == 0)
        {
            return;
        }

        if (rows.Any(row => row.SocietyId != db.SocietyId))
        {
            throw new InvalidOperationException($"A {typeof(TEntity).Name} of another society was about to be written.");
        }

        var transaction = db.Database.CurrentTransaction ?? throw new InvalidOperationException("Bulk writes belong into a unit of work.");
        var table = $"\"{db.Model.FindEntityType(typeof(TEntity))!.GetTableName()}\"";
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = transaction.GetDbTransaction();
#pragma warning disable CA2100 // the names come from the model
        command.CommandText = database.IsPostgres ? many(table) : one(table);
#pragma warning restore CA2100
        await (database.IsPostgres
            ? WriteArraysAsync(command, rows, columns, cancellationToken)
            : WriteOneByOneAsync(command, rows, columns, cancellationToken));
        db.HasNewWork |= typeof(TEntity).IsAssignableTo(typeof(IWakesJobs));
    }

    private static async Task WriteArraysAsync<TEntity>(
        DbCommand command, IReadOnlyList<TEntity> rows, List<Column> columns, CancellationToken cancellationToken)
        where TEntity : class
    {
        var parameters = columns.ConvertAll(column => column.ArrayParameter());
        command.Parameters.AddRange(parameters.ToArray());
        for (var start = 0; start < rows.Count; start += RowsPerStatement)
        {
            var count = Math.Min(RowsPerStatement, rows.Count - start);
            foreach (var (column, parameter) in columns.Zip(parameters))
            {
                parameter.Value = column.Values(rows, start, count);
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task WriteOneByOneAsync<TEntity>(
        DbCommand command, IReadOnlyList<TEntity> rows, List<Column> columns, CancellationToken cancellationToken)
        where TEntity : class
    {
        var parameters = columns.ConvertAll(column =>
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = column.Name;
            command.Parameters.Add(parameter);
            return parameter;
        });
        await command.PrepareAsync(cancellationToken);
        for (var i = 0; i < rows.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var c = 0; c < parameters.Count; c++)
            {
                parameters[c].Value = columns[c].Value(rows[i]) ?? DBNull.Value;
            }

            // SQLite has no asynchronous work to wait for; a state machine for each of 300,000 rows would be all that it adds.
#pragma warning disable CA1849, MA0042
            command.ExecuteNonQuery();
#pragma warning restore CA1849, MA0042
        }
    }

    private sealed class Column
    {
        private readonly IClrPropertyGetter _getter;
        private readonly Func<object?, object?>? _convert;
        private readonly Type _type;

        public Column(IProperty property, int index)
        {
            Property = property;
            Name = $"p{index}";
            Quoted = $"\"{property.GetColumnName()}\"";
            _getter = property.GetGetter();
            var converter = property.GetTypeMapping().Converter;
            _convert = converter?.ConvertToProvider;
            var type = converter?.ProviderClrType ?? property.ClrType;
            _type = type.IsValueType && property.IsNullable && Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : type;
        }

        public IProperty Property { get; }

        public string Name { get; }

        public string Quoted { get; }

        public string Place => "@" + Name;

        /// <summary>Npgsql tells a moment with a zone from one without by the first value, which may be null: it is told here.</summary>
        public NpgsqlParameter ArrayParameter()
        {
            var parameter = new NpgsqlParameter { ParameterName = Name };
            if ((Nullable.GetUnderlyingType(_type) ?? _type) == typeof(DateTime))
            {
                parameter.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz;
            }

            return parameter;
        }

        public object? Value(object row)
        {
            var value = _getter.GetClrValue(row);
            return value is null || _convert is null ? value : _convert(value);
        }

        public Array Values<TEntity>(IReadOnlyList<TEntity> rows, int start, int count)
            where TEntity : class
        {
            var values = Array.CreateInstance(_type, count);
            for (var i = 0; i < count; i++)
            {
                values.SetValue(Value(rows[start + i]), i);
            }

            return values;
        }
    }
}
