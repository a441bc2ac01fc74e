using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>What is wrong with a line before it is looked into.</summary>
internal enum LineDamage : byte
{
    None,
    TooLong,

    /// <summary>Only on the insurer's side: the three leading columns are none.</summary>
    Prefix,
}

/// <summary>A line as it lies in the buffer.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RawLine(long Number, int Start, int Length, LineDamage Damage);

/// <summary>
/// The lines of a stream in one buffer that is used again and again. What was read since <see cref="Release"/> stays in it; positions count
/// from there. Empty lines and marks of the end (0x1A) around a line are left out; where files were joined they stand in the middle.
/// </summary>
internal sealed class LineSource(Stream stream)
{
    /// <summary>The longest line that is read; the longest of the standard (SJ) has some 2,400 bytes.</summary>
    public const int MaxLine = 64 * 1024;

    /// <summary>The mark of the end.</summary>
    public const byte EndMark = 0x1A;

    private static ReadOnlySpan<byte> LineEnds => [EndMark, (byte)'\r'];

    private const int First = 512 * 1024;

    /// <summary>The largest claim and what is read behind it.</summary>
    private const int Most = (ClaimFile.MaxClaimMebibytes << 20) + First;

    private byte[] _buffer = new byte[First];
    private int _origin;
    private int _next;
    private int _end;
    private bool _isDry;

    /// <summary>Where a run of blank lines began that is being passed over; their bytes need not be kept.</summary>
    private int? _blankSince;

    /// <summary>The next line is the rest of one that a mark of the end cut in two, and has its number.</summary>
    private bool _isRest;

    /// <summary>The lines that were read.</summary>
    public long LineNumber { get; private set; }

    /// <summary>The bytes that are kept.</summary>
    public int Kept => _next - _origin;

    /// <summary>Where the next line will begin.</summary>
    public int Position => _next - _origin;

    /// <summary>Neither a line end nor a mark of the end stands behind the last line.</summary>
    public bool IsLastLineOpen { get; private set; }

    public ReadOnlySpan<byte> Bytes(int start, int length) => _buffer.AsSpan(_origin + start, length);

    /// <summary>The beginning of the file, as much as the buffer takes.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        while (_end < _buffer.Length && !_isDry)
        {
            Fill();
        }

        return _buffer.AsSpan(_next, _end - _next);
    }

    /// <summary>Forgets what lies before <paramref name="start"/>; from now on positions count from there.</summary>
    public void Release(int start) => _origin += start;

    [MethodImpl(Compiled.AtOnce)]
    public bool TryRead(out RawLine line)
    {
        while (TryReadAny(out line))
        {
            if (line.Length > 0 || line.Damage != LineDamage.None)
            {
                _blankSince = null;
                return true;
            }

            _blankSince ??= line.Start;
        }

        return false;
    }

    [MethodImpl(Compiled.AtOnce)]
    private bool TryReadAny(out RawLine line)
    {
        var sought = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_next + sought, _end - _next - sought).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = Take(sought + found, sought + found + 1);
                return true;
            }

            sought = _end - _next;
            if (sought > MaxLine)
            {
                line = PassOver();
                return true;
            }

            if (_isDry)
            {
                line = default;
                return sought > 0 && TakeLast(sought, out line);
            }

            Fill();
        }
    }

    private bool TakeLast(int length, out RawLine line)
    {
        IsLastLineOpen = _buffer[_next + length - 1] != EndMark;
        line = Take(length, length);
        return true;
    }

    [MethodImpl(Compiled.AtOnce)]
    private RawLine Take(int length, int used)
    {
        var start = _next - _origin;
        var bytes = _buffer.AsSpan(_next, length);
        LineNumber += _isRest ? 0 : 1;
        _isRest = false;
        if (bytes is [(byte)'G', (byte)'O', ..] && bytes.TrimEnd(LineEnds).IndexOf(EndMark) is > 0 and var mark)
        {
            // Files were joined, and no line end stood behind the last line of the first one.
            (_isRest, used) = (true, mark);
            bytes = bytes[..mark];
        }

        _next += used;
        if (bytes.Length > MaxLine)
        {
            return new RawLine(LineNumber, start, 0, LineDamage.TooLong);
        }

        // Old programs fill up the last block with marks of the end.
        while (bytes is [EndMark, ..])
        {
            bytes = bytes[1..];
            start++;
        }

        if (bytes is [.., (byte)'\r'])
        {
            bytes = bytes[..^1];
        }

        return new RawLine(LineNumber, start, bytes is [.., EndMark] ? bytes.TrimEnd(EndMark).Length : bytes.Length, LineDamage.None);
    }

    /// <summary>Reads to the end of a line that is too long to be kept.</summary>
    private RawLine PassOver()
    {
        var line = new RawLine(++LineNumber, _next - _origin, 0, LineDamage.TooLong);
        while (true)
        {
            var found = _buffer.AsSpan(_next, _end - _next).IndexOf((byte)'\n');
            if (found >= 0)
            {
                _next += found + 1;
                return line;
            }

            _end = _next;
            if (_isDry)
            {
                return line;
            }

            Fill();
        }
    }

    private void Fill()
    {
        if (_end == _buffer.Length)
        {
            if (_blankSince is { } blank && _origin + blank < _next)
            {
                Buffer.BlockCopy(_buffer, _next, _buffer, _origin + blank, _end - _next);
                (_next, _end) = (_origin + blank, _end - _next + _origin + blank);
                return;
            }

            if (_origin > 0)
            {
                Buffer.BlockCopy(_buffer, _origin, _buffer, 0, _end - _origin);
                (_next, _end, _origin) = (_next - _origin, _end - _origin, 0);
            }

            if (_end == _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(_buffer.Length + First, Math.Min(_buffer.Length * 2, Most)));
            }
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _isDry = read == 0;
    }
}
