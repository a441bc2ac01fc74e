using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Documents;

/// <summary>Finds what a Markdown document names and the repository does not have: files, anchors, commands, options.</summary>
internal static partial class DocumentFaults
{
    private static readonly string[] Scripts = ["run", "test", "bench", "verify"];

    /// <summary>Names that <c>./bench</c> and <c>./verify</c> know.</summary>
    private static readonly HashSet<string> Measurements = new(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "measure"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => MeasurementName().Matches(File.ReadAllText(file)).Select(m => m.Groups["name"].Value)),
        StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Usages = Scripts.ToDictionary(
        script => script, script => Usage().Match(File.ReadAllText(Path.Combine(Repository.Root, script))).Groups["text"].Value, StringComparer.Ordinal);

    /// <summary>Links to files of the repository that are not there, or that lack the anchor.</summary>
    /// <param name="file">Path of the document; links are relative to it.</param>
    /// <param name="text">Its text.</param>
    public static IEnumerable<string> OfLinks(string file, string text)
    {
        foreach (var target in Link().Matches(WithoutCode(text)).Select(m => m.Groups["target"].Value))
        {
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal) || target.StartsWith('/'))
            {
                continue;
            }

            var (path, anchor) = target.Split('#', 2) is [var before, var behind] ? (before, behind) : (target, "");
            var full = path.Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, Uri.UnescapeDataString(path)));
            if (!Path.Exists(full))
            {
                yield return $"there is no {target}";
            }
            else if (anchor.Length > 0 && !AnchorsOf(path.Length == 0 ? text : File.ReadAllText(full)).Contains(Uri.UnescapeDataString(anchor)))
            {
                yield return $"{target}: there is no such heading";
            }
        }
    }

    /// <summary>Commands, scripts and their options that do not exist.</summary>
    public static IEnumerable<string> OfCommands(string text)
    {
        foreach (var line in CodeOf(text))
        {
            var call = Call().Match(line);
            var words = WordsOf(line[call.Length..]);
            var faults = !call.Success ? [] : call.Groups["script"].Value == "kenko" ? OfKenko(words) : OfScript(call.Groups["script"].Value, words);
            foreach (var fault in faults)
            {
                yield return $"{fault}: {line.Trim()}";
            }
        }
    }

    /// <summary>Commands that are named without <c>./kenko</c>: <c>members join</c>.</summary>
    public static IEnumerable<string> OfNamedCommands(string text)
    {
        foreach (var span in SpansOf(text))
        {
            var words = WordsOf(span);
            if (words is [var group, var command, ..] && NamedCommand().IsMatch(command) && CommandTree.Root.Subcommands.Any(c => c.Name == group && c.Subcommands.Count > 0))
            {
                foreach (var fault in OfKenko(words))
                {
                    yield return $"{fault}: {span}";
                }
            }
        }
    }

    /// <summary>Paths of the repository that a code span names and that are not there.</summary>
    public static IEnumerable<string> OfPaths(string text) =>
        from span in SpansOf(text)
        where RepositoryPath().IsMatch(span) && !Path.Exists(Path.Combine(Repository.Root, span))
        select $"there is no {span}";

    private static IEnumerable<string> OfKenko(List<string> words)
    {
        Command command = CommandTree.Root;
        var options = OptionsOf(command);
        var at = 0;
        for (; at < words.Count && !words[at].StartsWith('-') && command.Subcommands.Count > 0; at++)
        {
            if (IsPlaceholder(words[at]))
            {
                yield break;
            }

            var alternatives = words[at].Split('|');
            if (alternatives.FirstOrDefault(name => command.Subcommands.All(c => c.Name != name)) is { } unknown)
            {
                yield return $"there is no command {unknown}";
                yield break;
            }

            command = command.Subcommands.Single(c => c.Name == alternatives[0]);
            options.UnionWith(OptionsOf(command));
        }

        if (at < words.Count && !words[at].StartsWith('-') && !IsPlaceholder(words[at]) && command.Arguments.Count == 0)
        {
            yield return $"{command.Name} takes no {words[at]}";
        }

        foreach (var option in words.Skip(at).Where(IsOption).Select(w => w.Split('=')[0]).Where(o => !options.Contains(o)))
        {
            yield return $"{command.Name} has no {option}";
        }
    }

    private static IEnumerable<string> OfScript(string script, List<string> words)
    {
        var known = OptionName().Matches(Usages[script]).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var option in words.Where(IsOption).Select(w => w.Split('=')[0]).Where(o => !known.Contains(o)))
        {
            yield return $"./{script} has no {option}";
        }

        if (script is "bench" or "verify")
        {
            foreach (var name in words.Where(w => !w.StartsWith('-') && !IsPlaceholder(w) && !Measurements.Contains(w)))
            {
                yield return $"./{script} has no {name}";
            }
        }
    }

    private static HashSet<string> OptionsOf(Command command) => [.. command.Options.Select(o => o.Name), .. command.Options.SelectMany(o => o.Aliases)];

    private static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);

    /// <summary>NAME, … and the like stand for what the reader puts there.</summary>
    private static bool IsPlaceholder(string word) => word is "…" or "..." || Placeholder().IsMatch(word);

    /// <summary>What stands in code: each line of a fenced block (a line that ends with \ goes on), and each code span.</summary>
    private static IEnumerable<string> CodeOf(string text)
    {
        var code = new List<string>();
        foreach (Match block in Fence().Matches(text))
        {
            code.AddRange(block.Groups["code"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'));
        }

        return code.Concat(SpansOf(text));
    }

    private static IEnumerable<string> SpansOf(string text) => Span().Matches(Fence().Replace(text, "\n")).Select(m => m.Groups["code"].Value.Replace('\n', ' '));

    private static string WithoutCode(string text) => Span().Replace(Fence().Replace(text, "\n"), "");

    /// <summary>Splits as the shell does, up to a comment; brackets of a synopsis are left out.</summary>
    private static List<string> WordsOf(string line)
    {
        var words = new List<string>();
        foreach (var word in Word().Matches(line).Select(m => m.Value))
        {
            if (word is "#" or "|" or "&&" || word.StartsWith('#'))
            {
                break;
            }

            var plain = word.TrimStart('[', '(').TrimEnd(']', ')', ',', ';', '.', ':');
            if (plain.Length > 0)
            {
                words.Add(plain);
            }
        }

        return words;
    }

    /// <summary>The anchors that GitHub gives the headings.</summary>
    private static HashSet<string> AnchorsOf(string text)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var heading in Heading().Matches(Fence().Replace(text, "\n")).Select(m => m.Groups["title"].Value.Trim()))
        {
            var anchor = new StringBuilder();
            foreach (var c in LinkInHeading().Replace(heading, "${text}").ToLowerInvariant())
            {
                anchor.Append(c == ' ' ? "-" : char.IsLetterOrDigit(c) || c is '-' or '_' ? c.ToString() : "");
            }

            var name = anchor.ToString();
            for (var i = 1; !anchors.Add(name); i++)
            {
                name = $"{anchor}-{i}";
            }
        }

        return anchors;
    }

    [GeneratedRegex(@"\]\((?<target>[^()\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^```[^\n]*\n(?<code>.*?)^```", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Span();

    [GeneratedRegex("^#{1,6} (?<title>[^\n]+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkInHeading();

    [GeneratedRegex(@"^\s*(\w+=\S*\s+)*\./(?<script>kenko|run|test|bench|verify)(?![\w/.-])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Call();

    [GeneratedRegex("""(?:'[^']*'|"[^"]*"|[^\s'"])+""", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"^\p{Lu}[\p{Lu}\d_.-]*(=\S*)?…?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[a-z][a-z-]*(\|[a-z][a-z-]*)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedCommand();

    [GeneratedRegex("--[a-z][a-z-]*", RegexOptions.None, 1000)]
    private static partial Regex OptionName();

    [GeneratedRegex("<<'TEXT'\n(?<text>.*?)\nTEXT\n", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Usage();

    [GeneratedRegex("public string Name => \"(?<name>[a-z-]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MeasurementName();

    [GeneratedRegex(@"^(src|tests|docs|measure|scripts|demo|tools)/[\w./-]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RepositoryPath();
}
