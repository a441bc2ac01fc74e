using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>What is wrong with a line before it is looked into.</summary>
internal enum LineDamage : byte
{
    None,
    Empty,
    TooLong,

    /// <summary>Only on the insurer's side: the three leading columns are none.</summary>
    Prefix,
}

/// <summary>A line as it lies in the buffer.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RawLine(long Number, int Start, int Length, LineDamage Damage);

/// <summary>
/// The lines of a stream in one buffer that is used again and again. What was read since <see cref="Release"/> stays in it; positions count
/// from there. The mark of the end (0x1A) and blank lines at the end are left out.
/// </summary>
internal sealed class LineSource(Stream stream)
{
    /// <summary>The longest line that is read; the longest of the standard (SJ) has some 2,400 bytes.</summary>
    public const int MaxLine = 64 * 1024;

    private const byte EndMark = 0x1A;

    private const int First = 512 * 1024;

    /// <summary>The largest claim and what is read behind it.</summary>
    private const int Most = (ClaimFile.MaxClaimMebibytes << 20) + First;

    private byte[] _buffer = new byte[First];
    private int _origin;
    private int _next;
    private int _end;
    private bool _isDry;
    private RawLine? _waiting;

    /// <summary>Where a run of blank lines began that is being passed over; their bytes need not be kept.</summary>
    private int? _blankSince;

    /// <summary>The lines that were read.</summary>
    public long LineNumber { get; private set; }

    /// <summary>The bytes that are kept.</summary>
    public int Kept => _next - _origin;

    /// <summary>Where the next line will begin.</summary>
    public int Position => _waiting?.Start ?? (_next - _origin);

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
    public void Release(int start)
    {
        _origin += start;
        if (_waiting is { } waiting)
        {
            _waiting = waiting with { Start = waiting.Start - start };
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    public bool TryRead(out RawLine line)
    {
        if (_waiting is { } waiting)
        {
            _waiting = null;
            line = waiting;
            return true;
        }

        if (!TryReadAny(out line))
        {
            return false;
        }

        if (!IsVoid(line))
        {
            return true;
        }

        // Nothing at the end of the file is nothing; between two lines it is a line that was lost.
        var first = line with { Length = 0, Damage = LineDamage.Empty };
        _blankSince = line.Start;
        while (TryReadAny(out line))
        {
            if (!IsVoid(line))
            {
                _blankSince = null;
                _waiting = line;
                line = first;
                return true;
            }
        }

        return false;
    }

    /// <summary>Old programs fill up the last block with marks of the end.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private bool IsVoid(in RawLine line) =>
        line.Damage == LineDamage.None && (line.Length == 0 || (Bytes(line.Start, 1)[0] == EndMark && !Bytes(line.Start, line.Length).ContainsAnyExcept(EndMark)));

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
        var text = _buffer.AsSpan(_next, length).TrimEnd(EndMark).Length;
        line = Take(text, length);
        return true;
    }

    [MethodImpl(Compiled.AtOnce)]
    private RawLine Take(int length, int used)
    {
        var start = _next - _origin;
        _next += used;
        LineNumber++;
        if (length > MaxLine)
        {
            return new RawLine(LineNumber, start, 0, LineDamage.TooLong);
        }

        if (length > 0 && _buffer[_origin + start + length - 1] == (byte)'\r')
        {
            length--;
        }

        return new RawLine(LineNumber, start, length, LineDamage.None);
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
