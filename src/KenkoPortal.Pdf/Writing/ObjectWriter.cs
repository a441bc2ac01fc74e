using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace KenkoPortal.Pdf.Writing;

/// <summary>
/// Lays indirect objects one after the other into a stream. Small objects are gathered into object streams
/// (ISO 32000-1, 7.5.7), all places are kept in eight bytes each and written as a cross-reference stream (7.5.8).
/// </summary>
internal sealed class ObjectWriter
{
    private const int ObjectsInAStream = 200;
    private const int KeptBuffer = 1 << 18;
    private const int PlacesInAChunk = 1 << 13;
    private const int PlaceWidth = 8;
    private const ulong Packed = 1UL << 63;

    private readonly Stream _output;
    private readonly CompressionLevel _compression;
    private readonly ByteBuffer _pending = new(1 << 16);
    private readonly ByteBuffer _packedBodies = new(1 << 15);
    private readonly List<(int Number, int Offset)> _packedObjects = new(ObjectsInAStream);

    // In chunks, because doubling one array would need three times its size for a while.
    private readonly List<ulong[]> _places = [];
    private int _objects = 1;
    private long _flushed;

    public ObjectWriter(Stream output, CompressionLevel compression)
    {
        _output = output;
        _compression = compression;
        // The comment of four bytes above 127 tells transfer programs that the file is binary (7.5.2).
        _pending.Raw("%PDF-1.7\n%"u8).Raw([0xE5, 0x81, 0xA5, 0xBA]).Raw((byte)'\n');
    }

    /// <summary>Bytes that wait for <see cref="Flush"/>.</summary>
    public int Waiting => _pending.Length;

    public int Reserve()
    {
        if (_objects / PlacesInAChunk == _places.Count)
        {
            _places.Add(new ulong[PlacesInAChunk]);
        }
        return _objects++;
    }

    /// <summary>Writes an object that is no stream.</summary>
    public void Write(int number, ByteBuffer body)
    {
        _packedObjects.Add((number, _packedBodies.Length));
        _packedBodies.Raw(body.Span).Raw((byte)'\n');
        if (_packedObjects.Count == ObjectsInAStream)
        {
            WriteObjectStream();
        }
    }

    /// <summary>Compresses and writes a stream; <paramref name="entries"/> stands in its dictionary beside Length and Filter.</summary>
    public void WriteCompressed(int number, string entries, ReadOnlySpan<byte> data) =>
        WriteStream(number, entries, Deflate(data), isDeflated: true);

    /// <summary>Writes a stream as it is.</summary>
    public void WriteStream(int number, string entries, ReadOnlySpan<byte> body, bool isDeflated = false)
    {
        Start(number);
        _pending.Raw("<<"u8).Ascii(entries).Raw("/Length "u8).Integer(body.Length);
        if (isDeflated)
        {
            _pending.Raw("/Filter/FlateDecode"u8);
        }
        _pending.Raw(">>\nstream\n"u8).Raw(body).Raw("\nendstream\nendobj\n"u8);
    }

    public void Finish(int catalog, int info)
    {
        WriteObjectStream();
        var number = Reserve();
        var start = _flushed + _pending.Length;
        Place(number) = (ulong)start;

        using var deflated = new MemoryStream();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var deflate = new ZLibStream(deflated, _compression, leaveOpen: true))
        {
            var entries = new byte[PlaceWidth * PlacesInAChunk];
            for (var first = 0; first < _objects; first += PlacesInAChunk)
            {
                var count = Math.Min(PlacesInAChunk, _objects - first);
                for (var i = 0; i < count; i++)
                {
                    WritePlace(entries.AsSpan(PlaceWidth * i, PlaceWidth), first + i);
                }
                deflate.Write(entries, 0, PlaceWidth * count);
                hash.AppendData(entries, 0, PlaceWidth * count);
            }
        }
        // The identifier depends on the content alone, so that equal input gives equal bytes.
        var id = Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 16));
        WriteStream(
            number,
            $"/Type/XRef/Size {_objects}/W[1 5 2]/Root {catalog} 0 R/Info {info} 0 R/ID[<{id}><{id}>]",
            deflated.GetBuffer().AsSpan(0, (int)deflated.Length),
            isDeflated: true);
        _pending.Raw("startxref\n"u8).Integer(start).Raw("\n%%EOF\n"u8);
    }

    public void Flush()
    {
        _output.Write(_pending.Span);
        Flushed();
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _output.WriteAsync(_pending.Memory, cancellationToken);
        Flushed();
    }

    private ref ulong Place(int number) => ref _places[number / PlacesInAChunk][number % PlacesInAChunk];

    // One entry of the cross-reference stream: kind, place, and index or generation in 1, 5 and 2 bytes (7.5.8.3).
    private void WritePlace(Span<byte> entry, int number)
    {
        var place = Place(number);
        var isPacked = (place & Packed) != 0;
        var middle = isPacked ? (place & ~Packed) >> 16 : place;
        // Number 0 heads the list of free objects; a number that was reserved and never used is free, too.
        entry[0] = number == 0 || place == 0 ? (byte)0 : isPacked ? (byte)2 : (byte)1;
        entry[1] = (byte)(middle >> 32);
        BinaryPrimitives.WriteUInt32BigEndian(entry[2..], (uint)middle);
        BinaryPrimitives.WriteUInt16BigEndian(entry[6..], number == 0 ? ushort.MaxValue : isPacked ? (ushort)place : (ushort)0);
    }

    private void Flushed()
    {
        _flushed += _pending.Length;
        _pending.Clear(KeptBuffer);
    }

    private void Start(int number)
    {
        Place(number) = (ulong)(_flushed + _pending.Length);
        _pending.Integer(number).Raw(" 0 obj\n"u8);
    }

    private void WriteObjectStream()
    {
        if (_packedObjects.Count == 0)
        {
            return;
        }
        var number = Reserve();
        var whole = new ByteBuffer(_packedBodies.Length + (_packedObjects.Count * 16));
        for (var i = 0; i < _packedObjects.Count; i++)
        {
            var (packed, offset) = _packedObjects[i];
            whole.Integer(packed).Raw((byte)' ').Integer(offset).Raw((byte)' ');
            Place(packed) = Packed | ((ulong)number << 16) | (ushort)i;
        }
        var first = whole.Length;
        whole.Raw(_packedBodies.Span);
        WriteCompressed(number, $"/Type/ObjStm/N {_packedObjects.Count}/First {first}", whole.Span);
        _packedObjects.Clear();
        _packedBodies.Clear(KeptBuffer);
    }

    private ReadOnlySpan<byte> Deflate(ReadOnlySpan<byte> data)
    {
        using var deflated = new MemoryStream((data.Length / 2) + 64);
        using (var deflate = new ZLibStream(deflated, _compression, leaveOpen: true))
        {
            deflate.Write(data);
        }
        return deflated.GetBuffer().AsSpan(0, (int)deflated.Length);
    }
}
