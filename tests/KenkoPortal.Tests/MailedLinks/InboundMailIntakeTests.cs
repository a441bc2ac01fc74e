using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Societies;
using KenkoPortal.Smtp;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.MailedLinks;

public sealed class InboundMailIntakeTests
{
    [Theory, OnEveryDatabase]
    public async Task M5_M10_Recipients_are_registration_addresses_and_proven_return_paths_only(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        await portal.AddSocietyAsync();
        var proven = portal.Services.GetRequiredService<ReturnPaths>().For(Guid.CreateVersion7(), "bounce.minato.test");

        Assert.Equal(RecipientVerdict.Accept, await JudgeAsync(portal, "toroku@minato.test"));
        Assert.Equal(RecipientVerdict.Accept, await JudgeAsync(portal, "Toroku@Minato.Test"));
        Assert.Equal(RecipientVerdict.AcceptReport, await JudgeAsync(portal, proven));
        Assert.Equal(RecipientVerdict.AcceptReport, await JudgeAsync(portal, proven.ToUpperInvariant()));
        Assert.Equal(RecipientVerdict.Unknown, await JudgeAsync(portal, "portal@minato.test"));
        Assert.Equal(RecipientVerdict.Unknown, await JudgeAsync(portal, "toroku@elsewhere.test"));
        Assert.Equal(RecipientVerdict.Unknown, await JudgeAsync(portal, proven.Replace("minato", "elsewhere", StringComparison.Ordinal)));
        Assert.Equal(RecipientVerdict.Unknown, await JudgeAsync(portal, $"{(proven[2] == '0' ? "b-1" : "b-0")}{proven[3..]}"));
    }

    [Theory, OnEveryDatabase]
    public async Task A_changed_setting_acts_on_the_next_recipient(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        Assert.Equal(RecipientVerdict.Unknown, await JudgeAsync(portal, "new@minato.test"));

        await portal.InAsync(society, services => services.GetRequiredService<SocietySettings>().ChangeAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["registration-address"] = "New@minato.test" }, CancellationToken.None));

        Assert.Equal(RecipientVerdict.Accept, await JudgeAsync(portal, "new@minato.test"));
        Assert.Equal(RecipientVerdict.Unknown, await JudgeAsync(portal, "toroku@minato.test"));
    }

    [Theory, OnEveryDatabase]
    public async Task A_database_that_is_gone_means_try_later(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        using var nowhere = kind is DatabaseKind.Sqlite
            ? new Core.Data.PortalDatabase(Path.Combine(portal.Directory, "missing", "folder"), null, null)
            : new Core.Data.PortalDatabase(portal.Directory, "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing", null);
        var services = new ServiceCollection();
        TestPortal.AddTo(services, nowhere, portal.TestDatabase.Keys, portal.Clock, portal.Mail);
        await using var lost = services.BuildServiceProvider();
        var intake = lost.GetRequiredService<InboundMailIntake>();

        Assert.Equal(RecipientVerdict.TryLater, await intake.JudgeAsync(new RecipientQuestion("toroku@minato.test", null, null), CancellationToken.None));
        await Assert.ThrowsAnyAsync<Exception>(() => intake.CommitAsync([Received(portal, "a@example.jp", ["toroku@minato.test"])], CancellationToken.None));
    }

    [Theory, OnEveryDatabase]
    public async Task Every_message_becomes_one_row_of_its_society(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var (minato, kawa) = (await portal.AddSocietyAsync("minato"), await portal.AddSocietyAsync("kawa"));
        await portal.WriteAsync(minato, db => db.OutboxMails.Add(new OutboxMail
        {
            SocietyId = minato.Id, Lane = MailLane.Account, Template = RegisteredMail.TemplateName, ToAddress = "x@example.jp",
            QueuedAt = portal.Clock.Now, NextAttemptAt = portal.Clock.Now,
        }));
        var mailId = await portal.ReadAsync(minato, db => db.OutboxMails.Select(m => m.Id).SingleAsync());
        var returnPath = portal.Services.GetRequiredService<ReturnPaths>().For(mailId, "bounce.minato.test");

        await CommitAsync(
            portal,
            Received(portal, "a@example.jp", ["toroku@minato.test"]),
            Received(portal, "b@example.jp", ["toroku@kawa.test"]),
            Received(portal, "c@example.jp", ["TOROKU@kawa.test", "toroku@minato.test"]),
            Received(portal, null, ["toroku@minato.test"]),
            Received(portal, null, [returnPath], report: Report("x@example.jp")));

        Assert.Equal(["", "a@example.jp", "c@example.jp"], await AddressesAsync(portal, minato));
        Assert.Equal(["b@example.jp", "c@example.jp"], await AddressesAsync(portal, kawa));
        var report = await portal.ReadAsync(minato, db => db.BounceReports.SingleAsync());
        Assert.Equal((mailId, true, "5.1.1", "example.jp"), (report.MailId, report.IsHard, report.Status, report.Domain));
    }

    [Theory, OnEveryDatabase]
    public async Task M1_Machines_get_no_answer_and_people_get_theirs(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        await portal.AddSocietyAsync("minato");
        await portal.AddSocietyAsync("kawa");

        await CommitAsync(
            portal,
            Received(portal, "human@example.jp", ["toroku@minato.test"]),
            Received(portal, "MAILER-DAEMON@example.jp", ["toroku@minato.test"]),
            Received(portal, "robot@example.jp", ["toroku@minato.test"], AutomaticMailSigns.AutoSubmitted),
            Received(portal, "list@example.jp", ["toroku@minato.test"], AutomaticMailSigns.MailingList),
            Received(portal, "exchange@example.jp", ["toroku@minato.test"], AutomaticMailSigns.AnswersUnwanted),
            Received(portal, "portal@kawa.test", ["toroku@minato.test"]),
            Received(portal, "x@bounce.kawa.test", ["toroku@minato.test"]),
            Received(portal, null, ["toroku@minato.test"]));
        await portal.RunJobsAsync();

        Assert.Equal("human@example.jp", Assert.Single(portal.Mail.All).To.Value);
    }

    [Theory, OnEveryDatabase]
    public async Task M10_A_bounce_counts_once_a_mail_and_with_its_own_token_only(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var accountId = Guid.CreateVersion7();
        await portal.WriteAsync(society, db =>
        {
            db.AccountMailAddresses.Add(new AccountMailAddress
            {
                SocietyId = society.Id, AccountId = accountId, Slot = 1, Address = "hanako@example.jp", AddressKey = "hanako@example.jp", ConfirmedAt = portal.Clock.Now,
            });
            db.OutboxMails.Add(new OutboxMail
            {
                SocietyId = society.Id, Lane = MailLane.Account, Template = RegisteredMail.TemplateName, ToAddress = "Hanako@example.jp", AccountId = accountId,
                QueuedAt = portal.Clock.Now, NextAttemptAt = portal.Clock.Now,
            });
        });
        await portal.RunJobsAsync();
        var returnPath = portal.Mail.Last.ReturnPath!.Value;
        var hard = Report("hanako@example.jp");

        await CommitAsync(portal, Received(portal, null, [returnPath], report: hard), Received(portal, null, [returnPath], report: hard));
        await CommitAsync(portal, Received(portal, null, ["toroku@minato.test"], report: hard));
        await portal.RunJobsAsync();

        Assert.Equal(1, (await portal.ReadAsync(society, db => db.AccountMailAddresses.SingleAsync())).HardBounces);
    }

    private static DeliveryReport Report(string final) => new([new FailedRecipient(EmailAddress.Parse(final), null, new EnhancedStatus(5, 1, 1), "550 5.1.1 no such user")]);

    private static ValueTask<RecipientVerdict> JudgeAsync(TestPortal portal, string recipient) =>
        portal.Services.GetRequiredService<InboundMailIntake>().JudgeAsync(new RecipientQuestion(recipient, null, null), CancellationToken.None);

    private static Task CommitAsync(TestPortal portal, params ReceivedEnvelope<Envelope>[] envelopes) =>
        portal.Services.GetRequiredService<InboundMailIntake>().CommitAsync(envelopes, CancellationToken.None);

    private static ReceivedEnvelope<Envelope> Received(
        TestPortal portal, string? from, string[] recipients, AutomaticMailSigns signs = AutomaticMailSigns.None, DeliveryReport? report = null) => new(
            Guid.CreateVersion7(),
            portal.Clock.Now,
            new Envelope(from is null ? null : EmailAddress.Parse(from), [.. recipients.Select(EmailAddress.Parse)], signs, report));

    private static Task<List<string>> AddressesAsync(TestPortal portal, Society society) => portal.ReadAsync(
        society, db => db.MailAsks.Select(a => a.Address ?? "").OrderBy(a => a).ToListAsync());
}
