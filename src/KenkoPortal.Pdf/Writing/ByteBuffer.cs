using System.Buffers.Text;
using System.Text;

namespace KenkoPortal.Pdf.Writing;

/// <summary>A growing run of bytes with the few ways in which PDF writes values.</summary>
internal sealed class ByteBuffer(int capacity = 1024)
{
    private byte[] _bytes = new byte[capacity];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    /// <summary>Empties the buffer; a large array is given back so that one big page does not weigh for ever.</summary>
    public void Clear(int keepAtMost = int.MaxValue)
    {
        _length = 0;
        if (_bytes.Length > keepAtMost)
        {
            _bytes = new byte[keepAtMost];
        }
    }

    public Span<byte> Take(int count)
    {
        var span = Room(count)[..count];
        _length += count;
        return span;
    }

    public ByteBuffer Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        _length += value.Length;
        return this;
    }

    public ByteBuffer Raw(byte value)
    {
        Room(1)[0] = value;
        _length++;
        return this;
    }

    public ByteBuffer Ascii(string value)
    {
        _length += Encoding.ASCII.GetBytes(value, Room(value.Length));
        return this;
    }

    public ByteBuffer Integer(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        _length += written;
        return this;
    }

    /// <summary>A real number with at most three decimals, never in exponent form (PDF has none).</summary>
    public ByteBuffer Number(double value)
    {
        var thousandths = (long)Math.Round(value * 1000);
        if (thousandths < 0)
        {
            Raw((byte)'-');
            thousandths = -thousandths;
        }
        Integer(thousandths / 1000);
        var fraction = (int)(thousandths % 1000);
        if (fraction != 0)
        {
            Raw((byte)'.').Raw((byte)('0' + (fraction / 100)));
            if (fraction % 100 != 0)
            {
                Raw((byte)('0' + (fraction / 10 % 10)));
                if (fraction % 10 != 0)
                {
                    Raw((byte)('0' + (fraction % 10)));
                }
            }
        }
        return this;
    }

    public ByteBuffer Numbers(params ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            Number(value).Raw((byte)' ');
        }
        return this;
    }

    public ByteBuffer Reference(int objectNumber) => Integer(objectNumber).Raw(" 0 R"u8);

    public ByteBuffer Hex16(int value)
    {
        var room = Take(4);
        room[0] = Digit(value >> 12);
        room[1] = Digit(value >> 8);
        room[2] = Digit(value >> 4);
        room[3] = Digit(value);
        return this;

        static byte Digit(int nibble) => "0123456789ABCDEF"u8[nibble & 15];
    }

    /// <summary>UTF-16BE in hexadecimal without brackets; a supplementary character is a surrogate pair.</summary>
    public ByteBuffer Utf16Hex(string value)
    {
        foreach (var unit in value)
        {
            Hex16(unit);
        }
        return this;
    }

    /// <summary>A text string object: UTF-16BE with byte order mark.</summary>
    public ByteBuffer TextString(string value) => Raw("<FEFF"u8).Utf16Hex(value).Raw((byte)'>');

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }
        return _bytes.AsSpan(_length);
    }
}
