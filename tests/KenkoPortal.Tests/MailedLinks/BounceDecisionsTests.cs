using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Smtp;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.MailedLinks;

/// <summary>Bounces that come in by SMTP, and what they do to addresses (findings F2 and F3).</summary>
public sealed class BounceDecisionsTests
{
    [Theory, OnEveryDatabase]
    public async Task M11_Bounces_that_say_nothing_about_the_mailbox_mark_nobody(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.RegisterAsync(ReportText.Hito);
        string[] harmless =
        [
            ReportText.Of("5.7.1", "smtp; 550 5.7.1 client host is on our block list"), ReportText.Of("5.1.1", "smtp; 552 mailbox over quota"), ReportText.Of("5.3.4", "smtp; 552 5.3.4 too big"),
            ReportText.Of("5.6.1", "smtp; 554 5.6.1 contents not allowed"), ReportText.Of("5.7.26", "smtp; 550 5.7.26 not authenticated"),
            ReportText.Text("Auto-Submitted: auto-replied", "〒552-0099 大阪府架空市"), ReportText.Text("Subject: Returned mail", "宛先のメールアドレスは存在しません。"),
            ReportText.Of("5.1.1", "smtp; 550 5.1.1 no such user", action: "delayed"),
        ];
        foreach (var bounce in harmless)
        {
            await stage.BounceAsync(await stage.SendAsync(ReportText.Hito), bounce);
        }

        var address = await stage.AddressAsync(ReportText.Hito);
        Assert.Equal((0, null), (address.HardBounces, address.BouncedAt));
        Assert.Equal(["5.1.1", "5.3.4", "5.6.1", "5.7.1", "5.7.26"], (await stage.ReportsAsync()).Select(r => r.Status).OfType<string>().Order(StringComparer.Ordinal));

        for (var i = 0; i < 2; i++)
        {
            await stage.BounceAsync(await stage.SendAsync(ReportText.Hito), ReportText.Of("5.1.1", "smtp; 550 5.1.1 no such user"));
        }

        Assert.NotNull((await stage.AddressAsync(ReportText.Hito)).BouncedAt);
    }

    [Theory, OnEveryDatabase]
    public async Task M11_Many_at_one_domain_at_once_count_against_nobody_and_alarm_the_staff_once_a_day(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        for (var i = 0; i < 26; i++)
        {
            await stage.RegisterAsync($"p{i}@denwa.example.jp");
        }

        await stage.RegisterAsync("q@yama.example.jp");
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 26; i++)
            {
                await stage.BounceAsync(await stage.SendAsync($"p{i}@denwa.example.jp"), ReportText.Of("5.1.1", final: $"p{i}@denwa.example.jp"));
            }

            await stage.BounceAsync(await stage.SendAsync("q@yama.example.jp"), ReportText.Of("5.1.1", final: "q@yama.example.jp"));
        }

        var addresses = await stage.Portal.ReadAsync(stage.Society, db => db.AccountMailAddresses.ToListAsync());
        Assert.All(addresses.Where(a => a.AddressKey.EndsWith("@denwa.example.jp", StringComparison.Ordinal)), a => Assert.Equal((0, null), (a.HardBounces, a.BouncedAt)));
        Assert.NotNull(addresses.Single(a => a.AddressKey == "q@yama.example.jp").BouncedAt);
        var alarm = Assert.Single(stage.Portal.Mail.To("staff@minato.test"));
        Assert.Contains("denwa.example.jp", alarm.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("yama.example.jp", alarm.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("p0", alarm.TextBody, StringComparison.Ordinal);
        Assert.Equal(1, await stage.Portal.ReadAsync(stage.Society, db => db.AuditEvents.CountAsync(e => e.Kind == AuditKind.BouncesHeldBack)));

        // The relay is mended: what bounces days later counts again, and the alarm may come again.
        stage.Portal.Clock.Advance(TimeSpan.FromDays(3));
        for (var i = 0; i < 2; i++)
        {
            await stage.BounceAsync(await stage.SendAsync("p0@denwa.example.jp"), ReportText.Of("5.1.1", final: "p0@denwa.example.jp"));
        }

        Assert.NotNull((await stage.AddressAsync("p0@denwa.example.jp")).BouncedAt);
    }

    [Theory, OnEveryDatabase]
    public async Task M11_Twenty_of_hundreds_of_mails_are_no_trouble_of_the_relay(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        for (var i = 0; i < 21; i++)
        {
            await stage.RegisterAsync($"p{i}@denwa.example.jp");
        }

        for (var i = 0; i < 60; i++)
        {
            await stage.SendAsync("p20@denwa.example.jp");
        }

        for (var i = 0; i < 20; i++)
        {
            await stage.BounceAsync(await stage.SendAsync($"p{i}@denwa.example.jp"), ReportText.Of("5.1.1", final: $"p{i}@denwa.example.jp"));
        }

        Assert.Equal(20, await stage.Portal.ReadAsync(stage.Society, db => db.AccountMailAddresses.CountAsync(a => a.HardBounces == 1)));
        Assert.Empty(stage.Portal.Mail.To("staff@minato.test"));
    }

    [Theory, OnEveryDatabase]
    public async Task M11_Two_bounces_years_apart_do_not_mark_and_two_of_following_months_do(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.RegisterAsync(ReportText.Hito);
        await stage.BounceAsync(await stage.SendAsync(ReportText.Hito), ReportText.Of("5.1.1"));
        stage.Portal.Clock.Advance(TimeSpan.FromDays(3 * 365));
        await stage.BounceAsync(await stage.SendAsync(ReportText.Hito), ReportText.Of("5.1.1"));
        Assert.Null((await stage.AddressAsync(ReportText.Hito)).BouncedAt);

        stage.Portal.Clock.Advance(TimeSpan.FromDays(31));
        await stage.BounceAsync(await stage.SendAsync(ReportText.Hito), ReportText.Of("5.1.1"));
        Assert.NotNull((await stage.AddressAsync(ReportText.Hito)).BouncedAt);
    }

    [Theory, OnEveryDatabase]
    public async Task M11_A_mail_that_did_not_come_back_ends_the_count_and_the_mark(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.RegisterAsync(ReportText.Hito);
        await stage.BounceAsync(await stage.SendAsync(ReportText.Hito), ReportText.Of("5.1.1"));
        stage.Portal.Clock.Advance(TimeSpan.FromDays(1));
        await stage.SendAsync(ReportText.Hito);
        stage.Portal.Clock.Advance(TimeSpan.FromDays(7));
        await stage.BounceAsync(await stage.SendAsync(ReportText.Hito), ReportText.Of("5.1.1"));
        Assert.Equal((1, null), await stage.CountAsync(ReportText.Hito));

        // The next one comes while that one still counts; then a mail arrives.
        await stage.BounceAsync(await stage.SendAsync(ReportText.Hito), ReportText.Of("5.1.1"));
        Assert.NotNull((await stage.AddressAsync(ReportText.Hito)).BouncedAt);
        stage.Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.SendAsync(ReportText.Hito);
        stage.Portal.Clock.Advance(TimeSpan.FromDays(2));
        await stage.Portal.RunJobsAsync();
        Assert.NotNull((await stage.AddressAsync(ReportText.Hito)).BouncedAt);
        stage.Portal.Clock.Advance(TimeSpan.FromDays(5));
        await stage.Portal.RunJobsAsync();
        Assert.Equal((0, null), await stage.CountAsync(ReportText.Hito));
        Assert.Equal("by=delivery", (await stage.Portal.ReadAsync(stage.Society, db => db.AuditEvents.SingleAsync(e => e.Kind == AuditKind.SuppressionLifted))).Detail);
    }

    [Theory, OnEveryDatabase]
    public async Task M11_A_mark_ends_after_three_months(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.RegisterAsync(ReportText.Hito);
        for (var i = 0; i < 2; i++)
        {
            await stage.BounceAsync(await stage.SendAsync(ReportText.Hito), ReportText.Of("5.1.1"));
        }

        stage.Portal.Clock.Advance(AccountMailAddress.MarkHolds - TimeSpan.FromHours(1));
        await stage.Portal.RunJobsAsync();
        Assert.NotNull((await stage.AddressAsync(ReportText.Hito)).BouncedAt);
        stage.Portal.Clock.Advance(TimeSpan.FromHours(2));
        await stage.Portal.RunJobsAsync();
        Assert.Equal((0, null), await stage.CountAsync(ReportText.Hito));
        Assert.Equal("by=age", (await stage.Portal.ReadAsync(stage.Society, db => db.AuditEvents.SingleAsync(e => e.Kind == AuditKind.SuppressionLifted))).Detail);
    }

    private static async Task<Stage> StartAsync(DatabaseKind kind)
    {
        var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync(change: s => s.StaffMail = "staff@minato.test");
        return new Stage(portal, society, await MailDoor.OpenAsync(portal.Services, portal.Clock));
    }

    private sealed class Stage(TestPortal portal, Society society, MailDoor door) : IAsyncDisposable
    {
        public TestPortal Portal => portal;

        public Society Society => society;

        public Task RegisterAsync(string address) => portal.WriteAsync(society, db => db.AccountMailAddresses.Add(new AccountMailAddress
        {
            SocietyId = society.Id, AccountId = Guid.CreateVersion7(), Slot = 1, Address = address, AddressKey = address, ConfirmedAt = portal.Clock.Now,
        }));

        /// <returns>The return path of a mail that was sent there.</returns>
        public async Task<string> SendAsync(string address)
        {
            var account = (await AddressAsync(address)).AccountId;
            await portal.WriteAsync(society, db => db.OutboxMails.Add(new OutboxMail
            {
                SocietyId = society.Id, Lane = MailLane.Account, Template = RegisteredMail.TemplateName, ToAddress = address, AccountId = account,
                QueuedAt = portal.Clock.Now, NextAttemptAt = portal.Clock.Now,
            }));
            await portal.RunJobsAsync("outbox-accounts");
            return portal.Mail.To(address).Last().ReturnPath!.Value;
        }

        public async Task BounceAsync(string returnPath, string message)
        {
            await using (var peer = await SmtpListenerHost.Peer.ConnectAsync(door.Port))
            {
                await peer.HearAsync();
                await peer.SayAsync("EHLO c");
                await peer.SayAsync("MAIL FROM:<>");
                Assert.StartsWith("250", await peer.SayAsync($"RCPT TO:<{returnPath}>"), StringComparison.Ordinal);
                Assert.StartsWith("354", await peer.SayAsync("DATA"), StringComparison.Ordinal);
                Assert.StartsWith("250", await peer.SayAsync(message + "\r\n."), StringComparison.Ordinal);
            }

            await portal.RunJobsAsync("bounces", "outbox-accounts");
        }

        public Task<AccountMailAddress> AddressAsync(string address) => portal.ReadAsync(society, db => db.AccountMailAddresses.SingleAsync(a => a.AddressKey == address));

        public async Task<(int HardBounces, DateTimeOffset? BouncedAt)> CountAsync(string address) => await AddressAsync(address) is var read ? (read.HardBounces, read.BouncedAt) : default;

        public Task<List<BounceReport>> ReportsAsync() => portal.ReadAsync(society, db => db.BounceReports.ToListAsync());

        public async ValueTask DisposeAsync()
        {
            await door.DisposeAsync();
            await portal.DisposeAsync();
        }
    }
}
