using KenkoPortal.Core.Common;
using KenkoPortal.Core.InboundMail;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KenkoPortal.Tests.InboundMail;

public sealed class AskDecisionsTests
{
    [Theory, OnEveryDatabase]
    public async Task M3_One_canonical_address_gets_three_mails_an_hour_and_ten_a_day(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();

        string[] spellings = ["Hanako@example.jp", "hanako+a@example.jp", "HANAKO@EXAMPLE.JP", "hanako+b@example.jp", "hanako@example.jp"];
        foreach (var spelling in spellings)
        {
            await AskAsync(portal, society, spelling);
        }

        await portal.RunJobsAsync();
        Assert.Equal(3, portal.Mail.All.Count);

        for (var hour = 0; hour < 20; hour++)
        {
            portal.Clock.Advance(TimeSpan.FromMinutes(61));
            await AskAsync(portal, society, "hanako@example.jp");
            await portal.RunJobsAsync();
        }

        Assert.Equal(10, portal.Mail.All.Count);
    }

    [Theory, OnEveryDatabase]
    public async Task M3_Asks_that_were_not_answered_do_not_count_and_each_purpose_counts_alone(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        for (var i = 0; i < 5; i++)
        {
            await AskAsync(portal, society, "hanako@example.jp", AskPurpose.Reissue);
        }

        await AskAsync(portal, society, "hanako@example.jp");
        await portal.RunJobsAsync();

        Assert.Single(portal.Mail.All);
        Assert.Equal(5, await portal.ReadAsync(society, db => db.MailAsks.CountAsync(a => a.Decision == AskDecision.NobodyKnown)));
    }

    [Theory, OnEveryDatabase]
    public async Task M3_The_society_has_a_cap_an_hour(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync(change: s => s.MailAsksPerHour = 120);
        for (var i = 0; i < 130; i++)
        {
            await AskAsync(portal, society, $"person{i}@example.jp");
        }

        await portal.RunJobsAsync();
        Assert.Equal(120, portal.Mail.All.Count);

        portal.Clock.Advance(TimeSpan.FromMinutes(61));
        await AskAsync(portal, society, "late@example.jp");
        await portal.RunJobsAsync();
        Assert.Equal(121, portal.Mail.All.Count);
    }

    [Theory, OnEveryDatabase]
    public async Task L1_A_decided_ask_holds_no_address(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await AskAsync(portal, society, "hanako@example.jp");
        await AskAsync(portal, society, "nobody@example.jp", AskPurpose.Reissue);

        await portal.RunJobsAsync();

        Assert.All(await portal.ReadAsync(society, db => db.MailAsks.ToListAsync()), a => Assert.Null(a.Address));
    }

    private static Task AskAsync(TestPortal portal, Society society, string address, AskPurpose purpose = AskPurpose.Registration) => portal.InAsync(
        society, services => services.GetRequiredService<MailAsks>().AskAsync(purpose, EmailAddress.Parse(address), CancellationToken.None));
}
