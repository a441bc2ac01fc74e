using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace KenkoPortal.Core.Common.Files;

/// <summary>What the bytes of a file are, before it is read as text.</summary>
internal enum ListBytesKind
{
    Utf8,
    Cp932,
    Empty,
    Utf16,
    Workbook,
    TooLarge,
}

/// <summary>
/// The bytes of a list as a stream of UTF-8, without byte order mark and without the 0x1A that some core systems put at the end. Bytes that
/// are no CP932 come out as U+FFFD; those that are no UTF-8 are left as they are, and the reader of the fields finds them.
/// </summary>
internal sealed class ListBytes : Stream
{
    private const int ChunkSize = 64 * 1024;

    private readonly Stream _source;
    private readonly bool _isCp932;
    private readonly byte[] _raw = new byte[ChunkSize];
    private readonly byte[] _text = new byte[ChunkSize * 3];
    private ReadOnlyMemory<byte> _peeked;
    private long _left;
    private int _rawLength;
    private int _textStart;
    private int _textEnd;

    private ListBytes(Stream source, long start, long end, bool isCp932, bool isDamaged)
    {
        _source = source;
        _isCp932 = isCp932;
        IsDamaged = isDamaged;
        _left = end - start;
        _source.Position = start;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether bytes that are no character were met so far. Where it is false, no field has to be looked through for them.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Bytes of the file not yet read, for a progress bar.</summary>
    public long BytesLeft => _left;

    /// <summary>
    /// Finds out what a seekable stream holds. A byte order mark decides; without one, what is valid UTF-8 is UTF-8 (no CP932 list with
    /// Japanese headings is); where damage leaves neither, the headings tell which of the two was meant.
    /// </summary>
    public static ListBytesKind Open(Stream source, long maxBytes, Func<string, bool> isHeading, out ListBytes? bytes)
    {
        bytes = null;
        if (source.Length > maxBytes)
        {
            return ListBytesKind.TooLarge;
        }

        var head = new byte[(int)Math.Min(ChunkSize, source.Length)];
        source.Position = 0;
        source.ReadExactly(head);
        if (head.AsSpan().StartsWith("PK\u0003\u0004"u8))
        {
            return ListBytesKind.Workbook;
        }

        if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return ListBytesKind.Utf16;
        }

        var hasMark = head is [0xEF, 0xBB, 0xBF, ..];
        var start = hasMark ? 3 : 0;
        var end = EndOfText(source);
        if (end <= start)
        {
            return ListBytesKind.Empty;
        }

        var isUtf8 = IsUtf8(source, start, end);
        var isCp932 = !hasMark && !isUtf8 && !HasHeadingsInUtf8(head, isHeading);
        bytes = new ListBytes(source, start, end, isCp932, isDamaged: !isUtf8 && !isCp932);
        return isCp932 ? ListBytesKind.Cp932 : ListBytesKind.Utf8;
    }

    /// <summary>The beginning of the text, which stays to be read.</summary>
    public string Peek()
    {
        var head = new byte[ChunkSize];
        var length = this.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        _peeked = head.AsMemory(0, length);
        return Encoding.UTF8.GetString(head, 0, length);
    }

    public override int Read(Span<byte> buffer)
    {
        if (!_peeked.IsEmpty)
        {
            var taken = Math.Min(buffer.Length, _peeked.Length);
            _peeked.Span[..taken].CopyTo(buffer);
            _peeked = _peeked[taken..];
            return taken;
        }

        if (!_isCp932)
        {
            var wanted = (int)Math.Min(buffer.Length, _left);
            var read = wanted == 0 ? 0 : _source.Read(buffer[..wanted]);
            _left -= read;
            return read;
        }

        while (_textStart == _textEnd)
        {
            if (!Fill())
            {
                return 0;
            }
        }

        var length = Math.Min(buffer.Length, _textEnd - _textStart);
        _text.AsSpan(_textStart, length).CopyTo(buffer);
        _textStart += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool Fill()
    {
        var wanted = (int)Math.Min(_raw.Length - _rawLength, _left);
        var read = wanted == 0 ? 0 : _source.Read(_raw.AsSpan(_rawLength, wanted));
        _left = read == 0 ? 0 : _left - read;
        _rawLength += read;
        if (_rawLength == 0)
        {
            return false;
        }

        _textStart = _textEnd = 0;
        var at = 0;
        while (at < _rawLength)
        {
            if (_raw[at] < 0x80)
            {
                _text[_textEnd++] = _raw[at++];
                continue;
            }

            if (at == _rawLength - 1 && _left > 0 && Cp932.IsLead(_raw[at]))
            {
                break;
            }

            var c = Cp932.Decode(_raw.AsSpan(at, _rawLength - at), out var consumed);
            at += consumed;
            IsDamaged |= c == '\uFFFD';
            if (c < '\u0800')
            {
                _text[_textEnd++] = (byte)(0xC0 | (c >> 6));
            }
            else
            {
                _text[_textEnd++] = (byte)(0xE0 | (c >> 12));
                _text[_textEnd++] = (byte)(0x80 | ((c >> 6) & 0x3F));
            }

            _text[_textEnd++] = (byte)(0x80 | (c & 0x3F));
        }

        _raw.AsSpan(at, _rawLength - at).CopyTo(_raw);
        _rawLength -= at;
        return true;
    }

    private static long EndOfText(Stream source)
    {
        if (source.Length == 0)
        {
            return 0;
        }

        source.Position = source.Length - 1;
        return source.ReadByte() == 0x1A ? source.Length - 1 : source.Length;
    }

    private static bool IsUtf8(Stream source, long start, long end)
    {
        var raw = new byte[ChunkSize];
        var text = new char[ChunkSize];
        var kept = 0;
        source.Position = start;
        for (var left = end - start; left > 0 || kept > 0;)
        {
            var read = source.ReadAtLeast(raw.AsSpan(kept, (int)Math.Min(raw.Length - kept, left)), 1, throwOnEndOfStream: false);
            left = read == 0 ? 0 : left - read;
            var status = Utf8.ToUtf16(raw.AsSpan(0, kept + read), text, out var used, out _, replaceInvalidSequences: false, isFinalBlock: left == 0);
            if (status is not (OperationStatus.Done or OperationStatus.NeedMoreData))
            {
                return false;
            }

            kept = kept + read - used;
            raw.AsSpan(used, kept).CopyTo(raw);
            if (left == 0)
            {
                return kept == 0;
            }
        }

        return true;
    }

    private static bool HasHeadingsInUtf8(ReadOnlySpan<byte> head, Func<string, bool> isHeading)
    {
        var lineEnd = head.IndexOfAny((byte)'\r', (byte)'\n');
        var line = Encoding.UTF8.GetString(lineEnd < 0 ? head : head[..lineEnd]);
        return line.Split(',', '\t', ';').Count(cell => isHeading(cell.Trim('"'))) >= 3;
    }
}
