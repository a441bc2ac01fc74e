using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KenkoPortal.Claims.Reading;

/// <summary>Where the commas of a line are. One object is used for line after line.</summary>
internal sealed class Columns
{
    /// <summary>Columns told apart; the widest record has 130.</summary>
    public const int Most = 256;

    private readonly int[] _commas = new int[Most];

    /// <summary>How many columns the line has; <see cref="Most"/> for that many and more.</summary>
    public int Count { get; private set; }

    private int _length;

    [MethodImpl(Compiled.AtOnce)]
    public void Split(ReadOnlySpan<byte> line)
    {
        var commas = _commas.AsSpan();
        var count = 0;
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var comma = Vector256.Create((byte)',');
            for (; i + Vector256<byte>.Count <= line.Length; i += Vector256<byte>.Count)
            {
                var found = Vector256.Equals(Vector256.Create(line.Slice(i, Vector256<byte>.Count)), comma).ExtractMostSignificantBits();
                if (count + Vector256<byte>.Count >= Most)
                {
                    break;
                }

                while (found != 0)
                {
                    commas[count++] = i + BitOperations.TrailingZeroCount(found);
                    found &= found - 1;
                }
            }
        }

        for (; i < line.Length && count < Most - 1; i++)
        {
            if (line[i] == (byte)',')
            {
                commas[count++] = i;
            }
        }

        commas[count] = line.Length;
        Count = count + 1;
        _length = line.Length;
    }

    /// <summary>The bytes of a column, empty where the line has none.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public ReadOnlySpan<byte> Get(ReadOnlySpan<byte> line, int column)
    {
        if (column >= Count)
        {
            return default;
        }

        var start = column == 0 ? 0 : _commas[column - 1] + 1;
        return line[start.._commas[column]];
    }

    /// <summary>The column in which a byte stands.</summary>
    public int At(int offset)
    {
        var column = 0;
        while (column < Count - 1 && _commas[column] < offset)
        {
            column++;
        }

        return column;
    }

    /// <summary>Whether a column from <paramref name="column"/> on has something in it.</summary>
    public bool HasContentFrom(int column)
    {
        // Nothing but commas from there on means that each comma stands right behind the one before.
        var first = column == 0 ? 0 : _commas[column - 1] + 1;
        return _length - first != Count - 1 - column;
    }
}
