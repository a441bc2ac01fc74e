using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Commands;

/// <summary><c>news add</c>, <c>news list</c> and <c>news remove</c>.</summary>
public sealed class NewsCommandTests
{
    private const string Article = "---\ntitle: 健診のご案内\ndate: 2026-11-01\ncategory: news\nattachments: annai.pdf\n---\n本文です。\n";

    [Theory, OnEveryDatabase]
    public async Task The_same_file_again_replaces_the_article_and_removing_takes_all_of_it(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        desk.File("annai.pdf", "%PDF");
        var file = desk.File("kenshin.md", Article);

        var added = await desk.RunAsync("news", "add", file);
        var again = await desk.RunAsync("news", "add", file);
        var replaced = await desk.RunAsync("news", "add", desk.File("kenshin.md", Article.Replace("category: news", "category: topic\nuntil: 2027-03-31", StringComparison.Ordinal)));
        var list = await desk.RunAsync("news", "list");

        Assert.Equal((0, 0, 0), (added.ExitCode, again.ExitCode, replaced.ExitCode));
        Assert.Contains("載せました: kenshin（お知らせ）。2026年11月1日から終わりなし。", added.Output, StringComparison.Ordinal);
        Assert.Contains("前と同じ内容です", again.Output, StringComparison.Ordinal);
        Assert.Contains("置き換えました: kenshin（トピックス）。2026年11月1日から2027年3月31日まで。", replaced.Output, StringComparison.Ordinal);
        Assert.Equal("kenshin  トピックス  2026-11-01〜2027-03-31  健診のご案内", list.Output.Trim());

        var removed = await desk.RunAsync("news", "remove", "kenshin");
        var unknown = await desk.RunAsync("news", "remove", "kenshin");
        Assert.Equal((0, 1), (removed.ExitCode, unknown.ExitCode));
        var portal = desk.Look();
        await using var scope = portal.Services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        var society = Assert.Single(await scope.ServiceProvider.GetRequiredService<SocietyDirectory>().AllAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await portal.ReadAsync(society, async db => await db.Articles.CountAsync() + await db.ArticleAttachments.CountAsync()));
        Assert.Equal(
            [AuditKind.ArticleSaved, AuditKind.ArticleSaved, AuditKind.ArticleRemoved],
            await portal.ReadAsync(society, db => db.AuditEvents.Where(e => e.Kind == AuditKind.ArticleSaved || e.Kind == AuditKind.ArticleRemoved).OrderBy(e => e.Id).Select(e => e.Kind).ToListAsync()));
    }

    [Fact]
    public async Task What_is_wrong_is_named_by_file_and_line_and_nothing_is_taken()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        var file = desk.File("kenshin.md", Article.Replace("2026-11-01", "あした", StringComparison.Ordinal));

        var result = await desk.RunAsync("news", "add", file);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{file}:3: date の日付が読めません: 「あした」。", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{file}:5: 添付ファイルがありません: 「annai.pdf」。", result.Error, StringComparison.Ordinal);
        Assert.Contains("誤りが 2 件あります。何も載せていません。", result.Error, StringComparison.Ordinal);
        Assert.Contains("記事はありません", (await desk.RunAsync("news", "list")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("annai.pdf")]
    [InlineData("files/annai.pdf")]
    [InlineData("./files//annai.pdf")]
    public async Task An_attachment_that_is_a_link_or_lies_behind_one_is_refused(string name)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        var elsewhere = Directory.CreateDirectory(desk.File("elsewhere"));
        await File.WriteAllTextAsync(Path.Combine(elsewhere.FullName, "annai.pdf"), "%PDF", TestContext.Current.CancellationToken);
        var folder = Directory.CreateDirectory(desk.File("news"));
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "annai.pdf"), Path.Combine(elsewhere.FullName, "annai.pdf"));
        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "files"), elsewhere.FullName);
        var file = Path.Combine(folder.FullName, "kenshin.md");
        await File.WriteAllTextAsync(file, Article.Replace("annai.pdf", name, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var result = await desk.RunAsync("news", "add", file);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{file}: 添付ファイルにはリンク（シンボリックリンク）を使えません: 「{name}」", result.Error, StringComparison.Ordinal);
        Assert.Contains("記事はありません", (await desk.RunAsync("news", "list")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(">")]
    [InlineData("- ")]
    [InlineData("[")]
    [InlineData("*a ")]
    public async Task Markdown_that_is_nested_too_deeply_is_told_with_its_file_and_nothing_is_taken(string opening)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        var body = string.Concat(Enumerable.Repeat(opening, 1_500)) + "本文" + (opening == "[" ? string.Concat(Enumerable.Repeat("](/)", 1_500)) : opening == "*a " ? string.Concat(Enumerable.Repeat("a*", 1_500)) : "");
        var file = desk.File("fukai.md", Article.Replace("attachments: annai.pdf\n", "", StringComparison.Ordinal).Replace("本文です。", body, StringComparison.Ordinal));

        var result = await desk.RunAsync("news", "add", file);

        Assert.DoesNotContain("思いがけない", result.Error, StringComparison.Ordinal);
        if (result.ExitCode != 0)
        {
            Assert.Contains($"{file}:6: 本文の入れ子（引用、箇条書き、強調など）が深すぎます。", result.Error, StringComparison.Ordinal);
            Assert.Contains("記事はありません", (await desk.RunAsync("news", "list")).Error, StringComparison.Ordinal);
        }

        Assert.True(opening != ">" || result.ExitCode == 1);
    }
}
