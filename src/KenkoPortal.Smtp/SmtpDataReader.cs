namespace KenkoPortal.Smtp;

/// <summary>What a piece of message text led to.</summary>
public enum SmtpDataResult
{
    /// <summary>More text must come.</summary>
    More,

    /// <summary>CRLF.CRLF was read.</summary>
    End,

    /// <summary>A CR or LF alone: where the message ends is open to doubt, so the session must end.</summary>
    BareLineEnd,

    /// <summary>So much beyond the limit that it is not worth reading on.</summary>
    FarTooLarge,
}

/// <summary>Reads message text after DATA: finds its end, takes the stuffed dots out and holds the limits while it comes.
/// Only CRLF.CRLF ends it (RFC 5321 §4.1.1.4, §2.3.8): servers that take a bare LF too can be made to see two mails
/// where the sender's server saw one.</summary>
public sealed class SmtpDataReader
{
    /// <summary>What is kept of one line, in bytes; the rest is counted and dropped.</summary>
    public const int KeptLineBytes = 1000;

    private readonly byte[] _line = new byte[KeptLineBytes];
    private readonly long _maxBytes;
    private readonly int _maxLineBytes;
    private readonly IMessageSink _sink;
    private Place _place = Place.LineStart;
    private int _lineBytes;

    /// <param name="maxBytes">Size of a message; text beyond it is still read, up to four times as much, so that the
    /// sender hears the 552.</param>
    /// <param name="maxLineBytes">Length of a line without CRLF.</param>
    /// <param name="sink">Takes each line.</param>
    public SmtpDataReader(long maxBytes, int maxLineBytes, IMessageSink sink)
    {
        _maxBytes = maxBytes;
        _maxLineBytes = maxLineBytes;
        _sink = sink;
    }

    private enum Place
    {
        LineStart,
        Dot,
        DotCr,
        Text,
        Cr,
    }

    /// <summary>Bytes read so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>The size limit was passed.</summary>
    public bool IsTooLarge => Bytes > _maxBytes;

    /// <summary>A line was too long or a NUL was found.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Reads on; says in <paramref name="consumed"/> how many bytes belong to the message.</summary>
    public SmtpDataResult Read(ReadOnlySpan<byte> input, out int consumed)
    {
        // Cut at the very byte, so that the answer does not depend on how the network cut the text.
        var left = (4 * _maxBytes) - Bytes;
        var isFar = input.Length > left;
        var result = ReadText(isFar ? input[..(int)left] : input, out consumed);
        Bytes += consumed;
        return isFar && result is SmtpDataResult.More ? SmtpDataResult.FarTooLarge : result;
    }

    private SmtpDataResult ReadText(ReadOnlySpan<byte> input, out int consumed)
    {
        var i = 0;
        while (i < input.Length)
        {
            var b = input[i];
            switch (_place)
            {
                case Place.LineStart when b == '.':
                    _place = Place.Dot;
                    i++;
                    break;
                case Place.Dot when b == '\r':
                    _place = Place.DotCr;
                    i++;
                    break;
                case Place.DotCr when b == '\n':
                    consumed = i + 1;
                    return SmtpDataResult.End;
                case Place.Cr when b == '\n':
                    EndLine();
                    _place = Place.LineStart;
                    i++;
                    break;
                case Place.Cr or Place.DotCr:
                    consumed = i;
                    return SmtpDataResult.BareLineEnd;
                default:
                    _place = Place.Text;
                    var run = input[i..].IndexOfAny((byte)'\r', (byte)'\n');
                    AddText(run < 0 ? input[i..] : input.Slice(i, run));
                    i = run < 0 ? input.Length : i + run;
                    if (run >= 0)
                    {
                        if (input[i] == '\n')
                        {
                            consumed = i;
                            return SmtpDataResult.BareLineEnd;
                        }

                        _place = Place.Cr;
                        i++;
                    }

                    break;
            }
        }

        consumed = i;
        return SmtpDataResult.More;
    }

    private void AddText(ReadOnlySpan<byte> text)
    {
        IsMalformed |= text.Contains((byte)0) || _lineBytes + (long)text.Length > _maxLineBytes;
        if (_lineBytes < KeptLineBytes)
        {
            text[..Math.Min(text.Length, KeptLineBytes - _lineBytes)].CopyTo(_line.AsSpan(_lineBytes));
        }

        // Saturates: one line may be as long as the message.
        _lineBytes = (int)Math.Min(int.MaxValue, _lineBytes + (long)text.Length);
    }

    private void EndLine()
    {
        _sink.AddLine(_line.AsSpan(0, Math.Min(_lineBytes, KeptLineBytes)));
        _lineBytes = 0;
    }
}
