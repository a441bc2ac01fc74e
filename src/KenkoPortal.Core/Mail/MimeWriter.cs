using System.Globalization;
using System.Text;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Mail;

/// <summary>Writes a message as RFC 5322 and MIME (RFC 2045, 2047): one plain text part, UTF-8 in base64. Pure ASCII, lines of
/// at most 76 characters save for addresses; any relay takes it without 8BITMIME or SMTPUTF8.</summary>
public static class MimeWriter
{
    private const int MaxLine = 76;
    private const int MaxEncodedWord = 75;
    private const string WordStart = "=?UTF-8?B?";
    private const string WordEnd = "?=";

    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Subject", "Message-ID", "Auto-Submitted", "Return-Path", "Received",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    };

    /// <summary>The message's bytes, with CRLF and without dot-stuffing.</summary>
    /// <exception cref="ArgumentException">A header's value holds a line break or another control character, the text a control
    /// character other than tab and line breaks, the Message-ID is none, or an extra header's name is not free. The exception
    /// does not repeat the value.</exception>
    public static byte[] Write(MailMessage message)
    {
        var text = new StringBuilder(1024);
        AddLine(text, "Date", message.Date.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture)
            + message.Date.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal));
        AddFrom(text, message.FromName, message.From);
        AddLine(text, "To", message.To.SmtpForm);
        AddText(text, "Subject", message.Subject);
        AddLine(text, "Message-ID", $"<{CheckedMessageId(message.MessageId)}>");
        AddLine(text, "Auto-Submitted", message.AutoSubmitted is AutoSubmitted.Replied ? "auto-replied" : "auto-generated");
        foreach (var header in message.Headers)
        {
            AddText(text, CheckedName(header.Name), header.Value);
        }

        AddLine(text, "MIME-Version", "1.0");
        AddLine(text, "Content-Type", "text/plain; charset=utf-8");
        AddLine(text, "Content-Transfer-Encoding", "base64");
        text.Append("\r\n");
        AddBody(text, message.TextBody);
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void AddLine(StringBuilder text, string name, string value) =>
        text.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void AddFrom(StringBuilder text, string name, EmailAddress address)
    {
        Check(name, nameof(MailMessage.FromName));
        text.Append("From: ");
        var column = "From: ".Length;
        if (name.Length > 0)
        {
            if (IsPlain(name) && name.Length <= 60)
            {
                var quoted = $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
                text.Append(quoted);
                column += quoted.Length;
            }
            else
            {
                column = AddEncodedWords(text, name, column);
            }

            var fits = column + address.SmtpForm.Length + 3 <= MaxLine;
            text.Append(fits ? " " : "\r\n ");
            text.Append('<').Append(address.SmtpForm).Append(">\r\n");
            return;
        }

        text.Append(address.SmtpForm).Append("\r\n");
    }

    private static void AddText(StringBuilder text, string name, string value)
    {
        Check(value, name);
        text.Append(name).Append(": ");
        if (IsPlain(value) && name.Length + 2 + value.Length <= MaxLine)
        {
            text.Append(value);
        }
        else
        {
            AddEncodedWords(text, value, name.Length + 2);
        }

        text.Append("\r\n");
    }

    /// <summary>Printable ASCII that a reader cannot take for an encoded word, nor lose a space of.</summary>
    private static bool IsPlain(string value) =>
        !value.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && !value.Contains("=?", StringComparison.Ordinal)
        && !value.Contains("  ", StringComparison.Ordinal)
        && !value.StartsWith(' ') && !value.EndsWith(' ');

    /// <summary>RFC 2047 §2: a word of at most 75 characters, a line of at most 76, whole characters in each word. Returns the column.</summary>
    private static int AddEncodedWords(StringBuilder text, string value, int column)
    {
        var chunk = new List<byte>(48);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in value.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(bytes);
            if (EncodedLength(chunk.Count + length) > Math.Min(MaxEncodedWord, MaxLine - column))
            {
                column = Flush(chunk, column);
                text.Append("\r\n ");
                column = 1;
            }

            chunk.AddRange(bytes[..length]);
        }

        return Flush(chunk, column);

        int Flush(List<byte> word, int at)
        {
            var start = text.Length;
            if (word.Count > 0)
            {
                text.Append(WordStart).Append(Convert.ToBase64String([.. word])).Append(WordEnd);
                word.Clear();
            }

            return at + text.Length - start;
        }
    }

    private static int EncodedLength(int bytes) => WordStart.Length + WordEnd.Length + ((bytes + 2) / 3 * 4);

    private static void AddBody(StringBuilder text, string body)
    {
        var lines = body.ReplaceLineEndings("\n");
        foreach (var c in lines)
        {
            if (char.IsControl(c) && c is not ('\n' or '\t'))
            {
                throw new ArgumentException("The text of a mail holds a control character.", nameof(body));
            }
        }

        if (!lines.EndsWith('\n'))
        {
            lines += "\n";
        }

        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(lines.Replace("\n", "\r\n", StringComparison.Ordinal)));
        for (var i = 0; i < encoded.Length; i += MaxLine)
        {
            text.Append(encoded.AsSpan(i, Math.Min(MaxLine, encoded.Length - i))).Append("\r\n");
        }
    }

    private static void Check(string value, string name)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i]) || value[i] is '\u2028' or '\u2029')
            {
                throw new ArgumentException("A mail's header holds a control character.", name);
            }

            if (char.IsSurrogate(value[i]) && !(i + 1 < value.Length && char.IsSurrogatePair(value[i], value[i + 1]) && ++i > 0))
            {
                throw new ArgumentException("A mail's header holds half a character.", name);
            }
        }
    }

    private static string CheckedMessageId(string id)
    {
        var at = id.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == id.LastIndexOf('@') && id.Length <= 250 && id.All(IsIdCharacter)
            && !id.Contains("..", StringComparison.Ordinal) && id[0] != '.' && id[^1] is not ('.' or '@') && id[at - 1] != '.' && id[at + 1] != '.'
            ? id
            : throw new ArgumentException("Not a Message-ID.", nameof(id));
    }

    private static bool IsIdCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '=' or '+' or '$' or '@';

    private static string CheckedName(string name) =>
        name.Length is > 0 and <= 40 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && !OwnHeaders.Contains(name)
            ? name
            : throw new ArgumentException("Not a name for an extra header.", nameof(name));
}
