using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Tests.TagHelpers;

public sealed class PagePartTests
{
    private readonly TagPage _page = new();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    public async Task Steps_name_the_present_one_and_say_which_are_done(int current, int done)
    {
        await _page.Add(new StepsTag { Current = current });

        Assert.Equal(4, _page.Document.QuerySelectorAll(".kp-steps li").Length);
        var present = Assert.Single(_page.Document.QuerySelectorAll("[aria-current=step]"));
        Assert.StartsWith(current.ToString(System.Globalization.CultureInfo.InvariantCulture), present.TextContent, StringComparison.Ordinal);
        Assert.Contains("いまここ", present.TextContent, StringComparison.Ordinal);
        Assert.Equal(done, _page.Document.QuerySelectorAll(".kp-step-done").Length);
    }

    [Fact]
    public async Task Where_a_step_may_break_is_not_read_out()
    {
        await _page.Add(new StepsTag { Current = 3 });

        Assert.Contains("利用者情報入力", _page.Document.QuerySelector("[aria-current]")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("|", _page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_panels_link_says_which_list_it_opens()
    {
        await _page.Add(new PanelTag { Heading = "医療費通知", Href = "/medical-costs", Empty = "まだありません。", ViewContext = _page.View });

        Assert.Equal("医療費通知の一覧はこちら", _page.Document.QuerySelector("a")!.TextContent);
        Assert.Equal("医療費通知", _page.Document.GetElementById(_page.Document.QuerySelector("section")!.GetAttribute("aria-labelledby")!)!.TextContent);
        Assert.Contains("まだありません。", _page.Document.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_panels_have_different_ids()
    {
        await _page.Add(new PanelTag { Heading = "医療費通知", ViewContext = _page.View });
        await _page.Add(new PanelTag { Heading = "トピックス", ViewContext = _page.View });

        Assert.Equal(2, _page.Document.QuerySelectorAll("h2").Select(h => h.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_panel_with_items_does_not_say_that_it_is_empty()
    {
        await _page.Add(new PanelTag { Heading = "トピックス", Empty = "まだありません。", ViewContext = _page.View }, "<p>秋の健診</p>");

        Assert.DoesNotContain("まだありません。", _page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NoticeType.Info, "お知らせ：")]
    [InlineData(NoticeType.Success, "完了：")]
    [InlineData(NoticeType.Warning, "ご注意：")]
    [InlineData(NoticeType.Error, "エラー：")]
    public async Task What_kind_of_notice_it_is_stands_in_words(NoticeType type, string words)
    {
        await _page.Add(new NoticeTag { Type = type, Heading = "見出し" });

        Assert.Equal(words + "見出し", _page.Document.QuerySelector("h2")!.TextContent);
        Assert.Equal("true", _page.Document.QuerySelector("svg")!.GetAttribute("aria-hidden"));
    }

    [Fact]
    public async Task A_summary_rows_link_says_what_it_changes()
    {
        await _page.Add(new SummaryRowTag { Label = "ニックネーム", Href = "/profile" }, "ご本人");

        Assert.Equal("ニックネーム変更", _page.Document.QuerySelector("a")!.TextContent);
    }

    [Fact]
    public async Task Forms_leave_judging_to_the_server()
    {
        await _page.Add(new FormTag());

        Assert.Contains("novalidate", _page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "button")]
    [InlineData("/register", "a")]
    public async Task A_button_that_leads_somewhere_is_a_link(string? href, string element)
    {
        await _page.Add(new ButtonTag { Href = href }, "送信する");

        Assert.Equal("送信する", _page.Document.QuerySelector(element + ".kp-button")!.TextContent);
    }
}
