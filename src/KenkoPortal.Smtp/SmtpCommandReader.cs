using System.Text;

namespace KenkoPortal.Smtp;

/// <summary>Cuts the bytes between messages into command lines. Only CRLF ends one: a CR or LF alone ends the session.</summary>
/// <param name="maxBytes">Length of a command without CRLF.</param>
public sealed class SmtpCommandReader(int maxBytes)
{
    private readonly byte[] _command = new byte[maxBytes];
    private int _length;
    private bool _sawCr;

    /// <summary>Reads to the end of one command at most.</summary>
    /// <param name="input">What came from the client.</param>
    /// <param name="consumed">How many bytes of it were read.</param>
    /// <param name="line">The command without CRLF; null where its end has not come.</param>
    /// <returns>The reply that closes the session; null where nothing is wrong.</returns>
    public SmtpReply? Read(ReadOnlySpan<byte> input, out int consumed, out string? line)
    {
        line = null;
        for (consumed = 0; consumed < input.Length; consumed++)
        {
            var b = input[consumed];
            if (_sawCr != (b == '\n'))
            {
                return SmtpReply.BareLineEnd;
            }

            if (_sawCr)
            {
                line = Encoding.Latin1.GetString(_command, 0, _length);
                (_sawCr, _length) = (false, 0);
                consumed++;
                return null;
            }

            if (b == '\r')
            {
                _sawCr = true;
            }
            else if (_length == _command.Length)
            {
                return SmtpReply.CommandTooLong;
            }
            else
            {
                _command[_length++] = b;
            }
        }

        return null;
    }
}
