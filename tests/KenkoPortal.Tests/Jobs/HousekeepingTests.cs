using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Registration;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Jobs;

public sealed class HousekeepingTests
{
    [Theory, OnEveryDatabase]
    public async Task L1_A_link_that_expired_stays_dead_when_the_clock_is_set_back(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var asked = portal.Clock.Now;
        await AskAsync(portal, society);
        await portal.RunJobsAsync();
        var link = await portal.ReadAsync(society, db => db.RegistrationLinks.SingleAsync());
        Assert.True(link.IsAliveAt(portal.Clock.Now));

        portal.Clock.Advance(MailedLink.Validity + TimeSpan.FromMinutes(1));
        await portal.RunJobsAsync();
        portal.Clock.Set(asked + TimeSpan.FromMinutes(30));

        var state = await portal.InAsync(society, services => services.GetRequiredService<RegistrationService>().LinkStateAsync(link.Id, CancellationToken.None));
        Assert.Equal(LinkEnd.Expired, state.End);
    }

    [Theory, OnEveryDatabase]
    public async Task Sessions_that_are_over_are_deleted_and_the_others_stay(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var (start, account) = (portal.Clock.Now, Guid.CreateVersion7());
        portal.Clock.Advance(TimeSpan.FromHours(13));
        var now = portal.Clock.Now;
        PortalSession Session(Trust trust, DateTimeOffset created, DateTimeOffset seen) => new()
        {
            SocietyId = society.Id, Trust = trust, AccountId = account, TokenHash = Secrets.HashOf(Secrets.NewToken()), CreatedAt = created, LastSeenAt = seen,
        };
        PortalSession[] over =
        [
            Session(Trust.Login, start, now),
            Session(Trust.Login, now.AddHours(-1), now.AddMinutes(-31)),
            Session(Trust.Registration, now.AddMinutes(-31), now),
        ];
        PortalSession[] alive =
        [
            Session(Trust.Login, now.AddHours(-11), now.AddMinutes(-29)),
            Session(Trust.Reissue, now.AddMinutes(-29), now.AddMinutes(-29)),
        ];
        Assert.All(over, s => Assert.False(s.IsAliveAt(now)));
        Assert.All(alive, s => Assert.True(s.IsAliveAt(now)));
        await portal.WriteAsync(society, db => db.PortalSessions.AddRange([.. over, .. alive]));

        await portal.RunJobsAsync("expiry");

        var left = await portal.ReadAsync(society, db => db.PortalSessions.Select(s => s.Id).OrderBy(id => id).ToListAsync());
        Assert.Equal(alive.Select(s => s.Id).Order(), left);
    }

    [Theory, OnEveryDatabase]
    public Task What_nothing_reads_any_more_is_deleted_and_the_audit_stays(DatabaseKind kind) => DeletesAsync(kind, isOpened: true);

    /// <summary>S5: strangers' addresses.</summary>
    [Theory, OnEveryDatabase]
    public Task A_link_that_nobody_opened_is_deleted_after_a_day(DatabaseKind kind) => DeletesAsync(kind, isOpened: false);

    private static async Task DeletesAsync(DatabaseKind kind, bool isOpened)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await AskAsync(portal, society);
        await portal.WriteAsync(society, db =>
        {
            db.ProvisionalFailures.AddRange(Enumerable.Range(0, 2500).Select(_ => new ProvisionalFailure { SocietyId = society.Id, At = portal.Clock.Now }));
            db.KnownDevices.Add(new KnownDevice { SocietyId = society.Id, AccountId = Guid.CreateVersion7(), CreatedAt = portal.Clock.Now });
            db.BounceReports.Add(new BounceReport { SocietyId = society.Id, MailId = Guid.CreateVersion7(), IsHard = true, ReceivedAt = portal.Clock.Now });
        });
        await portal.RunJobsAsync();
        if (isOpened)
        {
            await portal.WriteAsync(society, db => db.RegistrationLinks.Single().CountClick(portal.Clock.Now));
        }

        var events = await portal.ReadAsync(society, db => db.AuditEvents.CountAsync());

        portal.Clock.Advance(TimeSpan.FromHours(23));
        await portal.RunJobsAsync();
        Assert.Equal((2500, 1, 1, 1, 1, 1), await CountsAsync(portal, society));
        portal.Clock.Advance(TimeSpan.FromDays(2));
        await portal.RunJobsAsync();
        Assert.Equal((0, 0, isOpened ? 1 : 0, 1, 1, 1), await CountsAsync(portal, society));
        portal.Clock.Advance(TimeSpan.FromDays(6));
        await portal.RunJobsAsync();
        Assert.Equal((0, 0, 0, 1, 1, 1), await CountsAsync(portal, society));
        portal.Clock.Advance(TimeSpan.FromDays(14));
        await portal.RunJobsAsync();
        Assert.Equal((0, 0, 0, 0, 0, 1), await CountsAsync(portal, society));
        portal.Clock.Advance(TimeSpan.FromDays(180));
        await portal.RunJobsAsync();
        Assert.Equal((0, 0, 0, 0, 0, 0), await CountsAsync(portal, society));
        Assert.Equal(events, await portal.ReadAsync(society, db => db.AuditEvents.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task An_ask_that_no_job_has_decided_is_kept_however_old(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await AskAsync(portal, society);

        portal.Clock.Advance(TimeSpan.FromDays(30));
        await portal.RunJobsAsync("retention");

        Assert.Equal(1, await portal.ReadAsync(society, db => db.MailAsks.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task G2_Every_event_is_sealed_and_the_chain_holds_with_two_sealers(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        for (var i = 0; i < 40; i++)
        {
            await AskAsync(portal, society, $"person{i}@example.jp");
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => portal.InAsync(society, services => services.GetRequiredService<AuditSealing>().SealAsync(CancellationToken.None))));
        await portal.RunJobsAsync();

        var report = await portal.InAsync(society, services => services.GetRequiredService<AuditSealing>().VerifyAsync(CancellationToken.None));
        Assert.Empty(report.Faults);
        Assert.Equal(0, report.Unsealed);
        Assert.Equal(await portal.ReadAsync(society, db => db.AuditEvents.LongCountAsync()), report.Sealed);
    }

    private static async Task<(int Failures, int Asks, int Links, int Mails, int Bounces, int Devices)> CountsAsync(TestPortal portal, Society society) =>
        await portal.ReadAsync(society, async db => (
            await db.ProvisionalFailures.CountAsync(),
            await db.MailAsks.CountAsync(),
            await db.RegistrationLinks.CountAsync(),
            await db.OutboxMails.CountAsync(),
            await db.BounceReports.CountAsync(),
            await db.KnownDevices.CountAsync()));

    private static Task AskAsync(TestPortal portal, Society society, string address = "hanako@example.jp") => portal.InAsync(
        society, services => services.GetRequiredService<MailAsks>().AskAsync(AskPurpose.Registration, EmailAddress.Parse(address), CancellationToken.None));
}
