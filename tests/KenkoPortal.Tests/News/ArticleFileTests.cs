using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.News;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.News;

public sealed class ArticleFileTests
{
    private const string Good = "---\ntitle: 健診のご案内\ndate: 2026-11-01\nuntil: 2027-03-31\ncategory: news\nattachments: annai.pdf\n---\n\n本文です。[案内](annai.pdf)\n";

    [Fact]
    public void A_file_is_its_fields_its_text_and_what_lies_beside_it()
    {
        var draft = Read(Good.ReplaceLineEndings("\r\n"), out var faults);

        Assert.Empty(faults);
        Assert.Equal(("kenshin", ArticleCategory.News, "健診のご案内", new DateOnly(2026, 11, 1), new DateOnly(2027, 3, 31)), (draft!.Key, draft.Category, draft.Title, draft.PublishedOn, draft.Until));
        Assert.Equal("本文です。[案内](annai.pdf)", draft.Body);
        var file = Assert.Single(draft.Attachments);
        Assert.Equal(("annai.pdf", "application/pdf", "annai.pdf"), (file.FileName, file.MediaType, Encoding.UTF8.GetString(file.Content)));
    }

    [Fact]
    public void Attachments_may_stand_one_a_line_and_values_in_quotes()
    {
        var draft = Read("---\ntitle: \"健診: ご案内\"\ndate: 令和8年11月1日\ncategory: TOPIC\nattachments:\n  - files/a.pdf\n  - 'b.png'\n---\n本文\n", out var faults);

        Assert.Empty(faults);
        Assert.Equal(("健診: ご案内", ArticleCategory.Topic), (draft!.Title, draft.Category));
        Assert.Equal(["a.pdf", "b.png"], draft.Attachments.Select(a => a.FileName));
    }

    [Theory]
    [InlineData("title: 健診のご案内\n", "", 1, "title がありません")]
    [InlineData("健診のご案内", "", 2, "title がありません")]
    [InlineData("2026-11-01", "2026-13-01", 3, "date の日付が読めません")]
    [InlineData("2027-03-31", "2026-10-31", 4, "until が date より前")]
    [InlineData("news", "event", 5, "category は")]
    [InlineData("category", "kategory", 6, "読めない行です", "1:")]
    [InlineData("annai.pdf\n---", "nosuch.pdf\n---", 6, "添付ファイルがありません", "the link")]
    [InlineData("annai.pdf\n---", "../annai.pdf\n---", 6, "名前が使えません")]
    [InlineData("annai.pdf\n---", "/etc/annai.pdf\n---", 6, "名前が使えません")]
    [InlineData("annai.pdf\n---", "annai.html\n---", 6, "添付できない種類", "the link")]
    [InlineData("annai.pdf\n---", "annai.pdf, ANNAI.PDF\n---", 6, "同じ名前")]
    [InlineData("(annai.pdf)", "(javascript:alert(1))", 9, "リンクや画像の先が使えません")]
    [InlineData("[案内](annai.pdf)", "![絵](https://elsewhere.test/a.png)", 9, "リンクや画像の先が使えません")]
    [InlineData("[案内](annai.pdf)", "<script:alert>", 9, "リンクや画像の先が使えません")]
    [InlineData("\n\n本文です。[案内](annai.pdf)\n", "\n", 8, "本文がありません")]
    [InlineData("---\ntitle", "title", 1, "1 行目は")]
    public void What_is_wrong_is_named_by_its_line(string from, string to, int line, string message, string? further = null)
    {
        var at = Good.IndexOf(from, StringComparison.Ordinal);
        Assert.Null(Read(Good[..at] + to + Good[(at + from.Length)..], out var faults));
        if (further is null)
        {
            Assert.Equal(line, Assert.Single(faults).Line);
        }

        Assert.Contains(faults, f => (f.Line == line || further is "1:") && f.Message.Contains(message, StringComparison.Ordinal) && f.Render("a.md").StartsWith("a.md:", StringComparison.Ordinal));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_named_by_their_line()
    {
        byte[] file = [.. Encoding.UTF8.GetBytes("---\ntitle: "), 0x93, 0xFA, .. "\n---\n本文"u8];

        Assert.Null(ArticleFile.Read("a", file, _ => null, out var faults));
        Assert.Equal(2, Assert.Single(faults).Line);
    }

    [Fact]
    public void No_bytes_make_it_throw() => Prop.ForAll<byte[], bool>((bytes, isBehind) =>
    {
        byte[] file = isBehind ? [.. Encoding.UTF8.GetBytes(Good), .. bytes] : bytes;
        var draft = ArticleFile.Read("a", file, name => Encoding.UTF8.GetBytes(name), out var faults);
        return draft is null == faults.Count > 0 && faults.All(f => f.Line >= 1);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_demos_articles_are_whole()
    {
        var folder = Path.Combine(Repository.Root, "demo/news");
        var drafts = Directory.GetFiles(folder, "*.md").Select(path => ArticleFile.Read(
            Path.GetFileNameWithoutExtension(path),
            File.ReadAllBytes(path),
            name => File.Exists(Path.Combine(folder, name)) ? File.ReadAllBytes(Path.Combine(folder, name)) : null,
            out _)).ToList();

        Assert.Equal([ArticleCategory.News, ArticleCategory.Topic], drafts.Select(d => d!.Category).Order());
    }

    private static ArticleDraft? Read(string text, out IReadOnlyList<ArticleFault> faults) => ArticleFile.Read(
        "kenshin", Encoding.UTF8.GetBytes(text), name => name.Contains("nosuch", StringComparison.Ordinal) ? null : Encoding.UTF8.GetBytes(name), out faults);
}
