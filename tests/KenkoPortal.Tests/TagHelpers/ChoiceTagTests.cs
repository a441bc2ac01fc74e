using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Tests.TagHelpers;

public sealed class ChoiceTagTests
{
    private readonly TagPage _page = new();

    private Task<TagPage> AddDisclosure(string? value) => _page.AddGroup(
        new RadioGroupTag { For = _page.Property("Disclosure", value), ViewContext = _page.View, Legend = "医療費通知", Hint = "選んでください。" },
        new RadioTag { Value = "closed", Label = "公開しない" },
        new RadioTag { Value = "open", Label = "公開する" });

    private Task<TagPage> AddCheckbox(bool value) =>
        _page.Add(new CheckboxTag { For = _page.Property("Notify", value), ViewContext = _page.View, Label = "医療費通知更新メール通知" });

    [Fact]
    public async Task Radios_share_a_name_and_have_a_label_each()
    {
        await AddDisclosure("open");

        var radios = _page.Document.QuerySelectorAll("input[type=radio]");
        Assert.All(radios, radio => Assert.Equal("Disclosure", radio.GetAttribute("name")));
        Assert.Equal(
            ["公開しない", "公開する"],
            radios.Select(radio => _page.Document.QuerySelector($"label[for='{radio.Id}']")!.TextContent),
            StringComparer.Ordinal);
        Assert.Equal(["open"], _page.Document.QuerySelectorAll("input[checked]").Select(radio => radio.GetAttribute("value")!), StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_summary_link_of_a_group_lands_on_its_first_radio()
    {
        await _page.Wrong("Disclosure", "選んでください。").AddGroup(
            new RadioGroupTag { For = _page.Property("Disclosure", null), ViewContext = _page.View, Legend = "医療費通知" },
            new RadioTag { Value = "closed", Label = "公開しない" },
            new RadioTag { Value = "open", Label = "公開する" });
        await _page.Add(new ErrorSummaryTag { ViewContext = _page.View });

        var target = _page.Document.QuerySelector(".kp-error-summary a")!.GetAttribute("href")!;
        Assert.Equal("closed", _page.Document.QuerySelector(target)!.GetAttribute("value"));
    }

    [Fact]
    public async Task A_group_is_described_by_its_hint_and_error()
    {
        _page.Wrong("Disclosure", "どちらかを選んでください。");
        await AddDisclosure(null);

        var group = _page.Document.QuerySelector("fieldset")!;
        Assert.Equal("医療費通知", group.QuerySelector("legend")!.TextContent);
        Assert.Equal(
            ["選んでください。", "どちらかを選んでください。"],
            group.GetAttribute("aria-describedby")!.Split(' ').Select(id => _page.Document.GetElementById(id)!.TextContent),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("true,false", false, true)]
    [InlineData("false", true, false)]
    public async Task A_box_shows_what_was_posted_not_what_the_model_says(string posted, bool model, bool shown)
    {
        _page.Posted("Notify", posted);
        await AddCheckbox(model);

        Assert.Equal(shown, _page.Document.QuerySelector("input[type=checkbox]")!.HasAttribute("checked"));
    }

    [Fact]
    public async Task An_empty_box_is_posted_as_false()
    {
        await AddCheckbox(false);

        var inputs = _page.Document.QuerySelectorAll("input[name=Notify]");
        Assert.Equal([("checkbox", "true"), ("hidden", "false")], inputs.Select(i => (i.GetAttribute("type")!, i.GetAttribute("value")!)));
    }
}
