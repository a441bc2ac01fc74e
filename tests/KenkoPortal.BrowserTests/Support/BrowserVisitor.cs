using System.Net;
using System.Text.RegularExpressions;
using KenkoPortal.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KenkoPortal.BrowserTests.Support;

/// <summary>Somebody in front of a browser: reads headings, fills fields by their labels, presses what says what it does.</summary>
public sealed class BrowserVisitor(BrowserPortal portal, IBrowserContext context, IPage page, Device device, IPAddress address) : IAsyncDisposable
{
    public const string Password = "minato-no-2026-umi";

    public IPage Page => page;

    public IBrowserContext Context => context;

    public BrowserPortal Portal => portal;

    /// <summary>The network address that the portal sees.</summary>
    public IPAddress Address => address;

    private ILocator Main => page.GetByRole(AriaRole.Main);

    public Task OpenAsync(string address) => page.GotoAsync(address);

    /// <summary>The field of a label.</summary>
    public ILocator Field(string label) => Main.GetByLabel(new Regex($"^{Regex.Escape(label)}(※必須)?$", RegexOptions.None, TimeSpan.FromSeconds(1)));

    /// <summary>A button, or a link that says this.</summary>
    public ILocator Button(string words) => Main.GetByRole(AriaRole.Button, new() { Name = words, Exact = true })
        .Or(Main.GetByRole(AriaRole.Link, new() { Name = words, Exact = true })).First;

    public Task FillAsync(string label, string value) => Field(label).FillAsync(value);

    public Task PressAsync(string words) => PressAsync(Button(words));

    public Task PressAsync(ILocator target) => device == Device.Phone ? target.TapAsync() : target.ClickAsync();

    /// <summary>Fills fields and presses a button.</summary>
    public async Task SubmitAsync(string button, params (string Label, string Value)[] fields)
    {
        foreach (var (label, value) in fields)
        {
            await FillAsync(label, value);
        }

        await PressAsync(button);
    }

    /// <summary>Waits until a page with this heading is there.</summary>
    public Task SeeHeadingAsync(string heading) => Expect(page.Locator("h1")).ToHaveTextAsync(heading);

    /// <summary>Waits until the page says this somewhere.</summary>
    public Task SeeAsync(string words) => Expect(Main).ToContainTextAsync(words);

    /// <summary>The message at a field and, in the same words, in the summary above the heading; the title says 「エラー：」.</summary>
    public async Task SeeErrorAsync(string label, string message)
    {
        var field = Field(label);
        await Expect(page.Locator(".kp-error-summary")).ToContainTextAsync(message);
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        var id = await field.GetAttributeAsync("id");
        await Expect(page.Locator($"#{id}-error")).ToContainTextAsync(message);
        await Expect(page.Locator($".kp-error-summary a[href='#{id}']").First).ToBeVisibleAsync();
        Assert.StartsWith("エラー：", await page.TitleAsync(), StringComparison.Ordinal);
    }

    /// <summary>Asks for the mail on the web and follows its link to the provisional login.</summary>
    public async Task AskToRegisterAsync(string address)
    {
        await OpenAsync("/register");
        await SubmitAsync("送信する", ("メールアドレス", address));
        await SeeAsync(address);
        await OpenAsync((await portal.MailToAsync(address, "利用登録手続きのご案内")).Link);
        await SeeHeadingAsync("新規利用登録");
    }

    public async Task LogInProvisionallyAsync(Letter letter)
    {
        await SubmitAsync("ログイン", ("ログインID", letter.ProvisionalId), ("仮パスワード", letter.ProvisionalPassword));
        await SeeHeadingAsync("利用者情報入力");
    }

    /// <summary>利用者情報入力, to its end.</summary>
    public async Task EnterAccountAsync(string loginId, string password = Password)
    {
        await SubmitAsync("登録", ("新ログインID", loginId), ("新パスワード", password), ("新パスワード(確認)", password));
        await SeeHeadingAsync("利用者情報登録完了");
    }

    public async Task LogInAsync(string loginId, string password = Password)
    {
        await OpenAsync("/login");
        await SubmitAsync("ログイン", ("ログインID", loginId), ("パスワード", password));
        await SeeHeadingAsync("Home");
    }

    /// <summary>From the letter to Home.</summary>
    public async Task BecomeMemberAsync(Core.Members.Person person, string loginId, string address)
    {
        var letter = await portal.Residents.GiveLetterAsync(person);
        await AskToRegisterAsync(address);
        await LogInProvisionallyAsync(letter);
        await EnterAccountAsync(loginId);
        await LogInAsync(loginId);
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
