using System.Net;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Members.Web.Limits;
using KenkoPortal.Tests.Smtp;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Pages.Register;

/// <summary>Who asks too much, and who must get a mail all the same: rows M12, M13, A10 and A17 of docs/security.md; S5, S6, S16 and F7.</summary>
public sealed class AskFloodTests
{
    private const string Toroku = "toroku@minato.test";
    private const string Late = "ご案内メールの送信を受け付けました";

    [Theory, OnEveryDatabase]
    public async Task M12_Six_hundred_forged_mails_of_one_peer_bring_strangers_few_mails_a_bounded_audit_and_leave_the_form_open(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.WriteAsync(db => db.Societies.Single().MailAsksPerHour = 20);
        await using var door = await MailDoor.OpenAsync(portal.Services);
        var replies = new List<string>();
        for (var i = 0; i < 600; i += 20)
        {
            await using var peer = await SmtpListenerHost.Peer.ConnectAsync(door.Port);
            await peer.HearAsync();
            await peer.SayAsync("EHLO c");
            for (var j = i; j < i + 20; j++)
            {
                await peer.SayAsync($"MAIL FROM:<higaisha{j}@example{j % 7}.jp>");
                var reply = await peer.SayAsync($"RCPT TO:<{Toroku}>");
                replies.Add(reply[..3]);
                if (reply.StartsWith("250", StringComparison.Ordinal))
                {
                    await peer.SayAsync("DATA");
                    Assert.StartsWith("250", await peer.SayAsync("."), StringComparison.Ordinal);
                }
                else
                {
                    Assert.StartsWith("451 4.7.1", reply, StringComparison.Ordinal);
                    await peer.SayAsync("RSET");
                }
            }
        }

        Assert.Equal((30, 570), (replies.Count(r => r == "250"), replies.Count(r => r == "451")));
        await portal.RunJobsAsync();
        Assert.Equal(20, portal.Mail.All.Count(m => m.To.Value.StartsWith("higaisha", StringComparison.Ordinal)));

        // The form has a cap of its own, and nobody waits there.
        var page = await (await portal.Stranger().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "taro@example.jp"));
        Assert.Equal("ご案内メールを送信しました", page.Heading);
        Assert.Equal(["利用登録手続きのご案内"], await portal.SubjectsToAsync("taro@example.jp"));
        Assert.InRange(await portal.CountAsync(db => db.AuditEvents), 1, 50);
        Assert.Empty(door.Errors);
    }

    [Theory, OnEveryDatabase]
    public async Task M12_Asks_over_the_cap_wait_and_are_answered_in_order_the_form_says_so_and_the_staff_is_told_once(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.WriteAsync(db => db.Societies.Single().MailAsksPerHour = 2);
        foreach (var address in new[] { "a@example.jp", "b@example.jp" })
        {
            Assert.Equal("ご案内メールを送信しました", (await AskAsync(portal, address)).Heading);
        }

        await portal.RunJobsAsync();
        foreach (var address in new[] { "c@example.jp", "d@example.jp", "c@example.jp" })
        {
            var page = await AskAsync(portal, address);
            Assert.Equal(Late, page.Heading);
            Assert.Contains("受け付けた順に", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("まで使えます（", page.Text, StringComparison.Ordinal);
            await portal.RunJobsAsync();
        }

        Assert.Empty(portal.Mail.To("c@example.jp"));
        Assert.Equal(["【要確認】ご案内メールの依頼が1時間の上限に達しました"], portal.Mail.To("staff@minato.test").Select(m => m.Subject));

        // An hour later they leave in order, one a minute, and each link has its three hours from then.
        portal.Clock.Advance(TimeSpan.FromMinutes(61));
        await portal.RunJobsAsync();
        Assert.Single(portal.Mail.To("c@example.jp"));
        Assert.Empty(portal.Mail.To("d@example.jp"));
        Assert.Contains(JapanTime.Clock(portal.Clock.Now.AddHours(3)), portal.Mail.To("c@example.jp").Single().TextBody, StringComparison.Ordinal);
        portal.Clock.Advance(TimeSpan.FromMinutes(1.1));
        await portal.RunJobsAsync();
        Assert.Single(portal.Mail.To("d@example.jp"));
        portal.Clock.Advance(TimeSpan.FromMinutes(170));
        Assert.Equal("/register/login", (await portal.Stranger().FollowAsync(portal.Mail.To("c@example.jp").Single())).Path);

        // The doubled ask of c was not answered a second time.
        await portal.RunJobsAsync();
        Assert.Single(portal.Mail.To("c@example.jp"));
    }

    [Theory, OnEveryDatabase]
    public async Task M12_A1_That_reissue_mails_are_late_is_said_alike_for_every_address(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.RegisterAsync(portal.Stranger(), (await portal.AddHouseholdAsync("本人"))[0], "minato-taro", "taro@example.jp");
        await portal.WriteAsync(db => db.Societies.Single().MailAsksPerHour = 1);
        await portal.Stranger().AskReissueAsync("taro@example.jp");
        await portal.RunJobsAsync();
        async Task<string> ShownAsync(string address) =>
            await (await (await portal.Stranger().OpenAsync("/reissue")).PressOnceAsync("送信", ("メールアドレス", address))).MaskedAsync(address);
        var known = await ShownAsync("taro@example.jp");
        Assert.Contains("再発行のご案内メールの送信を受け付けました", known, StringComparison.Ordinal);
        Assert.Equal(known, await ShownAsync("dareka@example.jp"));
    }

    [Theory, OnEveryDatabase]
    public async Task A17_The_owner_on_a_new_phone_gets_the_living_link_again_although_a_stranger_asked_and_guessed(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        await portal.RegisterAsync(portal.Stranger(), person, "minato-taro", "step@example.jp");
        await portal.RunJobsAsync();
        var before = portal.Mail.All.Count;
        for (var i = 0; i < 3; i++)
        {
            await portal.Stranger().AskReissueAsync("step@example.jp");
            await portal.RunJobsAsync();
            portal.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        for (var i = 0; i < 12; i++)
        {
            await portal.TryLogInAsync("minato-taro", "chigau-0000-umi");
        }

        Assert.False((await portal.TryLogInAsync("minato-taro", Journeys.Password)).IsIn());
        Assert.Equal(before + 3, portal.Mail.All.Count);

        // The same link and password once more, no new three hours; and no more of it within the hour.
        portal.Clock.Advance(TimeSpan.FromMinutes(5));
        var page = await portal.Stranger().AskReissueAsync("step@example.jp");
        Assert.Contains("まだ使えるURLのメールを、1時間に1回までもう一度お送りします", page.Text, StringComparison.Ordinal);
        await portal.RunJobsAsync();
        await portal.Stranger().AskReissueAsync("step@example.jp");
        await portal.RunJobsAsync();
        Assert.Equal(before + 4, portal.Mail.All.Count);
        var (third, again) = (portal.Mail.All[^2], portal.Mail.All[^1]);
        Assert.Equal(third.TextBody, again.TextBody);
        Assert.NotEqual(third.MessageId, again.MessageId);

        var phone = portal.Stranger();
        var (loginId, password) = Steps.CredentialsIn(again);
        var form = await (await phone.FollowAsync(again)).PressAsync("ログイン", ("ログインID", loginId), ("仮パスワード", password));
        await form.PressAsync("登録", ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        Assert.True((await portal.TryLogInAsync("minato-taro", Steps.NewPassword)).IsIn());
    }

    [Theory, OnEveryDatabase]
    public async Task A17_However_a_stranger_asks_the_mailbox_always_holds_a_link_that_lives_and_ten_new_ones_a_day_at_most(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.RegisterAsync(portal.Stranger(), (await portal.AddHouseholdAsync("本人"))[0], "minato-taro", "step@example.jp");
        await portal.RunJobsAsync();
        var before = portal.Mail.All.Count;
        for (var half = 0; half < 60; half++)
        {
            for (var i = 0; i < 4; i++)
            {
                await portal.Stranger().AskReissueAsync("step@example.jp");
            }

            await portal.RunJobsAsync();
            portal.Clock.Advance(TimeSpan.FromMinutes(31));
            await portal.Stranger().AskReissueAsync("step@example.jp");
            await portal.RunJobsAsync();
            var newest = await portal.ReadAsync(db => db.ReissueRequests.AsNoTracking().OrderByDescending(r => r.AskedAt).ThenByDescending(r => r.Id).FirstAsync());
            Assert.True(newest.IsAliveAt(portal.Clock.Now), $"after {31 * (half + 1)} minutes");
        }

        var asked = await portal.ReadAsync(db => db.ReissueRequests.Select(r => r.AskedAt).ToListAsync());
        Assert.All(asked, from => Assert.InRange(asked.Count(at => at >= from && at < from.AddDays(1)), 1, 10));
        Assert.InRange(portal.Mail.All.Count - before, 10, 50);
    }

    [Theory, OnEveryDatabase]
    public async Task A17_Asks_from_a_device_that_logged_in_before_count_apart_from_a_strangers(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (owner, home) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-taro", "step@example.jp");
        await home.PressAsync("ログアウト");
        await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-jiro", "jiro@example.jp");
        for (var i = 0; i < 3; i++)
        {
            await portal.Stranger().AskReissueAsync("step@example.jp");
            await portal.RunJobsAsync();
        }

        await owner.AskReissueAsync("step@example.jp");
        await portal.RunJobsAsync();
        Assert.Equal(4, await portal.CountAsync(db => db.ReissueRequests));

        // Another's device is a stranger, and a decided ask holds no device.
        var (other, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], "minato-saburo", "saburo@example.jp");
        await other.AskReissueAsync("step@example.jp");
        await portal.RunJobsAsync();
        Assert.Equal(4, await portal.CountAsync(db => db.ReissueRequests));
        Assert.Equal(1, await portal.CountAsync(db => db.MailAsks.Where(a => a.IsOwners)));
        Assert.Equal(0, await portal.CountAsync(db => db.MailAsks.Where(a => a.Devices != null)));
    }

    [Theory, OnEveryDatabase]
    public async Task M13_A_tagged_sender_is_answered_where_it_asks_and_registers_the_plain_address(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var letter = await portal.GiveLetterAsync((await portal.AddHouseholdAsync("本人"))[0]);
        const string tagged = "prvs=3456a1b2c3=taro@kaze.example.jp";
        await SendAsync(portal, tagged, Toroku, "From: taro@kaze.example.jp");
        var visitor = portal.Visitor();
        var page = await visitor.FollowAsync(await portal.MailToAsync(tagged));
        Assert.Contains("「taro@kaze.example.jp」", page.Text, StringComparison.Ordinal);
        await page.CompleteRegistrationAsync(letter, "minato-taro");
        Assert.Equal(["taro@kaze.example.jp"], await portal.ReadAsync(db => db.AccountMailAddresses.Select(a => a.Address).ToListAsync()));
        Assert.Equal(["利用登録完了のご案内"], await portal.SubjectsToAsync("taro@kaze.example.jp"));

        // M3: each tag is the same mailbox.
        foreach (var tag in new[] { "3457a1b2c4", "3458a1b2c5", "3459a1b2c6" })
        {
            await SendAsync(portal, $"prvs={tag}=taro@kaze.example.jp", Toroku, "From: taro@kaze.example.jp");
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await portal.RunJobsAsync();
        Assert.Equal(3, portal.Mail.All.Count(m => m.To.Value.StartsWith("prvs=", StringComparison.Ordinal)));
    }

    [Theory, OnEveryDatabase]
    public async Task M13_A_forwarded_sender_is_led_to_the_form_without_a_link(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        foreach (var sender in new[] { "SRS0=HHH=TT=kaze.example.jp=taro@forwarder.example", "taro+caf_=toroku=minato.test@gmail.com", "x17=taro@umi.example.jp" })
        {
            await SendAsync(portal, sender, Toroku, "From: hanako@kaze.example.jp");
            var mail = await portal.MailToAsync(sender);
            Assert.Equal("利用登録手続きの方法のご案内", mail.Subject);
            Assert.Contains("https://minato.portal.test/register\n", mail.TextBody.ReplaceLineEndings("\n"), StringComparison.Ordinal);
            Assert.DoesNotContain("/c/", mail.TextBody, StringComparison.Ordinal);
        }

        Assert.Equal(0, await portal.CountAsync(db => db.RegistrationLinks));
    }

    [Theory, OnEveryDatabase]
    public async Task M13_Forged_tagged_senders_do_not_use_up_the_owners_asks(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        for (var i = 0; i < 12; i++)
        {
            await SendAsync(portal, $"newhire+x{i}=y@example.jp", Toroku, "From: hanako@kaze.example.jp");
        }

        await portal.RunJobsAsync();
        var page = await (await portal.Stranger().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", "newhire@example.jp"));
        Assert.Equal("ご案内メールを送信しました", page.Heading);
        Assert.Equal(["利用登録手続きのご案内"], await portal.SubjectsToAsync("newhire@example.jp"));
    }

    [Theory, OnEveryDatabase]
    public async Task M12_A_forged_mail_that_waits_does_not_take_the_place_of_the_owners_ask(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        await portal.WriteAsync(db => db.Societies.Single().MailAsksPerHour = 1);
        await SendAsync(portal, "first@kaze.example.jp", Toroku, "From: first@kaze.example.jp");
        await AskAsync(portal, "first@umi.example.jp");
        await portal.RunJobsAsync();

        // All of these wait: strangers', one in the owner's name, one with a tag of their making, and the owner's by both ways.
        foreach (var sender in new[] { "x1@kaze.example.jp", "x2@kaze.example.jp", "hanako@kaze.example.jp", "prvs=3456a1b2c3=newhire@kaze.example.jp", "newhire@kaze.example.jp" })
        {
            await SendAsync(portal, sender, Toroku, "From: x@kaze.example.jp");
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
            await portal.RunJobsAsync();
        }

        await AskAsync(portal, "hanako@kaze.example.jp");
        await portal.RunJobsAsync();
        Assert.Empty(portal.Mail.To("hanako@kaze.example.jp"));

        // The form's line has room before that of empty mails.
        portal.Clock.Advance(TimeSpan.FromMinutes(61));
        await portal.RunJobsAsync();
        Assert.Equal(["利用登録手続きのご案内"], await portal.SubjectsToAsync("hanako@kaze.example.jp"));
        for (var hour = 0; hour < 6; hour++)
        {
            portal.Clock.Advance(TimeSpan.FromMinutes(61));
            await portal.RunJobsAsync();
        }

        Assert.Equal(["利用登録手続きのご案内"], await portal.SubjectsToAsync("newhire@kaze.example.jp"));
    }

    [Theory, OnEveryDatabase]
    public async Task M12_The_addresses_of_one_network_cannot_fill_the_forms_cap(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (taken, refused) = (0, 0);
        for (var i = 0; i < 90; i++)
        {
            var page = await portal.Visitor(address: $"2001:db8:7:{i:x}::1").OpenAsync("/register");
            var answer = await page.PressOnceAsync("送信する", ("メールアドレス", $"higaisha{i}@example.jp"));
            taken += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
            refused += answer.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        Assert.Equal((60, 30), (taken, refused));
        Assert.Equal(HttpStatusCode.OK, (await (await portal.Visitor(address: "2001:db8:8::1").OpenAsync("/register")).PressOnceAsync("送信する", ("メールアドレス", "hanako@example.jp"))).StatusCode);
    }

    /// <summary>S16.</summary>
    [Theory, OnEveryDatabase]
    public async Task Mail_to_the_postmaster_is_forwarded_to_the_staff_as_text_within_a_rate_and_machines_are_not(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind, new Dictionary<string, string?> { ["Mail:Inbound:Rates:PostmasterPerHour"] = "60" });
        foreach (var recipient in new[] { "postmaster", "PostMaster@minato.test", "abuse@bounce.minato.test" })
        {
            await SendAsync(portal, "admin@example.jp", recipient, "Subject: your relay\r\nX: \u001b[31m<script>", "look at\u202e this");
        }

        await portal.RunJobsAsync();
        var forwarded = portal.Mail.To("staff@minato.test").ToList();
        Assert.Equal(3, forwarded.Count);
        Assert.All(forwarded, m => Assert.Equal("【転送】メール管理者宛てのメールが届きました", m.Subject));
        Assert.Contains("\n> Subject: your relay\n> X: .[31m<script>\n> \n> look at", forwarded[0].TextBody.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain(forwarded[0].TextBody, c => c is '\u001b' or '\u202e');
        Assert.Equal(0, await portal.CountAsync(db => db.MailAsks));

        // M1: our own forward, a bounce and an automatic answer come in and go nowhere.
        foreach (var (sender, head) in new[] { ("portal@minato.test", ""), ("", ""), ("hito@example.jp", "Auto-Submitted: auto-generated") })
        {
            await SendAsync(portal, sender, "postmaster@minato.test", head);
        }

        await portal.RunJobsAsync();
        Assert.Equal(3, portal.Mail.All.Count);

        // The six of a burst are used up; what is not there stays unknown.
        await using var door = await MailDoor.OpenAsync(portal.Services);
        await using var peer = await SmtpListenerHost.Peer.ConnectAsync(door.Port);
        await peer.HearAsync();
        await peer.SayAsync("EHLO c");
        await peer.SayAsync("MAIL FROM:<admin@example.jp>");
        Assert.StartsWith("451 4.7.1", await peer.SayAsync("RCPT TO:<postmaster@minato.test>"), StringComparison.Ordinal);
        Assert.StartsWith("550", await peer.SayAsync("RCPT TO:<postmaster@elsewhere.example>"), StringComparison.Ordinal);
        Assert.StartsWith("550", await peer.SayAsync("RCPT TO:<abuse>"), StringComparison.Ordinal);

        portal.Clock.Advance(TimeSpan.FromDays(15));
        await portal.RunJobsAsync();
        Assert.Equal(0, await portal.CountAsync(db => db.PostmasterMails));
    }

    [Theory, OnEveryDatabase]
    public async Task M12_What_is_refused_is_one_event_a_minute_with_its_count(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        for (var i = 0; i < 3; i++)
        {
            await portal.TryLogInAsync("nobody-here", "chigau-0000-umi");
            await portal.Stranger().AskReissueAsync($"dareka{i}@example.jp");
        }

        await portal.RunJobsAsync();
        Assert.Equal(0, await portal.CountAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.LoginFailed || e.Kind == AuditKind.AsksRefused)));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.TryLogInAsync("nobody-here", "chigau-0000-umi");
        await portal.RunJobsAsync();
        var events = await portal.ReadAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.LoginFailed || e.Kind == AuditKind.AsksRefused)
            .Select(e => $"{e.Kind} {e.Actor} {e.Detail}").ToListAsync());
        Assert.Equal(["AsksRefused job:asks purpose=Reissue by=Form decision=NobodyKnown count=3", "LoginFailed visitor unknown count=3"], events.Order(StringComparer.Ordinal));
        Assert.Equal(1, await portal.CountAsync(db => db.AuditTallies));
        await portal.RunJobsAsync();
        Assert.Empty((await portal.AsStaffAsync(s => s.GetRequiredService<AuditSealing>().VerifyAsync(CancellationToken.None))).Faults);
    }

    [Fact]
    public async Task M12_A_member_has_six_hundred_looks_a_minute()
    {
        await using var portal = await WebPortal.StartAsync(DatabaseKind.Sqlite);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, "minato-taro");
        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        var (throttle, account) = (portal.Services.GetRequiredService<NetworkThrottle>(), await portal.AccountAsync(person));
        for (var i = 1; i < NetworkThrottle.LooksPerMinute; i++)
        {
            Assert.Null(throttle.TryAttempt(NetworkThrottle.LooksOf(account.Id)));
        }

        Assert.Equal(HttpStatusCode.OK, (await visitor.OpenAsync("/profile")).Status);
        var refused = await visitor.OpenAsync("/medical-costs");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.NotNull(refused.Response.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().OpenAsync("/login")).Status);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await visitor.OpenAsync("/profile")).Status);
    }

    private static async Task<ShownPage> AskAsync(WebPortal portal, string address) =>
        await (await portal.Stranger().OpenAsync("/register")).PressAsync("送信する", ("メールアドレス", address));

    private static async Task SendAsync(WebPortal portal, string sender, string recipient, string head, string body = "")
    {
        await using var door = await MailDoor.OpenAsync(portal.Services, portal.Clock);
        await using var peer = await SmtpListenerHost.Peer.ConnectAsync(door.Port);
        await peer.HearAsync();
        foreach (var (word, reply) in new[] { ("EHLO c", "250"), ($"MAIL FROM:<{sender}>", "250"), ($"RCPT TO:<{recipient}>", "250"), ("DATA", "354") })
        {
            Assert.StartsWith(reply, await peer.SayAsync(word), StringComparison.Ordinal);
        }

        await peer.SendAsync(System.Text.Encoding.UTF8.GetBytes($"{(head.Length > 0 ? head + "\r\n" : "")}\r\n{body}\r\n.\r\n"));
        Assert.StartsWith("250", await peer.HearAsync(), StringComparison.Ordinal);
    }
}
