using System.Buffers.Binary;
using System.Text;

namespace KenkoPortal.Core.Data.Postgres;

/// <summary>
/// Rows in the binary form of PostgreSQL's COPY (its manual: COPY, File Formats), each value as its type's receive function takes it. Past the driver's importer,
/// which resolves anew for each value how its type is written: that took longer than reading the claims.
/// </summary>
internal sealed class CopyRows
{
    private const int EnoughToSend = 64 * 1024;
    private const int GroupBase = 10_000;
    private const int GroupDigits = 4;

    private static readonly int FirstDay = new DateOnly(2000, 1, 1).DayNumber;
    private static readonly long FirstTick = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private readonly Stream _copy;
    private readonly short _columns;
    private byte[] _bytes = new byte[2 * EnoughToSend];
    private int _length;

    /// <param name="copy">The driver's raw COPY.</param>
    /// <param name="columns">How many values each row has.</param>
    public CopyRows(Stream copy, int columns)
    {
        (_copy, _columns) = (copy, checked((short)columns));
        Add("PGCOPY\n"u8);
        Add([0xFF, (byte)'\r', (byte)'\n', 0]);

        // No flags, and no extension of the header.
        Add(0L);
    }

    /// <summary>Whether it is time for <see cref="SendAsync"/>.</summary>
    public bool IsEnough => _length >= EnoughToSend;

    public void BeginRow() => Add(_columns);

    /// <summary>Writes the row's next value.</summary>
    /// <exception cref="NotSupportedException">The database holds no values of that type.</exception>
    public void Write<T>(T value)
    {
        switch (value)
        {
            case null:
                Add(-1);
                break;
            case string text:
                AddText(text);
                break;
            case int whole:
                Add(sizeof(int));
                Add(whole);
                break;
            case long whole:
                Add(sizeof(long));
                Add(whole);
                break;
            case bool yes:
                Add(sizeof(byte));
                Add([yes ? (byte)1 : (byte)0]);
                break;
            case Guid id:
                Add(16);
                id.TryWriteBytes(Room(16), bigEndian: true, out _);
                _length += 16;
                break;
            case DateOnly date:
                Add(sizeof(int));
                Add(date.DayNumber - FirstDay);
                break;
            case DateTime moment:
                Add(sizeof(long));
                Add((moment.Ticks - FirstTick) / TimeSpan.TicksPerMicrosecond);
                break;
            case decimal amount:
                AddNumeric(amount);
                break;
            case byte[] bytes:
                Add(bytes.Length);
                Add(bytes);
                break;
            default:
                throw new NotSupportedException($"PostgreSQL is given no {typeof(T).Name}.");
        }
    }

    /// <summary>Sends what was gathered.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        await _copy.WriteAsync(_bytes.AsMemory(0, _length), cancellationToken);
        _length = 0;
    }

    /// <summary>Says that there are no more rows, and sends the rest.</summary>
    public Task EndAsync(CancellationToken cancellationToken)
    {
        Add((short)-1);
        return SendAsync(cancellationToken);
    }

    private void AddText(string text)
    {
        var room = Room(sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, room[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        _length += sizeof(int) + length;
    }

    /// <summary>Groups of four decimal digits to both sides of the point, the highest first, behind how many there are, the first one's place, the sign and the scale.</summary>
    private void AddNumeric(decimal amount)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(amount, parts);
        var mantissa = ((UInt128)(uint)parts[2] << 64) | ((UInt128)(uint)parts[1] << 32) | (uint)parts[0];
        var behind = (amount.Scale + GroupDigits - 1) / GroupDigits;
        for (var i = amount.Scale; i < behind * GroupDigits; i++)
        {
            mantissa *= 10;
        }

        Span<short> groups = stackalloc short[16];
        var count = 0;
        for (; mantissa > 0; mantissa /= GroupBase)
        {
            groups[count++] = (short)(mantissa % GroupBase);
        }

        Add((4 + count) * sizeof(short));
        Add((short)count);
        Add((short)(count - 1 - behind));
        Add(amount < 0 ? (short)0x4000 : (short)0);
        Add((short)amount.Scale);
        while (count > 0)
        {
            Add(groups[--count]);
        }
    }

    private void Add(short number)
    {
        BinaryPrimitives.WriteInt16BigEndian(Room(sizeof(short)), number);
        _length += sizeof(short);
    }

    private void Add(int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), number);
        _length += sizeof(int);
    }

    private void Add(long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), number);
        _length += sizeof(long);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - _length < length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        }

        return _bytes.AsSpan(_length);
    }
}
