using System.Buffers.Text;
using System.Globalization;

namespace KenkoPortal.Demo;

/// <summary>Writes records of a delivery line by line: <c>At(11, …)</c> fills up the columns before, so that code reads like the layout.</summary>
internal sealed class RecordWriter(Stream stream) : IDisposable
{
    /// <summary>No line is as long.</summary>
    private const int Room = 16 * 1024;

    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _length;
    private int _column;

    /// <summary>Begins a line with the three columns that stand before every record.</summary>
    /// <param name="source">データ識別: 1 the institution's line, 2 the examiner's.</param>
    /// <param name="row">行番号.</param>
    /// <param name="branch">枝番号.</param>
    /// <param name="name">The record's name, its column 0.</param>
    public RecordWriter Start(int source, int row, int branch, ReadOnlySpan<byte> name)
    {
        if (_length > _buffer.Length - Room)
        {
            Flush();
        }

        Put(source);
        Put((byte)',');
        Put(row);
        Put((byte)',');
        Put(branch);
        Put((byte)',');
        Put(name);
        _column = 0;
        return this;
    }

    public RecordWriter At(int column, ReadOnlySpan<byte> value)
    {
        Go(column);
        Put(value);
        return this;
    }

    public RecordWriter At(int column, int value) => At(column, (long)value);

    public RecordWriter At(int column, long value)
    {
        Go(column);
        Put(value);
        return this;
    }

    /// <summary>Null stays blank.</summary>
    public RecordWriter At(int column, int? value)
    {
        Go(column);
        if (value is { } number)
        {
            Put(number);
        }

        return this;
    }

    /// <summary>A quantity: at most five digits before the point and five behind it.</summary>
    public RecordWriter At(int column, decimal value)
    {
        Go(column);
        value.TryFormat(_buffer.AsSpan(_length), out var written, "0.#####", CultureInfo.InvariantCulture);
        _length += written;
        return this;
    }

    /// <param name="column">Where.</param>
    /// <param name="month">A month.</param>
    /// <param name="isEra">GYYMM in place of YYYYMM.</param>
    public RecordWriter At(int column, DemoMonth month, bool isEra)
    {
        Go(column);
        PutYear(month.FirstDay, month.LastDay, isEra);
        PutPair(month.Number);
        return this;
    }

    /// <param name="column">Where.</param>
    /// <param name="day">A date.</param>
    /// <param name="isEra">GYYMMDD in place of YYYYMMDD.</param>
    public RecordWriter At(int column, DateOnly day, bool isEra)
    {
        Go(column);
        PutYear(day, day, isEra);
        PutPair(day.Month);
        PutPair(day.Day);
        return this;
    }

    /// <summary>Ends the line, with so many columns, the name's included.</summary>
    public void End(int columns)
    {
        if (columns - 1 > _column)
        {
            Go(columns - 1);
        }

        Put("\r\n"u8);
    }

    /// <summary>0x1A, as files from elsewhere end.</summary>
    public void EndOfFile() => Put((byte)0x1A);

    public void Dispose()
    {
        Flush();
        stream.Dispose();
    }

    private void Go(int column)
    {
        if (column <= _column)
        {
            throw new ArgumentOutOfRangeException(nameof(column), column, "Columns are written from left to right.");
        }

        var commas = column - _column;
        _buffer.AsSpan(_length, commas).Fill((byte)',');
        _length += commas;
        _column = column;
    }

    private void PutYear(DateOnly day, DateOnly last, bool isEra)
    {
        if (!isEra)
        {
            Put(day.Year);
            return;
        }

        // A month belongs to the era of its last day. Numbers: 1 Meiji, 2 Taisho, 3 Showa, 4 Heisei, 5 Reiwa.
        var (era, before) = last >= new DateOnly(2019, 5, 1) ? (5, 2018) : last >= new DateOnly(1989, 1, 8) ? (4, 1988) : (3, 1925);
        Put(era);
        PutPair(day.Year - before);
    }

    private void PutPair(int number)
    {
        Put((byte)('0' + (number / 10)));
        Put((byte)('0' + (number % 10)));
    }

    private void Put(byte value) => _buffer[_length++] = value;

    private void Put(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_buffer.AsSpan(_length));
        _length += value.Length;
    }

    private void Put(long value)
    {
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_length), out var written);
        _length += written;
    }

    private void Flush()
    {
        stream.Write(_buffer, 0, _length);
        _length = 0;
    }
}
