using System.Text;
using System.Text.RegularExpressions;

namespace KenkoPortal.BrowserTests.Support;

/// <summary>A mail as it lies in the data folder.</summary>
public sealed partial record ReceivedMail(string To, string Subject, string Body)
{
    /// <summary>The one link of the mail.</summary>
    public string Link => Links().Match(Body) is { Success: true } match ? match.Value : throw new InvalidOperationException($"no link in 「{Subject}」");

    /// <summary>What stands after a label and its colon.</summary>
    public string Value(string label) =>
        Regex.Match(Body, $"^{label}[：:](.+?)\r?$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)) is { Success: true } match
            ? match.Groups[1].Value.Trim()
            : throw new InvalidOperationException($"no 「{label}」 in 「{Subject}」");

    /// <summary>Reads what our own writer writes: one part of text in base64.</summary>
    public static ReceivedMail Parse(string eml)
    {
        var end = eml.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = Folds().Replace(eml[..end], " ");

        // Old carrier addresses (a..b@, abc.@) stand in quotation marks there.
        return new ReceivedMail(Header(head, "To").Replace("\"", "", StringComparison.Ordinal), Words(Header(head, "Subject")), Encoding.UTF8.GetString(Convert.FromBase64String(eml[end..])));
    }

    private static string Header(string head, string name) =>
        head.Split("\r\n").First(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];

    private static string Words(string value) => EncodedWords().Replace(
        value, words => string.Concat(EncodedWord().Matches(words.Value).Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups["text"].Value)))));

    [GeneratedRegex(@"https?://\S+/c/\S+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Links();

    [GeneratedRegex(@"\r\n[ \t]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Folds();

    [GeneratedRegex(@"=\?UTF-8\?B\?[^?]+\?=(?: =\?UTF-8\?B\?[^?]+\?=)*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EncodedWords();

    [GeneratedRegex(@"=\?UTF-8\?B\?(?<text>[^?]+)\?=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EncodedWord();
}
