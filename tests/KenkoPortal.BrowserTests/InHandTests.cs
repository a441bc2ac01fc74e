using KenkoPortal.BrowserTests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KenkoPortal.BrowserTests;

/// <summary>How the pages are in the hand: letters that grow, keys alone, passwords that can be read, a logout that holds.</summary>
public sealed class InHandTests(Stage stage)
{
    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task Letters_change_at_once_are_remembered_and_what_was_typed_stays(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        await visitor.OpenAsync("/login");
        await visitor.FillAsync("ログインID", "minato-taro");
        var before = await LetterHeightAsync(visitor);

        // The script tells the server behind the page's back; the next page must not be asked for before it was told.
        await visitor.Page.RunAndWaitForResponseAsync(() => visitor.PressAsync(SizeButton(visitor, "大")), response => response.Url.EndsWith("/text-size", StringComparison.Ordinal));
        await Expect(SizeButton(visitor, "大")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(SizeButton(visitor, "中")).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(visitor.Field("ログインID")).ToHaveValueAsync("minato-taro");
        Assert.Equal(before / 1.125 * 1.375, await LetterHeightAsync(visitor), 1);

        await visitor.OpenAsync("/register");
        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-size", "l");
    }

    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task Letters_change_without_scripts_too(Device device)
    {
        await using var visitor = await stage.VisitAsync(device, hasScripts: false);
        await visitor.OpenAsync("/reissue");
        foreach (var (label, code) in new[] { ("大", "l"), ("小", "s"), ("中", "m") })
        {
            await visitor.PressAsync(SizeButton(visitor, label));
            await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-size", code);
            await Expect(SizeButton(visitor, label)).ToHaveAttributeAsync("aria-pressed", "true");
            await visitor.SeeHeadingAsync("パスワード再発行");
        }
    }

    [Fact]
    public async Task Keys_alone_lead_through_the_login_and_focus_is_always_seen()
    {
        await using var visitor = await stage.VisitAsync(Device.Desk);
        await visitor.BecomeMemberAsync((await visitor.Portal.AddHouseholdAsync("本人"))[0], "kii-dake", "kii-dake@example.jp");
        await visitor.Context.ClearCookiesAsync();
        await visitor.OpenAsync("/login");
        var keys = visitor.Page.Keyboard;
        var order = new List<string>();
        for (var label = ""; label != "ログイン"; order.Add(label))
        {
            Assert.InRange(order.Count, 0, 15);
            await keys.PressAsync("Tab");
            label = await visitor.Page.EvaluateAsync<string>(
                "(e => (e.labels?.[0] ?? e).innerText.replace('※必須', '').trim())(document.activeElement)");
            Assert.True(await IsFocusSeenAsync(visitor.Page), $"focus cannot be seen on {label}");
        }

        Assert.Equal(["本文へ移動する", "健康マイポータル", "小", "中", "大", "ログインID", "パスワード", "表示", "ログイン"], order);

        // A wrong login: the summary has the focus, and its link leads to the field.
        await keys.PressAsync("Enter");
        var summary = visitor.Page.Locator(".kp-error-summary");
        await Expect(summary).ToBeFocusedAsync();
        Assert.True(await IsFocusSeenAsync(visitor.Page));
        await keys.PressAsync("Tab");
        await Expect(summary.Locator("a").First).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(visitor.Field("ログインID")).ToBeFocusedAsync();
        Assert.True(await IsFocusSeenAsync(visitor.Page));
        await keys.TypeAsync("kii-dake");
        await keys.PressAsync("Tab");
        await keys.TypeAsync(BrowserVisitor.Password);
        await keys.PressAsync("Enter");
        await visitor.SeeHeadingAsync("Home");

        // The skip link passes over the header.
        await keys.PressAsync("Tab");
        await Expect(visitor.Page.Locator(".kp-skip")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await keys.PressAsync("Tab");
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "医療費通知の 一覧はこちら" })).ToBeFocusedAsync();
    }

    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task A_password_can_be_shown_and_is_hidden_again_when_it_is_sent(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        await visitor.OpenAsync("/login");
        var password = visitor.Field("パスワード");
        await visitor.FillAsync("ログインID", "minato-taro");
        await password.FillAsync("himitsu-2026");
        await Expect(password).ToHaveAttributeAsync("type", "password");
        await visitor.PressAsync("パスワードを表示する");
        await Expect(password).ToHaveAttributeAsync("type", "text");
        await Expect(password).ToHaveValueAsync("himitsu-2026");
        await visitor.PressAsync("パスワードを隠す");
        await Expect(password).ToHaveAttributeAsync("type", "password");
        await visitor.PressAsync("パスワードを表示する");
        await visitor.PressAsync("ログイン");
        await visitor.SeeErrorAsync("ログインID", "ログインIDまたはパスワードが違います。");
        await Expect(password).ToHaveAttributeAsync("type", "password");
        await Expect(password).ToHaveValueAsync("");
    }

    [Theory, InlineData(Device.Phone), InlineData(Device.Desk)]
    public async Task A14_After_the_logout_Back_shows_nothing(Device device)
    {
        await using var visitor = await stage.VisitAsync(device);
        await visitor.BecomeMemberAsync((await visitor.Portal.AddHouseholdAsync("本人"))[0], $"modoru-{device}", $"modoru-{device}@example.jp");
        await visitor.OpenAsync("/profile");
        await visitor.SeeHeadingAsync("プロフィール設定(ご本人さん)");
        if (device == Device.Phone)
        {
            await visitor.PressAsync(visitor.Page.Locator(".kp-nav summary"));
        }

        await visitor.PressAsync(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "ログアウト" }));
        await visitor.SeeHeadingAsync("健康マイポータルログイン");
        await visitor.Page.GoBackAsync();
        await visitor.SeeHeadingAsync("健康マイポータルログイン");
        Assert.DoesNotContain("ご本人", await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain($"modoru-{device}@example.jp", await visitor.Page.ContentAsync(), StringComparison.Ordinal);
    }

    private static ILocator SizeButton(BrowserVisitor visitor, string label) =>
        visitor.Page.GetByRole(AriaRole.Group, new() { Name = "文字サイズ" }).GetByRole(AriaRole.Button, new() { Name = label });

    private static Task<double> LetterHeightAsync(BrowserVisitor visitor) =>
        visitor.Page.EvaluateAsync<double>("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)");

    /// <summary>The outline of the design system: at least 3 px, and in the window.</summary>
    private static Task<bool> IsFocusSeenAsync(IPage page) => page.EvaluateAsync<bool>(
        """
        () => {
          const element = document.activeElement;
          const style = getComputedStyle(element);
          const box = element.getBoundingClientRect();
          return element !== document.body && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 3
            && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
        }
        """);
}
