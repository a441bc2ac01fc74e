using KenkoPortal.Design.Layout;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Tests.TagHelpers;

public sealed class ErrorSummaryTagTests
{
    private readonly TagPage _page = new();

    private Task<TagPage> AddField(string name) =>
        _page.Add(new FieldTag { For = _page.Property(name, null), ViewContext = _page.View, Label = name });

    private Task<TagPage> AddSummary() => _page.Add(new ErrorSummaryTag { ViewContext = _page.View });

    private (string Text, string? Target)[] Lines() =>
        [.. _page.Document.QuerySelectorAll(".kp-error-summary li").Select(line => (line.TextContent, line.QuerySelector("a")?.GetAttribute("href")))];

    [Fact]
    public async Task Nothing_is_shown_while_nothing_is_wrong()
    {
        await AddField("Nickname");
        await AddSummary();

        Assert.Null(_page.Document.QuerySelector(".kp-error-summary"));
    }

    [Fact]
    public async Task Even_one_error_is_summed_up_and_takes_the_focus()
    {
        _page.Wrong("Nickname", "入力してください。");
        await AddField("Nickname");
        await AddSummary();

        var summary = _page.Document.QuerySelector(".kp-error-summary")!;
        Assert.Equal("alert", summary.GetAttribute("role"));
        Assert.Equal("-1", summary.GetAttribute("tabindex"));
        Assert.True(summary.HasAttribute("autofocus"));
        Assert.Equal(SharedText.ErrorSummaryHeading, _page.Document.GetElementById(summary.GetAttribute("aria-labelledby")!)!.TextContent);
    }

    [Fact]
    public async Task Lines_stand_in_the_order_of_the_fields_and_lead_to_them()
    {
        _page.Wrong("Alpha", "三つ目").Wrong("Zulu", "一つ目", "一つ目の二").Wrong("Mike", "二つ目");
        await AddField("Zulu");
        await AddField("Mike");
        await AddField("Alpha");
        await AddSummary();

        Assert.Equal([("一つ目", "#Zulu"), ("一つ目の二", "#Zulu"), ("二つ目", "#Mike"), ("三つ目", "#Alpha")], Lines());
        Assert.All(Lines(), line => Assert.NotNull(_page.Document.QuerySelector("input" + line.Target)));
    }

    [Fact]
    public async Task The_words_are_the_same_as_at_the_field()
    {
        _page.Wrong("Nickname", "20文字までで入力してください。");
        await AddField("Nickname");
        await AddSummary();

        Assert.Equal(_page.Document.QuerySelector("#Nickname-error")!.TextContent, Lines()[0].Text);
    }

    [Fact]
    public async Task An_error_of_the_whole_form_comes_first_and_leads_to_the_first_field()
    {
        _page.Wrong("Password", "入力してください。").Wrong("", "ログインIDかパスワードが違います。");
        await AddField("LoginId");
        await AddField("Password");
        await AddSummary();

        Assert.Equal(("ログインIDかパスワードが違います。", "#LoginId"), Lines()[0]);
    }

    [Fact]
    public async Task An_error_without_a_field_is_told_without_a_link()
    {
        _page.Wrong("Vanished", "読み取れません。");
        await AddSummary();

        Assert.Equal([("読み取れません。", null)], Lines());
    }
}
