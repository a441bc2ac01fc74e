using System.Buffers;
using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>Reads the few facts that count from a message's lines as they pass: signs of automatic mail in its headers
/// and, for a bounce, what its delivery report says. Nothing else outlives the session.</summary>
public sealed class MessageFacts
{
    private const int MaxHeaderChars = 4096;

    private readonly StringBuilder _header = new();
    private readonly int _maxReportBytes;
    private string? _headerName;
    private bool _isInHeaders = true;
    private ArrayBufferWriter<byte>? _bounce;
    private int _authors;

    /// <param name="maxReportBytes">Of a bounce: the message is held until its end, up to so many bytes, and read as a delivery report. 0: every line is dropped.</param>
    public MessageFacts(int maxReportBytes)
    {
        _maxReportBytes = maxReportBytes;
        _bounce = maxReportBytes > 0 ? new ArrayBufferWriter<byte>() : null;
    }

    public AutomaticMailSigns Signs { get; private set; }

    /// <summary>The one address that the header <c>From</c> holds; null where there are several, none, or two such headers.</summary>
    public EmailAddress? Author { get; private set; }

    /// <summary>What the message says as a delivery report. Null where it is none, or was too long.</summary>
    public DeliveryReport? Report { get; private set; }

    /// <summary>Takes the next line, without CRLF and with its stuffed dot removed; it may be cut.</summary>
    public void AddLine(ReadOnlySpan<byte> line)
    {
        Keep(line);
        if (_isInHeaders)
        {
            AddHeaderLine(line);
        }
    }

    /// <summary>The message is at its end.</summary>
    public void Finish()
    {
        EndHeader();
        Report = _bounce is null ? null : DeliveryReport.Read(_bounce.WrittenMemory);
        _bounce = null;
    }

    /// <summary>A report that was cut could be read as another: it is dropped whole.</summary>
    private void Keep(ReadOnlySpan<byte> line)
    {
        if (_bounce is not null && _bounce.WrittenCount + line.Length + 2 > _maxReportBytes)
        {
            _bounce = null;
        }

        _bounce?.Write(line);
        _bounce?.Write("\r\n"u8);
    }

    private void AddHeaderLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            EndHeader();
            _isInHeaders = false;
            return;
        }

        if (line[0] is (byte)' ' or (byte)'\t')
        {
            if (_headerName is not null && _header.Length < MaxHeaderChars)
            {
                _header.Append(Encoding.Latin1.GetString(line));
            }

            return;
        }

        EndHeader();
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return;
        }

        var name = Encoding.Latin1.GetString(line[..colon]).TrimEnd(' ', '\t').ToLowerInvariant();
        if (name.StartsWith("list-", StringComparison.Ordinal))
        {
            Signs |= AutomaticMailSigns.MailingList;
        }
        else if (name is "auto-submitted" or "precedence" or "from" or "x-auto-response-suppress")
        {
            _headerName = name;
            _header.Append(Encoding.Latin1.GetString(line[(colon + 1)..]));
        }
    }

    private void EndHeader()
    {
        if (_headerName is null)
        {
            return;
        }

        var value = WithoutComments(_header.ToString());
        if (_headerName is "from")
        {
            Author = ++_authors == 1 ? AuthorIn(value) : null;
        }

        Signs |= _headerName switch
        {
            "auto-submitted" when FirstWord(value) is not "no" => AutomaticMailSigns.AutoSubmitted,
            "precedence" when FirstWord(value) is "bulk" or "list" or "junk" or "auto_reply" => AutomaticMailSigns.BulkPrecedence,
            "x-auto-response-suppress" when SuppressesAnswers(value) => AutomaticMailSigns.AnswersUnwanted,
            "from" when NamesDaemon(value) => AutomaticMailSigns.DaemonAuthor,
            _ => AutomaticMailSigns.None,
        };
        _headerName = null;
        _header.Clear();
    }

    private static string FirstWord(string value) =>
        value.Split([' ', '\t', ';'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("").ToLowerInvariant();

    /// <summary>MS-OXCMAIL §2.2.3.2.14: a list of the answers that are not wanted. Reports of delivery and reading are not ours to send.</summary>
    private static bool SuppressesAnswers(string value) => value
        .Split([' ', '\t', ',', ';'], StringSplitOptions.RemoveEmptyEntries)
        .Any(word => word.ToLowerInvariant() is "all" or "oof" or "autoreply");

    private static bool NamesDaemon(string from) => from
        .Split([' ', '\t', '<', '>', ',', ';', ':', '"'], StringSplitOptions.RemoveEmptyEntries)
        .Any(word => word.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && AutomaticSender.IsDaemon(word[..at]));

    /// <summary><c>Name &lt;address&gt;</c> or the address alone. A name in quotes may hold anything; outside of them a second address makes it none.</summary>
    private static EmailAddress? AuthorIn(string from)
    {
        var unquoted = string.Concat(from.Split('"').Where((_, place) => place % 2 == 0));
        var open = unquoted.IndexOf('<', StringComparison.Ordinal);
        var text = unquoted.Trim();
        if (open >= 0)
        {
            var close = unquoted.IndexOf('>', open);
            if (close < 0 || unquoted[..open].AsSpan().ContainsAny("@,;") || unquoted[(close + 1)..].Trim().Length > 0)
            {
                return null;
            }

            text = unquoted[(open + 1)..close];
        }

        return EmailAddress.TryParse(text, out var author) ? author : null;
    }

    private static string WithoutComments(string value)
    {
        var depth = 0;
        var kept = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            depth += c == '(' ? 1 : 0;
            if (depth == 0)
            {
                kept.Append(c);
            }

            depth -= c == ')' && depth > 0 ? 1 : 0;
        }

        return kept.ToString();
    }
}
