using KenkoPortal.Design.Layout;
using KenkoPortal.Design.TagHelpers;
using Microsoft.AspNetCore.Html;

namespace KenkoPortal.Tests.TagHelpers;

public sealed class FieldTagTests
{
    private readonly TagPage _page = new();

    private FieldTag Field(string name = "LoginId", string? value = null) =>
        new() { For = _page.Property(name, value), ViewContext = _page.View, Label = "ログインID" };

    [Fact]
    public async Task The_label_names_the_input()
    {
        await _page.Add(Field("Input.LoginId"));

        var input = _page.Document.QuerySelector("input")!;
        Assert.Equal("Input.LoginId", input.GetAttribute("name"));
        Assert.Equal(input.Id, _page.Document.QuerySelector("label")!.GetAttribute("for"));
        Assert.Equal("Input_LoginId", input.Id);
    }

    [Fact]
    public async Task Label_hint_input_and_error_stand_in_this_order()
    {
        var field = Field();
        field.Hint = "半角で";
        await _page.Wrong("LoginId", "違います").Add(field);

        var order = _page.Document.QuerySelector(".kp-field")!.Children.Select(child => child.ClassList[0]);
        Assert.Equal(["kp-label", "kp-hint", "kp-input", "kp-error"], order, StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_input_is_described_by_its_hint_and_then_its_error()
    {
        var field = Field();
        field.Hint = "半角で";
        await _page.Wrong("LoginId", "使われています。").Add(field);

        var input = _page.Document.QuerySelector("input")!;
        var described = input.GetAttribute("aria-describedby")!.Split(' ').Select(id => _page.Document.GetElementById(id)!.TextContent);
        Assert.Equal(["半角で", "使われています。"], described, StringComparer.Ordinal);
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task A_field_with_nothing_to_add_is_described_by_nothing()
    {
        await _page.Add(Field());

        var input = _page.Document.QuerySelector("input")!;
        Assert.False(input.HasAttribute("aria-describedby"));
        Assert.False(input.HasAttribute("aria-invalid"));
    }

    [Fact]
    public async Task The_content_of_the_tag_is_part_of_the_hint()
    {
        await _page.Add(Field(), "<ul><li>8文字以上</li></ul>");

        var hint = _page.Document.GetElementById(_page.Document.QuerySelector("input")!.GetAttribute("aria-describedby")!)!;
        Assert.Equal("8文字以上", hint.QuerySelector("li")!.TextContent);
    }

    [Fact]
    public async Task Every_error_of_a_field_is_shown_once()
    {
        await _page.Wrong("LoginId", "短すぎます。", "英小文字を入れてください。", "短すぎます。").Add(Field());

        Assert.Equal(
            ["短すぎます。", "英小文字を入れてください。"],
            _page.Document.QuerySelectorAll(".kp-error p").Select(line => line.TextContent),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_stays_as_it_was_typed()
    {
        await _page.Posted("LoginId", "ＹＡＭＡＤＡ", "違います").Add(Field(value: "yamada"));

        Assert.Equal("ＹＡＭＡＤＡ", _page.Document.QuerySelector("input")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("PASSWORD")]
    public async Task A_password_never_comes_back(string type)
    {
        var field = Field("Password", "from-the-model1");
        field.Type = type;
        await _page.Posted("Password", "from-the-form1", "違います").Add(field);

        Assert.Equal("password", _page.Document.QuerySelector("input")!.GetAttribute("type"));
        Assert.DoesNotContain("from-the", _page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Required_is_said_in_words_and_left_to_the_server()
    {
        var field = Field();
        field.Required = true;
        await _page.Add(field);

        var input = _page.Document.QuerySelector("input")!;
        Assert.Equal("ログインID※必須", _page.Document.QuerySelector("label")!.TextContent);
        Assert.Equal("true", input.GetAttribute("aria-required"));
        Assert.False(input.HasAttribute("required"));
    }

    [Fact]
    public async Task Attributes_of_the_author_reach_the_input()
    {
        var field = Field();
        field.Maxlength = 64;
        await _page.Add(field, ("autocomplete", "username"), ("inputmode", new HtmlString("email")), ("title", new HtmlString("a &amp; b")));

        var input = _page.Document.QuerySelector("input")!;
        Assert.Equal("username", input.GetAttribute("autocomplete"));
        Assert.Equal("email", input.GetAttribute("inputmode"));
        Assert.Equal("a & b", input.GetAttribute("title"));
        Assert.Equal("64", input.GetAttribute("maxlength"));
    }

    [Fact]
    public async Task Nothing_that_was_typed_becomes_markup()
    {
        const string attack = "\"><script>alert(1)</script>";
        await _page.Posted("LoginId", attack, attack).Add(Field());

        Assert.Null(_page.Document.QuerySelector("script"));
        Assert.Equal(attack, _page.Document.QuerySelector("input")!.GetAttribute("value"));
        Assert.Equal(attack, _page.Document.QuerySelector(".kp-error p")!.TextContent);
    }

    [Fact]
    public async Task The_show_button_is_left_to_the_script_and_finds_its_words()
    {
        var field = Field("Password");
        field.Type = "password";
        field.Label = "新しいパスワード";
        await _page.Add(field);

        Assert.Null(_page.Document.QuerySelector("button"));
        Assert.Equal(SharedText.PasswordShow, _page.Document.QuerySelector(".kp-field")!.GetAttribute("data-show"));
        Assert.Equal("新しいパスワードを表示する", _page.Document.QuerySelector(".kp-field")!.GetAttribute("data-show-of"));
    }
}
