using System.Data.Common;
using System.Reflection;
using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Societies;

/// <summary>
/// Reads the societies without Entity Framework, whose model takes a start longer than all else: the first page and the checks before it need the
/// societies alone. A column is the property of its name, so a new setting needs nothing here.
/// </summary>
internal static class SocietyRows
{
    private static readonly PropertyInfo[] Properties = [.. typeof(Society).GetProperties().Where(property => property.CanWrite)];

    private static readonly string Query =
        $"""SELECT {string.Join(", ", Properties.Select(property => $"\"{property.Name}\""))} FROM "Societies" ORDER BY "Key" """;

    /// <summary>All of them, by key.</summary>
    /// <exception cref="DbException">The database does not answer.</exception>
    public static async Task<List<Society>> ReadAsync(PortalDatabase database, CancellationToken cancellationToken)
    {
        await using var connection = database.CreateConnection();
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the names are the entity's
        command.CommandText = Query;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var societies = new List<Society>();
        while (await reader.ReadAsync(cancellationToken))
        {
            societies.Add(Read(reader));
        }

        return societies;
    }

    private static Society Read(DbDataReader reader)
    {
        var society = Activator.CreateInstance<Society>();
        for (var i = 0; i < Properties.Length; i++)
        {
            Properties[i].SetValue(society, reader.IsDBNull(i) ? null : Value(reader, i, Nullable.GetUnderlyingType(Properties[i].PropertyType) ?? Properties[i].PropertyType));
        }

        return society;
    }

    private static object Value(DbDataReader reader, int i, Type type) =>
        type == typeof(Guid) ? reader.GetGuid(i)
        : type == typeof(int) ? reader.GetInt32(i)
        : type == typeof(bool) ? reader.GetBoolean(i)
        : type == typeof(string) ? reader.GetString(i)
        : type == typeof(DateOnly) ? reader.GetFieldValue<DateOnly>(i)
        : throw new NotSupportedException($"A society's setting of type {type.Name} cannot be read.");
}
