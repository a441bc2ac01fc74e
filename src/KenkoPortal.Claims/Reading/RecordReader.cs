using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>Reads the columns of one record at a time.</summary>
internal sealed class RecordReader
{
    private readonly Columns _columns = new();

    [MethodImpl(Compiled.AtOnce)]
    public void Split(ReadOnlySpan<byte> record) => _columns.Split(record);

    [MethodImpl(Compiled.AtOnce)]
    public ReadOnlySpan<byte> Column(ReadOnlySpan<byte> record, RecordLayout layout, Field field) =>
        layout.PlaceOf(field) is >= 0 and var place ? _columns.Get(record, place) : default;

    [MethodImpl(Compiled.AtOnce)]
    public int? Number(ReadOnlySpan<byte> record, RecordLayout layout, Field field) =>
        Column(record, layout, field) is { IsEmpty: false } text ? FieldForms.ReadNumber(text) : null;

    [MethodImpl(Compiled.AtOnce)]
    public string? Text(ReadOnlySpan<byte> record, RecordLayout layout, Field field) => TextOf(Column(record, layout, field));

    [MethodImpl(Compiled.AtOnce)]
    public static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        var text = Cp932.Decode(bytes).Trim();
        return text.Length == 0 ? null : text;
    }
}
