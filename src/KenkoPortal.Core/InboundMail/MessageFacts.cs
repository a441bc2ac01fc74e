using System.Globalization;
using System.Text;

namespace KenkoPortal.Core.InboundMail;

/// <summary>Reads the few facts that count from a message's lines as they pass: signs of automatic mail in its headers
/// and, for a bounce, what the report says. Nothing else is kept.</summary>
public sealed class MessageFacts
{
    private const int MaxHeaderChars = 4096;

    private readonly bool readBounce;
    private readonly StringBuilder header = new();
    private string? headerName;
    private Section section = Section.Headers;
    private BounceStatus? reported;
    private BounceStatus? told;
    private string? action;
    private string? status;

    /// <param name="readBounce">Read the body for a delivery status too; it is skipped otherwise.</param>
    public MessageFacts(bool readBounce) => this.readBounce = readBounce;

    private enum Section
    {
        Headers,
        Text,
        DeliveryStatus,
        Original,
    }

    public AutomaticMailSigns Signs { get; private set; }

    /// <summary>The worst of what a delivery-status part says (RFC 3464); without such a part, what the text says in
    /// the usual forms: <c>550 …</c>, <c>5.1.1</c>, <c>User unknown</c>. Null where nothing is said.</summary>
    public BounceStatus? Bounce => reported ?? told;

    /// <summary>Takes the next line, without CRLF and with its stuffed dot removed; it may be cut.</summary>
    public void AddLine(ReadOnlySpan<byte> line)
    {
        if (section is Section.Headers)
        {
            AddHeaderLine(line);
        }
        else if (readBounce && section is not Section.Original)
        {
            AddBounceLine(Encoding.Latin1.GetString(line).ToLowerInvariant());
        }
    }

    /// <summary>The message is at its end.</summary>
    public void Finish()
    {
        EndHeader();
        EndRecipientGroup();
    }

    private void AddHeaderLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            EndHeader();
            section = Section.Text;
            return;
        }

        if (line[0] is (byte)' ' or (byte)'\t')
        {
            if (headerName is not null && header.Length < MaxHeaderChars)
            {
                header.Append(Encoding.Latin1.GetString(line));
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
            headerName = name;
            header.Append(Encoding.Latin1.GetString(line[(colon + 1)..]));
        }
    }

    private void EndHeader()
    {
        if (headerName is null)
        {
            return;
        }

        var value = WithoutComments(header.ToString());
        Signs |= headerName switch
        {
            "auto-submitted" when FirstWord(value) is not "no" => AutomaticMailSigns.AutoSubmitted,
            "precedence" when FirstWord(value) is "bulk" or "list" or "junk" or "auto_reply" => AutomaticMailSigns.BulkPrecedence,
            "x-auto-response-suppress" when SuppressesAnswers(value) => AutomaticMailSigns.AnswersUnwanted,
            "from" when NamesDaemon(value) => AutomaticMailSigns.DaemonAuthor,
            _ => AutomaticMailSigns.None,
        };
        headerName = null;
        header.Clear();
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

    private void AddBounceLine(string line)
    {
        if (line.StartsWith("content-type:", StringComparison.Ordinal))
        {
            EndRecipientGroup();
            section = line.Contains("delivery-status", StringComparison.Ordinal) ? Section.DeliveryStatus
                // The returned mail itself says nothing about its fate, whatever it quotes.
                : line.Contains("message/", StringComparison.Ordinal) || line.Contains("rfc822-headers", StringComparison.Ordinal) ? Section.Original
                : Section.Text;
        }
        else if (section is Section.DeliveryStatus)
        {
            AddDeliveryStatusLine(line);
        }
        else
        {
            told = Worse(told, FromText(line));
        }
    }

    private void AddDeliveryStatusLine(string line)
    {
        if (line.Length == 0 || line.StartsWith("--", StringComparison.Ordinal))
        {
            EndRecipientGroup();
        }
        else if (line.StartsWith("action:", StringComparison.Ordinal))
        {
            action = FirstWord(WithoutComments(line["action:".Length..]));
        }
        else if (line.StartsWith("status:", StringComparison.Ordinal))
        {
            status = FindStatus(line);
        }
    }

    private void EndRecipientGroup()
    {
        reported = Worse(reported, (action, status) switch
        {
            ("delayed", _) => new BounceStatus(BounceKind.Soft, status),
            ("failed" or null, not null) => FromStatus(status),
            ("failed", null) => new BounceStatus(BounceKind.Hard, null),
            _ => null,
        });
        action = status = null;
    }

    private static BounceStatus? Worse(BounceStatus? one, BounceStatus? other) =>
        one is null || (other is { Kind: BounceKind.Hard } && one.Kind is BounceKind.Soft) ? other ?? one : one;

    private static BounceStatus? FromText(string line)
    {
        if (FindStatus(line) is { } code)
        {
            return FromStatus(code);
        }

        return FindReplyCode(line) switch
        {
            >= 550 and <= 554 => new BounceStatus(BounceKind.Hard, null),
            >= 421 and <= 452 => new BounceStatus(BounceKind.Soft, null),
            _ when line.Contains("user unknown", StringComparison.Ordinal)
                || line.Contains("unknown user", StringComparison.Ordinal)
                || line.Contains("no such user", StringComparison.Ordinal) => new BounceStatus(BounceKind.Hard, null),
            _ => null,
        };
    }

    // X.2.2, mailbox full, is "persistent transient" whatever its class says (RFC 3463 §3.3).
    private static BounceStatus? FromStatus(string code) =>
        code[0] == '2' ? null : new(code[0] == '5' && !code.EndsWith(".2.2", StringComparison.Ordinal) ? BounceKind.Hard : BounceKind.Soft, code);

    /// <summary>Finds <c>class.subject.detail</c> (RFC 3463 §2) that is no part of a longer number, address or version.</summary>
    private static string? FindStatus(string line)
    {
        for (var i = 0; i + 5 <= line.Length; i++)
        {
            if (line[i] is not ('2' or '4' or '5') || line[i + 1] != '.' || !StartsNumber(line, i))
            {
                continue;
            }

            var dot = SkipDigits(line, i + 2);
            if (dot - (i + 2) is < 1 or > 3 || dot >= line.Length || line[dot] != '.')
            {
                continue;
            }

            var end = SkipDigits(line, dot + 1);
            var goesOn = end + 1 < line.Length && line[end] == '.' && char.IsAsciiDigit(line[end + 1]);
            if (end - (dot + 1) is >= 1 and <= 3 && !goesOn)
            {
                return line[i..end];
            }
        }

        return null;
    }

    private static int? FindReplyCode(string line)
    {
        for (var i = 0; i + 4 <= line.Length; i++)
        {
            if (line[i] is '4' or '5' && StartsNumber(line, i) && SkipDigits(line, i) == i + 3 && line[i + 3] is ' ' or '-')
            {
                return int.Parse(line.AsSpan(i, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    private static bool StartsNumber(string line, int i) =>
        i == 0 || (!char.IsAsciiLetterOrDigit(line[i - 1]) && line[i - 1] is not ('.' or '-'));

    private static int SkipDigits(string line, int i)
    {
        while (i < line.Length && char.IsAsciiDigit(line[i]))
        {
            i++;
        }

        return i;
    }
}
