using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Tests.Mail;

/// <summary>Finding F8: a relay that is there and refuses us, over a real socket. It is no fault of those whom the mails are for.</summary>
public sealed class RefusingRelayTests
{
    [Theory, OnEveryDatabase]
    public async Task M14_A_relay_that_refuses_everybody_loses_nothing_and_is_named_once(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind, (step, _) => step == "RCPT" ? "550 5.7.1 relaying denied" : null);
        await stage.QueueAsync(Enumerable.Range(0, 40).Select(i => $"p{i}@example.jp"));

        await stage.RunForAsync(TimeSpan.FromHours(2));

        Assert.Equal(0, await stage.CountAsync(m => m.FailedAt != null || m.SentAt != null));
        Assert.InRange(stage.Recipients, 60, 200);
        Assert.Single(stage.Lines, l => l.Contains("refuses the mails of minato (550 5.7.1)", StringComparison.Ordinal));
        Assert.Equal(0, await stage.Portal.ReadAsync(stage.Society, db => db.BounceReports.CountAsync()));

        stage.Refuse = (_, _) => null;
        await stage.RunForAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(40, await stage.CountAsync(m => m.SentAt != null && m.RefusedAt == null));
        Assert.Single(stage.Lines, l => l.Contains("takes the mails of minato again", StringComparison.Ordinal));
        Assert.DoesNotContain(stage.Lines, l => l.Contains('@'));
    }

    [Theory, OnEveryDatabase]
    public async Task M14_One_mail_alone_that_the_relay_refuses_waits_too(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind, (step, _) => step == "RCPT" ? "550 5.7.1 relaying denied" : null);
        await stage.QueueAsync(["p@example.jp"]);
        await stage.RunForAsync(TimeSpan.FromHours(3));
        Assert.Equal(1, await stage.CountAsync(m => m.RefusedAt != null && m.Reply == "550 5.7.1"));

        stage.Refuse = (_, _) => null;
        await stage.RunForAsync(TimeSpan.FromMinutes(31));
        Assert.Equal(1, await stage.CountAsync(m => m.SentAt != null));
    }

    [Theory, OnEveryDatabase]
    public async Task M14_Who_is_refused_while_others_are_taken_is_given_up_alone_and_not_marked(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind, (step, command) => step == "RCPT" && command.Contains("p3@", StringComparison.Ordinal) ? "550 5.7.1 not to that one" : null);
        await stage.QueueAsync(Enumerable.Range(0, 10).Select(i => $"p{i}@example.jp"));

        await stage.RunForAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(9, await stage.CountAsync(m => m.SentAt != null));
        Assert.Equal(1, await stage.CountAsync(m => m.NotSent == NotSentReason.Refused && m.Reply == "550 5.7.1" && m.ToAddress == "p3@example.jp"));
        Assert.DoesNotContain(stage.Lines, l => l.Contains("refuses the mails of", StringComparison.Ordinal));
        Assert.Equal(0, await stage.Portal.ReadAsync(stage.Society, db => db.BounceReports.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task M14_A_mailbox_that_is_not_there_stays_the_recipients_amid_refusals(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind, (step, command) => step != "RCPT" ? null : command.Contains("p1@", StringComparison.Ordinal) ? "550 5.1.1 no such user" : "554 5.7.1 denied");
        await stage.QueueAsync(Enumerable.Range(0, 5).Select(i => $"p{i}@example.jp"));

        await stage.RunForAsync(TimeSpan.FromMinutes(30));

        Assert.Equal(1, await stage.CountAsync(m => m.NotSent == NotSentReason.AddressRefused && m.ToAddress == "p1@example.jp"));
        Assert.Equal(4, await stage.CountAsync(m => m.RefusedAt != null));
        Assert.Equal("p1@example.jp", (await stage.Portal.ReadAsync(stage.Society, db => db.AccountMailAddresses.SingleAsync(a => a.HardBounces == 1))).AddressKey);
    }

    [Theory]
    [InlineData("MAIL", "550 5.7.1 sender rejected")]
    [InlineData("EHLO", "554 5.7.1 go away")]
    [InlineData("DATA", "554 5.7.1 rejected")]
    [InlineData(ScriptedRelay.EndOfData, "550 5.7.1 message refused by policy")]
    [InlineData("RCPT", "550 relaying denied")]
    [InlineData("RCPT", "503 5.5.1 need authentication")]
    public async Task M14_It_does_not_matter_where_and_how_the_relay_refuses(string step, string reply)
    {
        await using var stage = await StartAsync(DatabaseKind.Sqlite, (at, _) => at == step ? reply : null);
        await stage.QueueAsync(Enumerable.Range(0, 6).Select(i => $"p{i}@example.jp"));
        await stage.RunForAsync(TimeSpan.FromHours(1));

        Assert.Equal(0, await stage.CountAsync(m => m.FailedAt != null || m.SentAt != null));
        Assert.Single(stage.Lines, l => l.Contains("refuses the mails of minato", StringComparison.Ordinal));

        stage.Refuse = (_, _) => null;
        await stage.RunForAsync(TimeSpan.FromMinutes(31));
        Assert.Equal(6, await stage.CountAsync(m => m.SentAt != null));
    }

    [Theory, OnEveryDatabase]
    public async Task M14_A_relay_that_refuses_one_society_takes_the_others(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind, (step, command) => step == "MAIL" && command.Contains("minato.test", StringComparison.Ordinal) ? "550 5.7.1 sender rejected" : null);
        var other = await stage.Portal.AddSocietyAsync("zushi");
        await stage.QueueAsync(["p0@example.jp", "p1@example.jp"]);
        await stage.QueueAsync(["z0@example.jp", "z1@example.jp"], other);

        await stage.RunForAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(2, await stage.Portal.ReadAsync(other, db => db.OutboxMails.CountAsync(m => m.SentAt != null)));
        Assert.Equal(2, await stage.CountAsync(m => m.SentAt == null && m.FailedAt == null));
    }

    [Theory, OnEveryDatabase]
    public async Task M14_L1_A_link_that_expired_while_the_relay_refused_us_is_never_sent(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind, (step, _) => step == "RCPT" ? "550 5.7.1 relaying denied" : null);
        await stage.Portal.InAsync(stage.Society, s => s.GetRequiredService<MailAsks>().AskAsync(AskPurpose.Registration, EmailAddress.Parse("hanako@example.jp"), CancellationToken.None));
        await stage.QueueAsync(["p@example.jp"]);
        await stage.RunForAsync(TimeSpan.FromHours(4), TimeSpan.FromSeconds(30));

        stage.Refuse = (_, _) => null;
        await stage.RunForAsync(TimeSpan.FromMinutes(31));

        Assert.Equal(1, await stage.CountAsync(m => m.SentAt != null && m.ToAddress == "p@example.jp"));
        Assert.Equal(1, await stage.CountAsync(m => m.NotSent == NotSentReason.Expired));
        Assert.Single(stage.Relay.Messages);
    }

    [Theory, OnEveryDatabase]
    public async Task M14_Readyz_says_that_the_relay_refuses_us(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        portal.Mail.Answer = _ => Task.FromResult<DeliveryResult>(new DeliveryResult.Rejected(DeliveryStep.Recipient, 550, "5.7.1"));
        await portal.WriteAsync(db => db.OutboxMails.AddRange(Enumerable.Range(0, 4).Select(i => MailTo(portal.Society, $"p{i}@example.jp", portal.Clock.Now))));
        Assert.Equal("200 ready\n", await ReadyAsync());

        await portal.RunJobsAsync();
        Assert.Equal("200 ready, but mail relay refuses us\n", await ReadyAsync());
        for (var minute = 0; minute < 16; minute++)
        {
            portal.Clock.Advance(TimeSpan.FromMinutes(1));
            await portal.RunJobsAsync();
        }

        Assert.Equal("503 mail relay refuses us\n", await ReadyAsync());

        portal.Mail.Answer = null;
        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        await portal.RunJobsAsync();
        Assert.Equal("200 ready\n", await ReadyAsync());
        Assert.Equal(4, portal.Mail.All.Count);

        async Task<string> ReadyAsync()
        {
            using var answer = await portal.Visitor().SendAsync(new HttpRequestMessage(HttpMethod.Get, "/readyz"));
            return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        }
    }

    private static OutboxMail MailTo(Society society, string to, DateTimeOffset now, Guid? accountId = null) => new()
    {
        SocietyId = society.Id, Lane = MailLane.Account, Template = RegisteredMail.TemplateName, ToAddress = to, AccountId = accountId, QueuedAt = now, NextAttemptAt = now,
    };

    /// <param name="kind">Which database.</param>
    /// <param name="refuse">From a command's verb and the command to a refusal; null where it is taken.</param>
    private static async Task<Stage> StartAsync(DatabaseKind kind, Func<string, string, string?> refuse)
    {
        var stage = new Stage(refuse);
        var portal = await TestPortal.StartAsync(kind, services =>
        {
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(stage));
            foreach (var lane in Enum.GetValues<MailLane>())
            {
                services.AddKeyedSingleton<IMailTransport>(lane, (provider, _) => new SmtpSender(stage.Relay.Options(), provider.GetRequiredService<TimeProvider>()));
            }
        });
        await stage.BeginAsync(portal);
        return stage;
    }

    private sealed class Stage : ILoggerProvider, ILogger, IAsyncDisposable
    {
        private readonly List<string> _log = [];

        public Stage(Func<string, string, string?> refuse)
        {
            Refuse = refuse;
            Relay = new ScriptedRelay(command => Refuse(command.Split(' ')[0], command) ?? ScriptedRelay.Agreeable(command));
        }

        public Func<string, string, string?> Refuse { get; set; }

        public ScriptedRelay Relay { get; }

        public TestPortal Portal { get; private set; } = default!;

        public Society Society { get; private set; } = default!;

        public IReadOnlyList<string> Lines => _log;

        public int Recipients => Relay.Commands.Count(c => c.StartsWith("RCPT", StringComparison.Ordinal));

        public async Task BeginAsync(TestPortal portal) => (Portal, Society) = (portal, await portal.AddSocietyAsync());

        public Task QueueAsync(IEnumerable<string> recipients, Society? society = null) => Portal.WriteAsync(society ?? Society, db =>
        {
            foreach (var recipient in recipients)
            {
                var account = Guid.CreateVersion7();
                db.AccountMailAddresses.Add(new AccountMailAddress
                {
                    SocietyId = (society ?? Society).Id, AccountId = account, Slot = 1, Address = recipient, AddressKey = recipient, ConfirmedAt = Portal.Clock.Now,
                });
                db.OutboxMails.Add(MailTo(society ?? Society, recipient, Portal.Clock.Now, account));
            }
        });

        public async Task RunForAsync(TimeSpan time, TimeSpan? step = null)
        {
            for (var passed = TimeSpan.Zero; passed <= time; passed += step ?? TimeSpan.FromSeconds(15))
            {
                await Portal.RunJobsAsync("asks", "outbox-accounts", "bounces");
                Portal.Clock.Advance(step ?? TimeSpan.FromSeconds(15));
            }
        }

        public Task<int> CountAsync(System.Linq.Expressions.Expression<Func<OutboxMail, bool>> which) => Portal.ReadAsync(Society, db => db.OutboxMails.CountAsync(which));

        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("KenkoPortal", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _log.Add(formatter(state, exception));

        public void Dispose()
        {
        }

        public async ValueTask DisposeAsync()
        {
            await Portal.DisposeAsync();
            await Relay.DisposeAsync();
        }
    }
}
