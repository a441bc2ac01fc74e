using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>How the mark of an address whose mails came back goes off again (finding F3).</summary>
public sealed class MarkedAddressTests
{
    private const string LoginId = "minato-taro";
    private const string Address = "taro@example.jp";
    private const string Warning = "メールが届いていません";

    [Theory, OnEveryDatabase]
    public async Task M11_A_link_opened_from_a_mail_that_was_sent_after_the_mark_takes_it_off(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        await AskReissueAsync(portal);
        var early = await portal.MailToAsync(Address);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await MarkAsync(portal);

        // A mail of before the mark proves nothing about the time after it.
        await portal.Visitor().FollowAsync(early);
        Assert.Contains(Warning, (await member.OpenAsync("/")).Text, StringComparison.Ordinal);
        var saved = await (await member.OpenAsync("/profile")).PressAsync("登録");
        Assert.Contains("登録しました", saved.Text, StringComparison.Ordinal);
        Assert.Contains("確認メールを送る", saved.Text, StringComparison.Ordinal);

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await AskReissueAsync(portal);
        var mail = await portal.MailToAsync(Address);
        Assert.NotEqual(early.MessageId, mail.MessageId);
        using var look = await portal.Visitor().SendAsync(new HttpRequestMessage(HttpMethod.Head, Visitor.LinkIn(mail)));
        Assert.Contains(Warning, (await member.OpenAsync("/")).Text, StringComparison.Ordinal);
        await portal.Visitor().FollowAsync(mail);

        Assert.DoesNotContain(Warning, (await member.OpenAsync("/")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("確認メールを送る", (await member.OpenAsync("/profile")).Text, StringComparison.Ordinal);
        Assert.Equal((0, null), await portal.ReadAsync(async db => await db.AccountMailAddresses.SingleAsync() is var address ? (address.HardBounces, address.BouncedAt) : default));
        Assert.Equal("by=use", (await portal.ReadAsync(db => db.AuditEvents.SingleAsync(e => e.Kind == AuditKind.SuppressionLifted))).Detail);
    }

    [Theory, OnEveryDatabase]
    public async Task M11_The_profile_sends_a_confirming_mail_that_takes_the_mark_off_and_changes_nothing_else(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        await portal.RunJobsAsync();
        await MarkAsync(portal);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("確認メールを送る", (await member.OpenAsync("/")).Text, StringComparison.Ordinal);

        var sent = await (await member.OpenAsync("/profile")).PressAsync("確認メールを送る");
        Assert.Contains("確認メールを送りました", sent.Text, StringComparison.Ordinal);
        Assert.Contains("までに、メールのURLを押してください", sent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("確認待ち", sent.Text, StringComparison.Ordinal);
        var mail = await portal.MailToAsync(Address);
        var before = portal.Mail.All.Count;

        var page = await member.FollowAsync(mail);
        Assert.Contains(Address, page.Text, StringComparison.Ordinal);
        await page.PressAsync("確認する");
        await portal.RunJobsAsync();

        Assert.DoesNotContain(Warning, (await member.OpenAsync("/")).Text, StringComparison.Ordinal);
        Assert.Equal(before, portal.Mail.All.Count);
        Assert.Equal((1, Address), await portal.ReadAsync(async db => await db.AccountMailAddresses.SingleAsync() is var address ? (address.Slot, address.Address) : default));
    }

    [Theory, OnEveryDatabase]
    public async Task M11_A_confirming_mail_goes_to_ones_own_marked_address_only_and_ten_times_a_day(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var (member, _) = await portal.MemberAsync((await portal.AddHouseholdAsync("本人"))[0], LoginId);
        await portal.RunJobsAsync();
        await MarkAsync(portal);
        var page = await member.OpenAsync("/profile");
        foreach (var (slot, address) in new[] { ("1", "saki@example.jp"), ("2", Address), ("x", Address) })
        {
            var request = page.RequestFor("確認メールを送る");
            var fields = System.Web.HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken));
            (fields["slot"], fields["address"]) = (slot, address);
            request.Content = new FormUrlEncodedContent(fields.AllKeys.Select(key => KeyValuePair.Create(key!, fields[key]!)));
            using var answer = await member.SendAsync(request);
        }

        Assert.Equal(0, await portal.ReadAsync(db => db.AddressConfirmations.CountAsync()));
        for (var i = 0; i < AddressConfirmation.MostPerDay; i++)
        {
            page = await page.PressAsync("確認メールを送る");
        }

        Assert.Contains("確認のメールを続けてお送りできる回数を超えました", string.Concat((await page.PressAsync("確認メールを送る")).Errors), StringComparison.Ordinal);
        Assert.Equal(AddressConfirmation.MostPerDay, await portal.ReadAsync(db => db.AddressConfirmations.CountAsync()));
    }

    private static async Task AskReissueAsync(WebPortal portal) => await (await portal.Visitor().OpenAsync("/reissue")).PressAsync("送信", ("メールアドレス", Address));

    private static Task MarkAsync(WebPortal portal) => portal.WriteAsync(db =>
    {
        var address = db.AccountMailAddresses.Single();
        for (var i = 0; i < AccountMailAddress.HardBouncesToMark; i++)
        {
            address.CountHardBounce(portal.Clock.Now);
        }
    });
}
