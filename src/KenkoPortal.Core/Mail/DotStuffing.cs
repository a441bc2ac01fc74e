using System.Buffers;

namespace KenkoPortal.Core.Mail;

/// <summary>The transparency of DATA (RFC 5321 §4.5.2).</summary>
public static class DotStuffing
{
    /// <summary>Doubles the dot at the start of a line, and ends with CRLF.CRLF.</summary>
    /// <param name="message">Lines end with CRLF; the last one may lack it.</param>
    public static byte[] Encode(ReadOnlySpan<byte> message)
    {
        var output = new ArrayBufferWriter<byte>(message.Length + 64);
        while (!message.IsEmpty)
        {
            if (message[0] == '.')
            {
                output.Write("."u8);
            }

            var end = message.IndexOf("\r\n"u8);
            output.Write(end < 0 ? message : message[..end]);
            output.Write("\r\n"u8);
            message = end < 0 ? default : message[(end + 2)..];
        }

        output.Write(".\r\n"u8);
        return output.WrittenSpan.ToArray();
    }
}
