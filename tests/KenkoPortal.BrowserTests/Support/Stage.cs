using System.Net;
using KenkoPortal.BrowserTests.Support;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Stage))]

namespace KenkoPortal.BrowserTests.Support;

/// <summary>What a visitor holds in their hands.</summary>
public enum Device
{
    /// <summary>390 × 844 with touch.</summary>
    Phone,

    /// <summary>1280 × 900.</summary>
    Desk,
}

/// <summary>One Chromium and one portal for the whole run. Tests share them as people do: each has a household and cookies of their own.</summary>
public sealed class Stage : IAsyncLifetime
{
    private static int s_visitors;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private BrowserPortal? _portal;

    public BrowserPortal Portal => _portal ?? throw new InvalidOperationException("There is no portal without a browser.");

    private static string Chromium =>
        Environment.GetEnvironmentVariable("KENKO_CHROMIUM") is { Length: > 0 } given ? given : "/usr/bin/chromium";

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        _portal = await BrowserPortal.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,

            // Members' browsers keep pages to go back to; what they may keep is part of what is tested.
            IgnoreDefaultArgs = ["--disable-back-forward-cache"],
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    /// <summary>Skips the test, visibly, on a machine without Chromium.</summary>
    public void RequireBrowser() => Assert.SkipWhen(_browser is null, $"{Chromium} is not installed; KENKO_CHROMIUM names another place");

    /// <summary>A visitor with cookies and a network address of their own.</summary>
    /// <param name="device">What they hold.</param>
    /// <param name="portal">Where they go; the shared portal when left out.</param>
    /// <param name="hasScripts">False: a browser with JavaScript off.</param>
    /// <param name="pixels">Device pixels a CSS pixel, for pictures.</param>
    public async Task<BrowserVisitor> VisitAsync(Device device, BrowserPortal? portal = null, bool hasScripts = true, float pixels = 1)
    {
        RequireBrowser();
        var number = Interlocked.Increment(ref s_visitors);
        var address = new IPAddress([10, 1, (byte)(number / 250), (byte)((number % 250) + 1)]);
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = (portal ?? Portal).Origin,
            Locale = "ja-JP",
            TimezoneId = "Asia/Tokyo",
            JavaScriptEnabled = hasScripts,
            ViewportSize = device == Device.Phone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1280, Height = 900 },
            HasTouch = device == Device.Phone,
            IsMobile = device == Device.Phone,
            DeviceScaleFactor = pixels,
            ExtraHTTPHeaders = [KeyValuePair.Create("X-Forwarded-For", address.ToString())],
        });
        context.SetDefaultTimeout(15_000);
        return new BrowserVisitor(portal ?? Portal, context, await context.NewPageAsync(), device, address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_portal is not null)
        {
            await _portal.DisposeAsync();
        }
    }
}
