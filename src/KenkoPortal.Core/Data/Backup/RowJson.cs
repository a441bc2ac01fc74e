using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace KenkoPortal.Core.Data.Backup;

/// <summary>
/// One row as one line of JSON, the same for both databases: ids as 8-4-4-4-12, instants in UTC to 100 ns, dates as yyyy-MM-dd, bytes in
/// base64.
/// </summary>
internal static class RowJson
{
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the reader's current row, with a line feed.</summary>
    public static void Write(IBufferWriter<byte> output, BackupTable table, DbDataReader row)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            for (var i = 0; i < table.Columns.Count; i++)
            {
                json.WritePropertyName(table.Columns[i].Name);
                WriteValue(json, table.Columns[i].Type, row, i);
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>The values in the order of the table's columns.</summary>
    /// <exception cref="FormatException">The line is no row of this table. The message does not repeat it.</exception>
    public static object?[] Read(BackupTable table, ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var values = new object?[table.Columns.Count];
            for (var i = 0; i < values.Length; i++)
            {
                var column = table.Columns[i];
                var value = json.RootElement.GetProperty(column.Name);
                values[i] = value.ValueKind is JsonValueKind.Null && column.IsNullable ? null : ReadValue(column.Type, value);
            }

            return json.RootElement.GetPropertyCount() == values.Length ? values : throw new FormatException("A row holds a column that the table has not.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
#pragma warning disable MA0054 // its message may quote the row
            throw new FormatException("A line is no row of its table.");
#pragma warning restore MA0054
        }
    }

    private static void WriteValue(Utf8JsonWriter json, Type type, DbDataReader row, int i)
    {
        if (row.IsDBNull(i))
        {
            json.WriteNullValue();
        }
        else if (type == typeof(Guid))
        {
            json.WriteStringValue(row.GetGuid(i));
        }
        else if (type == typeof(int) || type == typeof(long))
        {
            json.WriteNumberValue(row.GetInt64(i));
        }
        else if (type == typeof(decimal))
        {
            json.WriteNumberValue(row.GetDecimal(i));
        }
        else if (type == typeof(bool))
        {
            json.WriteBooleanValue(row.GetBoolean(i));
        }
        else if (type == typeof(byte[]))
        {
            json.WriteBase64StringValue(row.GetFieldValue<byte[]>(i));
        }
        else if (type == typeof(DateTime))
        {
            json.WriteStringValue(row.GetDateTime(i).ToString(Instant, CultureInfo.InvariantCulture));
        }
        else if (type == typeof(DateOnly))
        {
            json.WriteStringValue(row.GetFieldValue<DateOnly>(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteStringValue(row.GetString(i));
        }
    }

    private static object ReadValue(Type type, JsonElement value) =>
        type == typeof(Guid) ? value.GetGuid()
        : type == typeof(int) ? value.GetInt32()
        : type == typeof(long) ? value.GetInt64()
        : type == typeof(decimal) ? value.GetDecimal()
        : type == typeof(bool) ? value.GetBoolean()
        : type == typeof(byte[]) ? value.GetBytesFromBase64()
        : type == typeof(DateTime) ? DateTime.SpecifyKind(DateTime.ParseExact(value.GetString()!, Instant, CultureInfo.InvariantCulture), DateTimeKind.Utc)
        : type == typeof(DateOnly) ? DateOnly.ParseExact(value.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture)
        : value.GetString() ?? throw new FormatException("A value is missing.");
}
