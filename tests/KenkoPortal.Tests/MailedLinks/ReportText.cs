namespace KenkoPortal.Tests.MailedLinks;

/// <summary>Mails that come back to a return path, as mail servers write them.</summary>
internal static class ReportText
{
    public const string Hito = "hito@kaze.example.jp";

    /// <summary>A delivery report (RFC 3464) with an empty line between its parts.</summary>
    /// <param name="status">Its status; null leaves the field out.</param>
    /// <param name="diagnostic">The refusing server's reply; null leaves the field out.</param>
    /// <param name="final">Whom it names.</param>
    /// <param name="action">failed, delayed, delivered, relayed or expanded.</param>
    /// <param name="further">More fields of the recipient.</param>
    public static string Of(string? status, string? diagnostic = null, string final = Hito, string action = "failed", params string[] further) => string.Join("\r\n", [
        "From: Mail Delivery System <MAILER-DAEMON@mx.nagi.example>",
        "Subject: Returned mail",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"part-of-it\"",
        "",
        "--part-of-it",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "Your mail came back. 550 5.1.1 user unknown",
        "",
        "--part-of-it",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.nagi.example",
        "",
        $"Final-Recipient: rfc822; {final}",
        .. further,
        $"Action: {action}",
        .. status is null ? Array.Empty<string>() : [$"Status: {status}"],
        .. diagnostic is null ? Array.Empty<string>() : [$"Diagnostic-Code: {diagnostic}"],
        "",
        "--part-of-it",
        "Content-Type: message/rfc822",
        "",
        "From: portal",
        "Subject: 550 5.1.1 user unknown",
        "",
        "Status: 5.1.1",
        "",
        "--part-of-it--",
        "",
    ]);

    /// <summary>A plain text with headers of its own.</summary>
    public static string Text(string headers, string body) =>
        $"{headers}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body.ReplaceLineEndings("\r\n")}\r\n";
}
