using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Mail;

public sealed class MailerTests
{
    private static readonly EmailAddress Hanako = EmailAddress.Parse("hanako@example.jp");

    [Theory, OnEveryDatabase]
    public async Task A_mail_is_sent_once_with_its_own_return_path_and_message_id(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var id = await QueueAsync(portal, society);

        await portal.RunJobsAsync();
        await portal.RunJobsAsync();

        var message = Assert.Single(portal.Mail.All);
        Assert.Equal($"{id:N}@minato.test", message.MessageId);
        Assert.Equal(id, portal.Services.GetRequiredService<ReturnPaths>().MailOf(message.ReturnPath!.LocalPart));
        Assert.Equal("bounce.minato.test", message.ReturnPath.Domain);
        Assert.Equal(society.Name, message.FromName);
        Assert.NotNull((await MailAsync(portal, society, id)).SentAt);
    }

    [Theory, OnEveryDatabase]
    public async Task Without_a_bounce_domain_the_return_path_is_the_sender(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync(change: s => s.BounceDomain = null);
        await QueueAsync(portal, society);

        await portal.RunJobsAsync();

        Assert.Equal(society.MailFrom, portal.Mail.Last.ReturnPath!.Value);
    }

    [Theory, OnEveryDatabase]
    public async Task A_mail_whose_answer_was_lost_goes_again_as_the_same_bytes(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await AskAsync(portal, society, Hanako);
        var taken = new List<MailMessage>();
        portal.Mail.Answer = message =>
        {
            taken.Add(message);
            return taken.Count == 1 ? throw new OperationCanceledException("The connection was cut before the 250.") : Task.FromResult<DeliveryResult>(new DeliveryResult.Sent());
        };

        await portal.RunJobsAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.RunJobsAsync();

        Assert.Equal(2, taken.Count);
        Assert.Equal(MimeWriter.Write(taken[0]), MimeWriter.Write(taken[1]));
    }

    [Theory, OnEveryDatabase]
    public async Task L1_A_link_that_expired_while_the_relay_was_down_is_never_sent(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await AskAsync(portal, society, Hanako);
        var notice = await QueueAsync(portal, society);
        portal.Mail.Answer = SentMail.Down;

        for (var hour = 0; hour < 24; hour++)
        {
            await portal.RunJobsAsync();
            portal.Clock.Advance(TimeSpan.FromHours(1));
        }

        portal.Mail.Answer = null;
        await portal.RunJobsAsync();

        Assert.Equal($"{notice:N}@minato.test", Assert.Single(portal.Mail.All).MessageId);
        Assert.Equal(0, await portal.ReadAsync(society, db => db.OutboxMails.CountAsync(m => m.SentAt == null && m.FailedAt == null)));
    }

    [Theory, OnEveryDatabase]
    public async Task A3_A_relay_that_is_down_is_asked_with_one_mail_a_pause(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        for (var i = 0; i < 100; i++)
        {
            await QueueAsync(portal, society);
        }

        portal.Mail.Answer = SentMail.Down;
        for (var second = 0; second < 600; second++)
        {
            await portal.RunJobsAsync("outbox-accounts");
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(portal.Mail.Tries, 5, 15);

        portal.Mail.Answer = null;
        portal.Clock.Advance(TimeSpan.FromMinutes(30));
        await portal.RunJobsAsync();
        Assert.Equal(100, portal.Mail.All.Count);
    }

    [Theory, OnEveryDatabase]
    public async Task A_mail_is_given_up_after_its_longest_wait(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var id = await QueueAsync(portal, society);
        portal.Mail.Answer = SentMail.Down;

        await portal.RunJobsAsync();
        portal.Clock.Advance(OutboxMail.LongestWait - TimeSpan.FromSeconds(1));
        await portal.RunJobsAsync();
        Assert.True((await MailAsync(portal, society, id)).IsWaiting);
        portal.Clock.Advance(TimeSpan.FromHours(1));
        await portal.RunJobsAsync();

        Assert.NotNull((await MailAsync(portal, society, id)).FailedAt);
    }

    [Theory, OnEveryDatabase]
    public async Task A_mail_whose_subject_is_dead_is_not_sent(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await AskAsync(portal, society, Hanako);
        await portal.RunJobsAsync("asks");
        await portal.InAsync(society, services => services.GetRequiredService<PortalContext>().RegistrationLinks
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.EndedAt, portal.Clock.Now)));

        await portal.RunJobsAsync();

        Assert.Empty(portal.Mail.All);
        Assert.NotNull((await portal.ReadAsync(society, db => db.OutboxMails.SingleAsync())).FailedAt);
    }

    [Theory, OnEveryDatabase]
    public async Task M10_A_mailbox_that_is_refused_twice_for_good_is_marked(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var accountId = Guid.CreateVersion7();
        await portal.WriteAsync(society, db => db.AccountMailAddresses.Add(new AccountMailAddress
        {
            SocietyId = society.Id, AccountId = accountId, Slot = 1, Address = "Hanako@example.jp", AddressKey = "hanako@example.jp", ConfirmedAt = portal.Clock.Now,
        }));
        portal.Mail.Answer = _ => Task.FromResult<DeliveryResult>(new DeliveryResult.Rejected(DeliveryStep.Recipient, 550, "5.1.1"));

        await QueueAsync(portal, society, "Hanako@example.jp", accountId);
        await portal.RunJobsAsync();
        Assert.Null((await portal.ReadAsync(society, db => db.AccountMailAddresses.SingleAsync())).BouncedAt);
        await QueueAsync(portal, society, "Hanako@example.jp", accountId);
        await portal.RunJobsAsync();

        Assert.NotNull((await portal.ReadAsync(society, db => db.AccountMailAddresses.SingleAsync())).BouncedAt);
        Assert.Equal(2, portal.Mail.Tries);
    }

    [Theory, OnEveryDatabase]
    public async Task Account_mails_pass_a_queue_of_notices(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await portal.WriteAsync(society, db => db.OutboxMails.AddRange(Enumerable.Range(0, 200).Select(i => Mail(portal, society, $"n{i}@example.jp", lane: MailLane.Notice))));
        var draining = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        portal.Mail.Answer = async _ =>
        {
            if (portal.Mail.Tries == 100)
            {
                draining.SetResult();
                await goOn.Task;
            }

            return new DeliveryResult.Sent();
        };

        var notices = portal.RunJobsAsync("outbox-notices");
        await draining.Task;
        await QueueAsync(portal, society);
        var account = portal.RunJobsAsync("outbox-accounts");
        await account.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Single(portal.Mail.To(Hanako.Value));
        goOn.SetResult();
        await notices;

        Assert.Equal(201, portal.Mail.All.Count);
    }

    [Theory, OnEveryDatabase]
    public async Task Two_processes_send_each_mail_once(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await portal.WriteAsync(society, db => db.OutboxMails.AddRange(Enumerable.Range(0, 300).Select(i => Mail(portal, society, $"n{i}@example.jp"))));
        await using var other = SecondProcess(portal);

        await Task.WhenAll(portal.RunJobsAsync(), PortalJobsOf(other).RunOnceAsync(TestContext.Current.CancellationToken));
        await portal.RunJobsAsync();

        Assert.Equal(300, portal.Mail.All.Count);
        Assert.Equal(300, portal.Mail.All.DistinctBy(m => m.MessageId, StringComparer.Ordinal).Count());
    }

    [Theory, OnEveryDatabase]
    public async Task A_fault_in_one_society_leaves_the_others_their_mail(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var broken = await portal.AddSocietyAsync("aaa", s => s.MailFrom = "not an address");
        var sound = await portal.AddSocietyAsync("bbb");
        var stuck = await QueueAsync(portal, broken);
        await QueueAsync(portal, sound);

        await portal.RunJobsAsync();

        Assert.Equal(sound.MailFrom, Assert.Single(portal.Mail.All).From.Value);
        Assert.True((await MailAsync(portal, broken, stuck)).IsWaiting);
    }

    private static Core.Jobs.PortalJobs PortalJobsOf(ServiceProvider services) => services.GetRequiredService<Core.Jobs.PortalJobs>();

    private static ServiceProvider SecondProcess(TestPortal portal)
    {
        var services = new ServiceCollection();
        var database = new PortalDatabase(portal.Directory, portal.TestDatabase.PortalConnection, portal.TestDatabase.OwnerConnection);
        TestPortal.AddTo(services, database, portal.TestDatabase.Keys, portal.Clock, portal.Mail);
        return services.BuildServiceProvider();
    }

    private static OutboxMail Mail(TestPortal portal, Society society, string to, Guid? accountId = null, MailLane lane = MailLane.Account) => new()
    {
        SocietyId = society.Id,
        Lane = lane,
        Template = RegisteredMail.TemplateName,
        ToAddress = to,
        AccountId = accountId,
        QueuedAt = portal.Clock.Now,
        NextAttemptAt = portal.Clock.Now,
    };

    private static async Task<Guid> QueueAsync(TestPortal portal, Society society, string to = "hanako@example.jp", Guid? accountId = null)
    {
        var mail = Mail(portal, society, to, accountId);
        await portal.WriteAsync(society, db => db.OutboxMails.Add(mail));
        return mail.Id;
    }

    private static Task AskAsync(TestPortal portal, Society society, EmailAddress address) =>
        portal.InAsync(society, services => services.GetRequiredService<MailAsks>().AskAsync(AskPurpose.Registration, address, CancellationToken.None));

    private static Task<OutboxMail> MailAsync(TestPortal portal, Society society, Guid id) =>
        portal.ReadAsync(society, db => db.OutboxMails.SingleAsync(m => m.Id == id));
}
