using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Documents;

/// <summary>The documents name only files, commands and options that exist.</summary>
public sealed class DocumentTests
{
    private static readonly string[] Untracked = ["bin", "obj", "data", "artifacts", "TestResults", ".git"];

    public static readonly TheoryData<string> Documents = [.. DocumentsIn(Repository.Root).Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_relative_link_leads_to_a_file_and_heading_that_exist(string document) =>
        Assert.Empty(DocumentFaults.OfLinks(Path.Combine(Repository.Root, document), TextOf(document)));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_command_and_option_that_is_named_exists(string document) =>
        Assert.Empty(DocumentFaults.OfCommands(TextOf(document)).Concat(DocumentFaults.OfNamedCommands(TextOf(document))));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_path_of_the_repository_that_is_named_exists(string document) => Assert.Empty(DocumentFaults.OfPaths(TextOf(document)));

    [Fact]
    public void The_documents_are_found()
    {
        string[] some = ["README.md", "README.ja.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/security.md", "docs/operations.md", "src/KenkoPortal.Claims/README.md"];
        Assert.Empty(some.Except(Documents.Select(row => row.Data), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("See [x](nosuch.md).")]
    [InlineData("See [x](docs/security.md#no-such-heading).")]
    [InlineData("See [x](#elsewhere).\n\n# Here\n")]
    [InlineData("![x](docs/images/nosuch.png)")]
    public void A_link_that_leads_nowhere_is_a_fault(string text) =>
        Assert.Single(DocumentFaults.OfLinks(Path.Combine(Repository.Root, "README.md"), text));

    [Theory]
    [InlineData("See [x](docs/security.md), [y](docs), [z](https://example.org/nosuch) and `[a](nosuch.md)`.")]
    [InlineData("See [x](#a5-the-200-guesses-no-session).\n\n### A5: The 200 guesses, `no` session\n")]
    [InlineData("See [x](#名簿-what-it-holds-1).\n\n# 名簿: what it holds\n\n# 名簿: what it holds\n")]
    public void A_link_that_leads_somewhere_is_none(string text) =>
        Assert.Empty(DocumentFaults.OfLinks(Path.Combine(Repository.Root, "README.md"), text));

    [Theory]
    [InlineData("`./kenko nosuch`")]
    [InlineData("`./kenko members nosuch --card 1-2`")]
    [InlineData("```\n./kenko members import FILE --nosuch\n```\n")]
    [InlineData("```\n./kenko society add --key a \\\n  --nosuch b\n```\n")]
    [InlineData("`./kenko notices compute|nosuch --month 2026-04`")]
    [InlineData("`./kenko audit verify extra`")]
    [InlineData("`./run --nosuch`")]
    [InlineData("`./test --nosuch`")]
    [InlineData("`./bench --nosuch`")]
    [InlineData("`./bench nosuch --quick`")]
    [InlineData("`./verify kill nosuch`")]
    public void A_command_or_option_that_is_not_there_is_a_fault(string text) => Assert.Single(DocumentFaults.OfCommands(text));

    [Theory]
    [InlineData("`members nosuch`")]
    [InlineData("`audit verify --nosuch`")]
    public void A_command_named_without_the_program_is_a_fault_too(string text) => Assert.Single(DocumentFaults.OfNamedCommands(text));

    [Theory]
    [InlineData("`src/KenkoPortal.Core/NoSuch`")]
    [InlineData("`tests/KenkoPortal.Tests/NoSuchTests.cs`")]
    public void A_path_that_is_not_there_is_a_fault(string text) => Assert.Single(DocumentFaults.OfPaths(text));

    [Theory]
    [InlineData("`./kenko`, `./kenko --help`, `./kenko COMMAND`, `./kenko members import FILE --dry-run`, `./kenko --data /tmp/x society list`")]
    [InlineData("```\n./kenko members unprotect --card 1-2 --reason ended --name '潮 --nosuch'   # --nosuch is a comment\n```\n")]
    [InlineData("`./kenko mail list [--day 2026-12-01] [--lane account|notice]`, `./kenko notices compute|publish`, `./kenko society set KEY NAME=VALUE…`")]
    [InlineData("`./run --production`, `./test --unit --class '*Smtp*'`, `./bench login-page home --quick`, `./verify NAME --list`")]
    public void What_exists_is_none(string text) => Assert.Empty(DocumentFaults.OfCommands(text).Concat(DocumentFaults.OfNamedCommands(text)));

    private static string TextOf(string document) => File.ReadAllText(Path.Combine(Repository.Root, document)).ReplaceLineEndings("\n");

    private static IEnumerable<string> DocumentsIn(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.md"),
        .. Directory.EnumerateDirectories(folder).Where(child => !Untracked.Contains(Path.GetFileName(child), StringComparer.Ordinal)).SelectMany(DocumentsIn),
    ];
}
