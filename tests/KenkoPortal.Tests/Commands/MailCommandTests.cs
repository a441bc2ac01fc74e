using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Commands;

/// <summary><c>mail list</c>, <c>retry</c>, <c>cancel</c>, <c>marked</c> and <c>unmark</c>.</summary>
public sealed class MailCommandTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory, OnEveryDatabase]
    public async Task Mails_are_counted_by_day_kind_and_state_and_no_address_is_shown_whole(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        Assert.Contains("該当するメールはありません", (await desk.DoAsync("mail", "list")).Output, StringComparison.Ordinal);
        var society = await desk.ReadAsync(db => db.Societies.SingleAsync());
        var (back, refused) = (Mail(society, "kaori@example.co.jp"), Mail(society, "nami@mail.example.jp"));
        await desk.WriteAsync(db =>
        {
            back.MarkSent(Now);
            refused.MarkFailed(NotSentReason.Refused, "550 5.7.1", Now);
            var (sent, expired, gone, notice) = (Mail(society, "a@example.jp"), Mail(society, "b@example.jp"), Mail(society, "c@example.jp"), Mail(society, "d@example.jp", MailLane.Notice, NoticeMail.TemplateName));
            sent.MarkSent(Now);
            expired.MarkFailed(NotSentReason.Expired, reply: null, Now);
            gone.MarkFailed(NotSentReason.AddressRefused, "550 5.1.1", Now);
            db.OutboxMails.AddRange(back, refused, sent, expired, gone, notice, Mail(society, "e@example.jp"));
            db.BounceReports.Add(new BounceReport { SocietyId = society.Id, MailId = back.Id, IsHard = false, Status = "5.2.2", ReceivedAt = Now });
        });

        var counts = (await desk.DoAsync("mail", "list")).Output;
        Assert.Contains("アカウント「利用登録完了のご案内」　送信待ち 1 通、送信済み 1 通、不達 2 通、送信しなかったもの（URLの期限切れ） 1 通、送信しなかったもの（中継サーバーがこのメールだけを拒否） 1 通", counts, StringComparison.Ordinal);
        Assert.Contains("通知「新しい通知のお知らせ」　送信待ち 1 通", counts, StringComparison.Ordinal);
        Assert.DoesNotContain("アカウント", (await desk.DoAsync("mail", "list", "--lane", "notice")).Output, StringComparison.Ordinal);
        Assert.Contains("該当するメールはありません", (await desk.DoAsync("mail", "list", "--day", "2020-01-01")).Output, StringComparison.Ordinal);

        var each = (await desk.DoAsync("mail", "list", "--each")).Output;
        Assert.Equal(7, each.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("k***@e***.jp　不達　応答 5.2.2", each, StringComparison.Ordinal);
        Assert.Contains("n***@m***.jp　送信しなかったもの（中継サーバーがこのメールだけを拒否）　応答 550 5.7.1", each, StringComparison.Ordinal);
        Assert.DoesNotContain("kaori", each, StringComparison.Ordinal);
        Assert.DoesNotContain("example.co", each, StringComparison.Ordinal);
        Assert.Equal(2, (await desk.DoAsync("mail", "list", "--each", "--state", "undelivered")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        foreach (var wrong in new[] { new[] { "--state", "x" }, ["--lane", "x"], ["--day", "12/1"] })
        {
            Assert.Equal(2, (await desk.RunAsync(["mail", "list", .. wrong])).ExitCode);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A_failed_mail_goes_again_while_its_link_lives(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var society = await desk.ReadAsync(db => db.Societies.SingleAsync());
        var (live, over, used) = (Link(society, Now), Link(society, Now.AddHours(-4)), Link(society, Now));
        used.End(Now);
        var (waiting, sent, notice) = (Mail(society, "w@example.jp"), Mail(society, "s@example.jp"), Mail(society, "n@example.jp", MailLane.Notice, NoticeMail.TemplateName));
        await desk.WriteAsync(db =>
        {
            sent.MarkSent(Now);
            notice.MarkFailed(NotSentReason.GivenUp, reply: null, Now);
            db.RegistrationLinks.AddRange(live, over, used);
            foreach (var link in new[] { live, over, used })
            {
                var mail = Mail(society, link.Address, id: link.MailId, template: RegistrationLinkMail.TemplateName, link: link);
                mail.MarkFailed(NotSentReason.Refused, "550 5.7.1", Now);
                db.OutboxMails.Add(mail);
            }

            db.OutboxMails.AddRange(waiting, sent, notice);
        });

        Assert.Contains("もう一度送信します", (await desk.DoAsync("mail", "retry", $"{live.MailId}")).Output, StringComparison.Ordinal);
        var again = await desk.ReadAsync(db => db.OutboxMails.SingleAsync(m => m.Id == live.MailId));
        Assert.True(again.IsWaiting);
        Assert.Equal((0, null, null), (again.Attempts, again.NotSent, again.RefusedAt));
        await RefusedAsync(over.MailId, "再送できません");
        await RefusedAsync(used.MailId, "再送できません");
        await RefusedAsync(waiting.Id, "送信待ちです");
        await RefusedAsync(sent.Id, "送信済みです");
        await RefusedAsync(notice.Id, "通知のお知らせメールは再送できません");
        await RefusedAsync(Guid.CreateVersion7(), "このメールはありません");
        Assert.Equal(2, (await desk.RunAsync("mail", "retry", "x")).ExitCode);
        Assert.Equal(live.MailId, (await desk.ReadAsync(db => db.AuditEvents.SingleAsync(e => e.Kind == AuditKind.MailRetried))).SubjectId);

        async Task RefusedAsync(Guid id, string words)
        {
            var refused = await desk.RunAsync("mail", "retry", $"{id}");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A_months_mails_are_cancelled_and_the_month_stays(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));
        await desk.DoAsync("notices", "compute", "--month", "2026-04");
        await desk.DoAsync("notices", "publish", "--month", "2026-04");

        // Before they are queued, and after it.
        Assert.Contains("お知らせメールは送りません", (await desk.DoAsync("mail", "cancel", "--month", "2026-04")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await desk.RunAsync("mail", "cancel", "--month", "2026-04")).ExitCode);
        var publication = await desk.ReadAsync(db => db.Publications.SingleAsync());
        Assert.NotNull(publication.MailedAt);
        var society = await desk.ReadAsync(db => db.Societies.SingleAsync());
        var held = Mail(society, "held@example.jp", MailLane.Notice, NoticeMail.TemplateName, subject: publication.Id);
        held.LeasedUntil = Now.AddHours(1);
        await desk.WriteAsync(db => db.OutboxMails.AddRange(
            Mail(society, "a@example.jp", MailLane.Notice, NoticeMail.TemplateName, subject: publication.Id), Mail(society, "b@example.jp", MailLane.Notice, NoticeMail.TemplateName, subject: publication.Id),
            held, Mail(society, "other@example.jp")));

        var cancelled = await desk.DoAsync("mail", "cancel", "--month", "2026-04");

        Assert.Contains("2026-04 の通知のお知らせメール 2 通を取り消しました。", cancelled.Output, StringComparison.Ordinal);
        Assert.Contains("送信中の 1 通は取り消せません", cancelled.Error, StringComparison.Ordinal);
        Assert.Equal(2, await desk.ReadAsync(db => db.OutboxMails.CountAsync(m => m.NotSent == NotSentReason.Cancelled)));
        Assert.Equal(PublicationState.Published, (await desk.ReadAsync(db => db.Publications.SingleAsync())).State);
        Assert.Equal(["month=2026-04 mails=0", "month=2026-04 mails=2"], await desk.ReadAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.MailCancelled).OrderBy(e => e.At).Select(e => e.Detail).ToListAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task Marked_addresses_are_listed_by_card_and_lifted(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        Assert.Contains("載っているメールアドレスはありません", (await desk.DoAsync("mail", "marked")).Output, StringComparison.Ordinal);
        var person = await desk.ReadAsync(db => db.Persons.SingleAsync());
        await desk.WriteAsync(db =>
        {
            var account = new MemberAccount { SocietyId = person.SocietyId, PersonId = person.Id, LoginId = "x", LoginIdKey = "x", PasswordHash = "-", Nickname = "-", CreatedAt = Now };
            var address = new AccountMailAddress { SocietyId = person.SocietyId, AccountId = account.Id, Slot = 1, Address = "kaori@example.jp", AddressKey = "kaori@example.jp", ConfirmedAt = Now };
            address.CountHardBounce(Now);
            address.CountHardBounce(Now);
            db.MemberAccounts.Add(account);
            db.AccountMailAddresses.Add(address);
        });

        var marked = (await desk.DoAsync("mail", "marked")).Output;
        Assert.Contains("12-345-00　k***@e***.jp　", marked, StringComparison.Ordinal);
        Assert.DoesNotContain("kaori", marked, StringComparison.Ordinal);
        Assert.Contains("1 件を送信停止リストから外しました", (await desk.DoAsync("mail", "unmark", "--card", "12-345-00")).Output, StringComparison.Ordinal);
        Assert.Contains("送信停止リストにありません", (await desk.RunAsync("mail", "unmark", "--card", "12-345-00")).Error, StringComparison.Ordinal);
        Assert.Equal((0, null), await desk.ReadAsync(async db => await db.AccountMailAddresses.SingleAsync() is var a ? (a.HardBounces, a.BouncedAt) : default));
        Assert.Equal("by=staff", (await desk.ReadAsync(db => db.AuditEvents.SingleAsync(e => e.Kind == AuditKind.SuppressionLifted))).Detail);
    }

    private static OutboxMail Mail(
        Society society, string to, MailLane lane = MailLane.Account, string template = RegisteredMail.TemplateName, Guid? id = null, RegistrationLink? link = null, Guid? subject = null) => new()
        {
            Id = id ?? Guid.CreateVersion7(), SocietyId = society.Id, Lane = lane, Template = template, ToAddress = to, SubjectId = link?.Id ?? subject,
            QueuedAt = Now, NextAttemptAt = Now, ExpiresAt = link?.ExpiresAt,
        };

    private static RegistrationLink Link(Society society, DateTimeOffset askedAt) => new()
    {
        SocietyId = society.Id, TokenHash = Guid.CreateVersion7().ToByteArray(), Address = "l@example.jp", AddressKey = "l@example.jp", MailId = Guid.CreateVersion7(),
        AskedAt = askedAt, ExpiresAt = askedAt + MailedLink.Validity,
    };
}
