using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>The same few thousand drug codes come again and again; the last ones read are kept as strings.</summary>
internal sealed class CodeCache
{
    private const int Size = 4096;

    private readonly int[] _numbers = new int[Size];
    private readonly string?[] _codes = new string?[Size];

    /// <summary>Nine digits.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public string Get(ReadOnlySpan<byte> code)
    {
        var number = FieldForms.ReadNumber(code);
        var slot = (int)(((uint)number * 2654435761u) >> 20);
        if (_codes[slot] is { } known && _numbers[slot] == number)
        {
            return known;
        }

        _numbers[slot] = number;
        return _codes[slot] = Cp932.Decode(code);
    }
}
