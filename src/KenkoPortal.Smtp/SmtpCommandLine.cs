namespace KenkoPortal.Smtp;

/// <summary>Takes a command line apart (RFC 5321 §4.1.1).</summary>
public static class SmtpCommandLine
{
    private static readonly Dictionary<string, SmtpVerb> Verbs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HELO"] = SmtpVerb.Helo,
        ["EHLO"] = SmtpVerb.Ehlo,
        ["STARTTLS"] = SmtpVerb.StartTls,
        ["MAIL"] = SmtpVerb.Mail,
        ["RCPT"] = SmtpVerb.Rcpt,
        ["DATA"] = SmtpVerb.Data,
        ["RSET"] = SmtpVerb.Rset,
        ["NOOP"] = SmtpVerb.Noop,
        ["VRFY"] = SmtpVerb.Vrfy,
        ["EXPN"] = SmtpVerb.Expn,
        ["HELP"] = SmtpVerb.Help,
        ["AUTH"] = SmtpVerb.Auth,
        ["QUIT"] = SmtpVerb.Quit,
    };

    /// <summary>The verb and what follows it, without surrounding spaces.</summary>
    public static (SmtpVerb Verb, string Argument) Split(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var word = space < 0 ? line : line[..space];
        return (Verbs.GetValueOrDefault(word), space < 0 ? "" : line[space..].Trim(' '));
    }

    /// <summary>Reads <c>FROM:&lt;path&gt; PARAMETER…</c>. A space before the bracket is forgiven; so many clients send it.</summary>
    public static bool TryReadPath(string argument, string keyword, out string path, out IReadOnlyList<string> parameters)
    {
        path = "";
        parameters = [];
        if (!argument.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = argument[keyword.Length..].TrimStart(' ');
        var close = rest.IndexOf('>', StringComparison.Ordinal);
        if (close < 0 || rest[0] != '<' || (close + 1 < rest.Length && rest[close + 1] != ' '))
        {
            return false;
        }

        path = rest[1..close];
        parameters = rest[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return true;
    }
}
