using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace KenkoPortal.Web.Pages.Dev;

/// <summary>A stretch of a mail's text; a link where <see cref="IsLink"/>.</summary>
public sealed record MailPiece(string Text, bool IsLink);

/// <summary>A mail as <see cref="Core.Mail.EmlFolder"/> wrote it, read as far as our own writer's forms go: B words and base64.</summary>
public sealed partial record MailFile(string To, string Subject, DateTimeOffset Date, string Body)
{
    /// <summary>The text in lines, each cut at its links.</summary>
    public IEnumerable<IReadOnlyList<MailPiece>> Lines => Body.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(Cut);

    public static async Task<MailFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(path, Encoding.ASCII, cancellationToken);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = Headers(text[..end]);
        var body = Encoding.UTF8.GetString(Convert.FromBase64String(text[end..].ReplaceLineEndings("")));
        return new MailFile(
            headers.GetValueOrDefault("To", ""),
            Decode(headers.GetValueOrDefault("Subject", "")),
            DateTimeOffset.TryParseExact(
                headers.GetValueOrDefault("Date", ""), "ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : default,
            body);
    }

    private static Dictionary<string, string> Headers(string head) => Folding().Replace(head, " ").Split("\r\n")
        .Select(line => line.Split(": ", 2)).Where(parts => parts.Length == 2)
        .DistinctBy(parts => parts[0], StringComparer.OrdinalIgnoreCase).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);

    private static string Decode(string value) => EncodedWord().Replace(
        BetweenWords().Replace(value, "?==?"), word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups["text"].Value)));

    private static List<MailPiece> Cut(string line)
    {
        var (pieces, at) = (new List<MailPiece>(), 0);
        foreach (Match link in Link().Matches(line))
        {
            pieces.Add(new MailPiece(line[at..link.Index], IsLink: false));
            pieces.Add(new MailPiece(link.Value, IsLink: true));
            at = link.Index + link.Length;
        }

        pieces.Add(new MailPiece(line[at..], IsLink: false));
        return pieces;
    }

    [GeneratedRegex(@"\r\n[ \t]", RegexOptions.None, 1000)]
    private static partial Regex Folding();

    [GeneratedRegex(@"\?=\s+=\?", RegexOptions.None, 1000)]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"=\?UTF-8\?B\?(?<text>[A-Za-z0-9+/=]*)\?=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"https?://[!-~]+", RegexOptions.None, 1000)]
    private static partial Regex Link();
}
