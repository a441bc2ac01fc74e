using System.Net;
using KenkoPortal.Core.News;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>健保組合からのお知らせ and トピックス.</summary>
public sealed class NewsTests
{
    [Theory, OnEveryDatabase]
    public async Task Articles_come_newest_first_and_are_unread_until_they_are_opened(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var today = Today(portal);
        await SaveAsync(portal, Draft("old", today.AddDays(-9), "古い"), Draft("new", today, "新しい"), Draft("topic", today, "話題", ArticleCategory.Topic));
        var (his, home) = await portal.MemberAsync(family[0], "minato-taro");
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");

        Assert.Equal(["新しい", "古い", "話題"], home.Document.QuerySelectorAll(".kp-panel .kp-items a").Select(a => a.TextContent));
        var list = await his.OpenAsync("/news");
        Assert.Equal("健保組合からのお知らせ", list.Heading);
        Assert.Equal(["新しい", "古い"], Titles(list));
        Assert.Equal(2, Unread(list));

        var article = await his.OpenAsync(list.Document.QuerySelector(".kp-items a")!.GetAttribute("href")!);
        Assert.Equal("新しい", article.Heading);
        Assert.Contains("新しいの本文", article.Text, StringComparison.Ordinal);
        await his.OpenAsync(article.Path);

        Assert.Equal((1, 2), (Unread(await his.OpenAsync("/news")), Unread(await his.OpenAsync("/"))));
        Assert.Equal(2, Unread(await hers.OpenAsync("/news")));
        Assert.Equal(1, await portal.ReadAsync(db => db.ArticleSights.CountAsync()));
        Assert.Equal(["話題"], Titles(await his.OpenAsync("/topics")));
    }

    [Theory, OnEveryDatabase]
    public async Task Homes_sentence_tells_of_an_unread_article_where_no_notice_is_unread(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var today = Today(portal);
        await SaveAsync(portal, Draft("new", today, "健診の<受付>"), Draft("topic", today, "話題", ArticleCategory.Topic));
        await portal.Notices().CostAsync(person, "2026-07");
        var (visitor, home) = await portal.MemberAsync(person, "minato-taro");
        Assert.Contains("医療費通知が届いています。", Lead(home), StringComparison.Ordinal);
        await visitor.OpenAsync("/medical-costs/2026-07");
        home = await visitor.OpenAsync("/");
        Assert.Equal("健保組合からのお知らせ「健診の<受付>」が届いています。まだご覧になっていません。", Lead(home));
        await visitor.OpenAsync(home.Document.QuerySelector(".kp-items a[href^='/news/']")!.GetAttribute("href")!);
        home = await visitor.OpenAsync("/");
        Assert.Equal("トピックス「話題」が届いています。まだご覧になっていません。", Lead(home));
        await visitor.OpenAsync(home.Document.QuerySelector(".kp-items a[href^='/topics/']")!.GetAttribute("href")!);
        Assert.StartsWith("新しい通知はありません。", Lead(await visitor.OpenAsync("/")), StringComparison.Ordinal);

        static string Lead(ShownPage page) => page.Document.QuerySelector(".kp-lead")!.TextContent;
    }

    [Theory, OnEveryDatabase]
    public async Task What_does_not_exist_and_what_is_out_of_its_period_are_the_same_page_byte_for_byte(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var yama = await portal.AddSocietyAsync("yama", "yama.example");
        var today = Today(portal);
        await SaveAsync(
            portal,
            Draft("tomorrow", today.AddDays(1), "明日"),
            Draft("over", today.AddDays(-9), "終わり") with { Until = today.AddDays(-1) },
            Draft("last", today.AddDays(-9), "最後の日") with { Until = today, Attachments = [new ArticleDraftFile("a.pdf", "application/pdf", [1])] },
            Draft("over2", today.AddDays(-9), "終わり2") with { Until = today.AddDays(-1), Attachments = [new ArticleDraftFile("a.pdf", "application/pdf", [1])] });
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro");
        var articles = await portal.ReadAsync(db => db.Articles.ToDictionaryAsync(a => a.Key, a => a.Id));
        var files = await portal.ReadAsync(db => db.ArticleAttachments.ToDictionaryAsync(f => f.ArticleId, f => f.Id));
        var foreign = new Article { SocietyId = yama.Id, Category = ArticleCategory.News, Key = "k", Title = "山", Body = "山", PublishedOn = today, ChangedAt = portal.Clock.GetUtcNow() };
        await using (var scope = portal.Services.GetRequiredService<KenkoPortal.Core.Societies.SocietyScopes>().Open(yama, actor => actor.IsSystemUser("test")))
        {
            var db = scope.ServiceProvider.GetRequiredService<KenkoPortal.Core.Data.PortalContext>();
            db.Articles.Add(foreign);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(["最後の日"], Titles(await visitor.OpenAsync("/news")));
        var missing = await visitor.OpenAsync($"/news/{Guid.CreateVersion7():N}");
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
        foreach (var path in new[]
        {
            $"/news/{articles["tomorrow"]:N}", $"/news/{articles["over"]:N}", $"/topics/{articles["last"]:N}", $"/news/{foreign.Id:N}", "/news/none", "/news?p=2", "/news?p=0", "/news?p=x",
            "/news?p=1&p=1", $"/news/{articles["over2"]:N}/files/{files[articles["over2"]]:N}", $"/news/{articles["last"]:N}/files/{files[articles["over2"]]:N}",
            $"/topics/{articles["last"]:N}/files/{files[articles["last"]]:N}",
        })
        {
            var page = await visitor.OpenAsync(path);
            Assert.Equal((HttpStatusCode.NotFound, missing.Html), (page.Status, page.Html));
        }

        Assert.Equal(HttpStatusCode.OK, (await visitor.OpenAsync($"/news/{articles["last"]:N}/files/{files[articles["last"]]:N}")).Status);
    }

    [Fact]
    public async Task An_attachment_is_handed_out_to_be_kept()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        await SaveAsync(portal, Draft("a", Today(portal), "案内") with
        {
            Body = "[案内](<健診 案内.pdf>) ![絵](e.png)",
            Attachments = [new ArticleDraftFile("健診 案内.pdf", "application/pdf", "%PDF-1.7"u8.ToArray()), new ArticleDraftFile("e.png", "image/png", [1, 2])],
        });
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro");
        var article = await visitor.OpenAsync((await visitor.OpenAsync("/news")).Document.QuerySelector(".kp-items a")!.GetAttribute("href")!);

        var links = article.Document.QuerySelectorAll(".kp-links a[download]");
        Assert.Equal(["e.png（画像、1 KB）", "健診 案内.pdf（PDF、1 KB）"], links.Select(a => a.TextContent));
        var link = links[1];
        var response = await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Get, link.GetAttribute("href")));

        Assert.Equal("application/pdf", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("attachment", "健診 案内.pdf"), (response.Content.Headers.ContentDisposition?.DispositionType, response.Content.Headers.ContentDisposition?.FileNameStar));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("%PDF-1.7", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith(article.Path + "/files/", article.Document.QuerySelector(".kp-article img")!.GetAttribute("src"), StringComparison.Ordinal);
    }

    /// <summary>S11: below the rate that LongestRequest would need, the file still arrives whole; and a member takes four at a time.</summary>
    [Theory, OnEveryDatabase]
    public async Task A_slow_reader_gets_the_whole_attachment_and_the_fifth_at_a_time_is_429(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind, new() { ["Portal:LongestRequest"] = "00:00:01" }, isOnSockets: true);
        var content = new byte[10_000_001];
        System.Security.Cryptography.RandomNumberGenerator.Fill(content);
        await SaveAsync(portal, Draft("a", Today(portal), "案内") with { Attachments = [new ArticleDraftFile("a.pdf", "application/pdf", content)] });
        var (visitor, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro");
        var (article, file) = await portal.ReadAsync(async db => (await db.Articles.Select(a => a.Id).SingleAsync(), await db.ArticleAttachments.Select(f => f.Id).SingleAsync()));
        var path = $"/news/{article:N}/files/{file:N}";
        var slow = new List<HttpResponseMessage>();
        for (var i = 0; i < 4; i++)
        {
            slow.Add(await visitor.BeginAsync(path));
        }

        Assert.All(slow, s => Assert.Equal((HttpStatusCode.OK, content.Length), (s.StatusCode, s.Content.Headers.ContentLength)));
        var fifth = await visitor.OpenAsync(path);
        Assert.Equal((HttpStatusCode.TooManyRequests, "しばらくお待ちください"), (fifth.Status, fifth.Heading));

        // Longer than the limit, with most of the file not sent yet: the sockets between hold a fraction of it.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
        foreach (var answer in slow)
        {
            var read = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.True(content.AsSpan().SequenceEqual(read));
            answer.Dispose();
        }

        using var next = await visitor.BeginAsync(path);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Theory, OnEveryDatabase]
    public async Task A_list_has_twenty_a_page(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var today = Today(portal);
        await SaveAsync(portal, [.. Enumerable.Range(0, 41).Select(i => Draft($"a{i}", today.AddDays(-i), $"第{i}号"))]);
        var (visitor, home) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro");

        Assert.Equal(3, home.Document.QuerySelectorAll(".kp-panel .kp-items li").Length);
        var first = await visitor.OpenAsync("/news");
        Assert.Equal((20, "第0号"), (Titles(first).Count, Titles(first)[0]));
        var second = await visitor.OpenAsync(first.Document.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal((20, "第20号"), (Titles(second).Count, Titles(second)[0]));
        var third = await visitor.OpenAsync("/news?p=3");
        Assert.Equal(["第40号"], Titles(third));
        Assert.Null(third.Document.QuerySelector("a[rel=next]"));
        Assert.Contains("3 / 3 ページ", third.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_articles_the_pages_and_panels_say_so_and_nobody_reads_them_signed_out()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var (visitor, home) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro");

        Assert.Contains("健保組合からのお知らせはまだありません。", home.Text, StringComparison.Ordinal);
        Assert.Contains("トピックスはまだありません。", (await visitor.OpenAsync("/topics")).Text, StringComparison.Ordinal);
        Assert.Equal("/login", (await portal.Visitor().OpenAsync("/news")).Path);
        Assert.Equal("/login", (await portal.Visitor().OpenAsync($"/news/{Guid.CreateVersion7():N}/files/{Guid.CreateVersion7():N}")).Path);
    }

    private static List<string> Titles(ShownPage page) => [.. page.Document.QuerySelectorAll("main > .kp-items a").Select(a => a.TextContent)];

    private static int Unread(ShownPage page) => page.Document.QuerySelectorAll(".kp-unread").Length;

    private static DateOnly Today(WebPortal portal) => KenkoPortal.Core.Common.JapanTime.DateOf(portal.Clock.GetUtcNow());

    private static ArticleDraft Draft(string key, DateOnly day, string title, ArticleCategory category = ArticleCategory.News) => new(key, category, title, day, null, $"{title}の本文", []);

    private static Task SaveAsync(WebPortal portal, params ArticleDraft[] drafts) => portal.AsStaffAsync(async services =>
    {
        foreach (var draft in drafts)
        {
            await services.GetRequiredService<ArticleDesk>().SaveAsync(draft, TestContext.Current.CancellationToken);
        }

        return true;
    });
}
