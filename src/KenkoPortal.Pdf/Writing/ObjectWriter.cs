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
    private const ulong Packed = 1UL << 63;

    private readonly Stream _output;
    private readonly CompressionLevel _compression;
    private readonly ByteBuffer _pending = new(1 << 16);
    private readonly ByteBuffer _packedBodies = new(1 << 15);
    private readonly List<(int Number, int Offset)> _packedObjects = new(ObjectsInAStream);
    private ulong[] _places = new ulong[256];
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
        if (_objects == _places.Length)
        {
            Array.Resize(ref _places, _places.Length * 2);
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

    /// <summary>Writes a compressed stream; <paramref name="entries"/> stands in its dictionary beside Length and Filter.</summary>
    public void WriteStream(int number, string entries, ReadOnlySpan<byte> data, bool compress = true)
    {
        var body = compress ? Deflate(data) : data;
        Start(number);
        _pending.Raw("<<"u8).Ascii(entries).Raw("/Length "u8).Integer(body.Length);
        if (compress)
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
        _places[number] = (ulong)start;

        const int width = 8;
        var table = new ByteBuffer(_objects * width);
        for (var i = 0; i < _objects; i++)
        {
            var entry = table.Take(width);
            var place = _places[i];
            if (i == 0 || place == 0)
            {
                // Number 0 heads the list of free objects; a reserved number that was never used is free, too.
                entry.Clear();
                BinaryPrimitives.WriteUInt16BigEndian(entry[6..], i == 0 ? ushort.MaxValue : (ushort)0);
                continue;
            }
            entry[0] = (place & Packed) != 0 ? (byte)2 : (byte)1;
            var middle = (place & Packed) != 0 ? (place & ~Packed) >> 16 : place;
            BinaryPrimitives.WriteUInt32BigEndian(entry[2..], (uint)middle);
            entry[1] = (byte)(middle >> 32);
            BinaryPrimitives.WriteUInt16BigEndian(entry[6..], (place & Packed) != 0 ? (ushort)place : (ushort)0);
        }
        // The identifier depends on the content alone, so that equal input gives equal bytes.
        var id = Convert.ToHexString(SHA256.HashData(table.Span).AsSpan(0, 16));
        WriteStream(
            number,
            $"/Type/XRef/Size {_objects}/W[1 5 2]/Root {catalog} 0 R/Info {info} 0 R/ID[<{id}><{id}>]",
            table.Span);
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

    private void Flushed()
    {
        _flushed += _pending.Length;
        _pending.Clear(KeptBuffer);
    }

    private void Start(int number)
    {
        _places[number] = (ulong)(_flushed + _pending.Length);
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
            _places[packed] = Packed | ((ulong)number << 16) | (ushort)i;
        }
        var first = whole.Length;
        whole.Raw(_packedBodies.Span);
        WriteStream(number, $"/Type/ObjStm/N {_packedObjects.Count}/First {first}", whole.Span);
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
