using System.Text.RegularExpressions;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Security;

/// <summary>docs/security.md says how each row is met and by which tests: it must not say it of tests that are not there.</summary>
public sealed partial class SecurityPageTests
{
    /// <summary>The rows that are built.</summary>
    private static readonly string[] Rows =
    [
        .. Numbered("A", 1, 17), "A19", "P1", "P2", .. Numbered("I", 1, 5), "N1", "N4", .. Numbered("L", 1, 10), .. Numbered("M", 1, 3), .. Numbered("M", 5, 14),
        .. Numbered("Z", 1, 10), .. Numbered("F", 1, 5), .. Numbered("G", 1, 6),
    ];

    private static readonly Dictionary<string, string> Named = Sections().ToDictionary(s => s.Row, s => TestsOf(s.Text), StringComparer.Ordinal);
    private static readonly HashSet<string> Tests = TestsIn("KenkoPortal.Tests", "KenkoPortal.BrowserTests");

    [Fact]
    public void Every_row_has_its_section() => Assert.Equal(Rows.Order(StringComparer.Ordinal), Named.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_section_says_what_it_promises_how_it_is_met_and_its_tests() =>
        Assert.All(Sections(), section => Assert.True(Parts().IsMatch(section.Text), $"{section.Row}: a promise, then - How:, - Left: where needed, - Tests:"));

    [Fact]
    public void Every_section_names_tests_that_exist_and_carry_the_row()
    {
        foreach (var (row, tests) in Named)
        {
            var names = Name().Matches(tests).Select(m => m.Groups["name"].Value).ToList();
            Assert.All(names, name => Assert.True(Tests.Contains(name), $"{row}: there is no test {name}"));
            Assert.True(names.Count > 0 || MeasuredOnly.Contains(row), $"{row} names no test");
            Assert.All(names.Where(n => RowsOf(n).Any()), name => Assert.True(RowsOf(name).Contains(row), $"{name} stands in the section of {row}"));
        }
    }

    [Fact]
    public void Every_test_that_carries_a_row_stands_in_the_rows_section()
    {
        foreach (var name in Tests)
        {
            Assert.All(RowsOf(name), row => Assert.True(
                Named.TryGetValue(row, out var tests) && tests.Contains($"`{name}`", StringComparison.Ordinal), $"{name} is missing in the section of {row}"));
        }
    }

    /// <summary>A time is a figure of the machine: ./verify measures it, no test asserts it.</summary>
    private static readonly string[] MeasuredOnly = ["A2"];

    /// <summary>A4_A10_After_… carries two rows.</summary>
    private static IEnumerable<string> RowsOf(string name) => name.Split('_').TakeWhile(part => RowId().IsMatch(part));

    private static IEnumerable<string> Numbered(string letter, int from, int to) => Enumerable.Range(from, to - from + 1).Select(n => $"{letter}{n}");

    /// <summary>A row begins with its heading, <c>### A5 Parallel guesses</c>, and ends where the next heading begins.</summary>
    private static IEnumerable<(string Row, string Text)> Sections() =>
        from Match match in Section().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md")).ReplaceLineEndings("\n"))
        select (match.Groups["row"].Value, match.Groups["text"].Value);

    /// <summary>The tests are the last bullet of a section.</summary>
    private static string TestsOf(string section) => section.LastIndexOf("\n- Tests:", StringComparison.Ordinal) is var at and >= 0 ? section[at..] : "";

    private static HashSet<string> TestsIn(params string[] projects) =>
    [
        .. from project in projects
           from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", project), "*.cs", SearchOption.AllDirectories)
           where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
           from Match match in Method().Matches(File.ReadAllText(file))
           select match.Groups["name"].Value,
    ];

    [GeneratedRegex("^[A-Z-[QS]][0-9]{1,2}$", RegexOptions.None, 1000)]
    private static partial Regex RowId();

    [GeneratedRegex("^### (?<row>[A-Z][0-9]{1,2}) [^\n]+\n(?<text>.*?)(?=^#|\\z)", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Section();

    [GeneratedRegex("^\n[^\n-].*?\n\n- How:.*?(\n- Left:.*?)?\n- Tests:", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Parts();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^    public (async Task|Task|void) (?<name>[A-Z]\w*_\w+)\(", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Method();
}
