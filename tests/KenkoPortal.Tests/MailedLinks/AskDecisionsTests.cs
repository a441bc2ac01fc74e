using KenkoPortal.Core.Common;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.MailedLinks;

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

        // Past three a day a new link only where none lives; in between the living one comes again, once an hour.
        for (var hour = 0; hour < 20; hour++)
        {
            portal.Clock.Advance(TimeSpan.FromMinutes(61));
            await AskAsync(portal, society, "hanako@example.jp");
            await AskAsync(portal, society, "hanako@example.jp");
            await portal.RunJobsAsync();
        }

        Assert.Equal(3 + 20, portal.Mail.All.Count);
        Assert.Equal(3 + 6, await portal.ReadAsync(society, db => db.MailAsks.CountAsync(a => a.Decision == AskDecision.Answered || a.Decision == AskDecision.AnsweredOtherwise)));

        // Links that end at once are new ones, up to ten a day.
        portal.Clock.Advance(TimeSpan.FromDays(2));
        for (var i = 0; i < 14; i++)
        {
            await AskAsync(portal, society, "taro@example.jp");
            await portal.RunJobsAsync();
            await portal.WriteAsync(society, db => db.RegistrationLinks.Where(l => l.AddressKey == "taro@example.jp").ToList().ForEach(l => l.End(portal.Clock.Now)));
            portal.Clock.Advance(TimeSpan.FromMinutes(61));
        }

        Assert.Equal(10, portal.Mail.To("taro@example.jp").Count());
    }

    /// <summary>Forged senders and tagged spellings are a stranger's to choose.</summary>
    [Theory, OnEveryDatabase]
    public async Task M3_Others_spellings_and_forged_tagged_senders_do_not_keep_the_owner_from_a_link(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        for (var hour = 0; hour < 12; hour++)
        {
            for (var i = 0; i < 3; i++)
            {
                await AskAsync(portal, society, $"shinnyu+{hour}x{i}@example.jp");
            }

            await portal.RunJobsAsync();
            portal.Clock.Advance(TimeSpan.FromMinutes(30));
        }

        await AskAsync(portal, society, "shinnyu@example.jp");
        await portal.RunJobsAsync();
        Assert.Single(portal.Mail.To("shinnyu@example.jp"));
        Assert.InRange(portal.Mail.All.Count, 2, 11);

        for (var i = 0; i < 12; i++)
        {
            await AskAsync(portal, society, $"shinnyu+y{i}@example.jp");
        }

        await portal.RunJobsAsync();
        Assert.InRange(portal.Mail.All.Count, 2, 11);
    }

    [Theory, OnEveryDatabase]
    public async Task M3_Dots_in_a_Gmail_name_are_one_mailbox_for_the_count(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        foreach (var spelling in new[] { "victimmail@gmail.com", "vi.ctimmail@gmail.com", "v.i.ctimmail@googlemail.com", "V.ictim.Mail+x@Gmail.com", "victim.mail@gmail.com" })
        {
            await AskAsync(portal, society, spelling);
            await portal.RunJobsAsync();
        }

        // S13. Sent as typed: only the count folds them.
        Assert.Equal(["victimmail@gmail.com", "vi.ctimmail@gmail.com", "v.i.ctimmail@googlemail.com"], portal.Mail.All.Select(m => m.To.Value));
        await AskAsync(portal, society, "vi.ctimmail@example.jp");
        await portal.RunJobsAsync();
        Assert.Equal(4, portal.Mail.All.Count);
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
            portal.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await portal.RunJobsAsync();
        Assert.Equal(120, portal.Mail.All.Count);

        // M12: the others wait, two a minute of a cap of 120 an hour, and who comes later comes behind them.
        portal.Clock.Advance(TimeSpan.FromMinutes(61));
        await AskAsync(portal, society, "late@example.jp");
        for (var minute = 0; minute < 5; minute++)
        {
            await portal.RunJobsAsync();
            Assert.Equal(122 + (2 * minute), portal.Mail.All.Count);
            portal.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        await portal.RunJobsAsync();
        Assert.Equal(
            Enumerable.Range(120, 10).Select(i => $"person{i}@example.jp").Append("late@example.jp"),
            portal.Mail.All.Skip(120).Chunk(2).SelectMany(minute => minute.Select(m => m.To.Value).Order(StringComparer.Ordinal)));
    }

    [Theory, OnEveryDatabase]
    public async Task M12_Without_a_setting_the_cap_grows_with_the_members(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        Assert.Equal(2000, await portal.InAsync(society, services => services.GetRequiredService<AskCaps>().CapAsync(2000, CancellationToken.None)));
        var household = Guid.CreateVersion7();
        await portal.WriteAsync(society, db =>
        {
            db.Households.Add(new Core.Members.Household { Id = household, SocietyId = society.Id });
            db.Persons.AddRange(Enumerable.Range(0, 20_050).Select(i => new Core.Members.Person
            {
                SocietyId = society.Id, HouseholdId = household, Name = "x", Kana = "x", KanaKey = "x", Sex = Core.Members.Sex.Male, BirthDate = new DateOnly(1980, 1, 1), Relationship = "本人",
                AcquiredOn = new DateOnly(2026, 4, 1), ListOrder = i,
            }));
        });

        Assert.Equal(2005, await portal.InAsync(society, services => services.GetRequiredService<AskCaps>().CapAsync(2000, CancellationToken.None)));
    }

    [Theory, OnEveryDatabase]
    public async Task M12_An_ask_that_waited_for_a_day_is_given_up_and_counted(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync(change: s => s.MailAsksPerHour = 1);
        for (var i = 0; i < 40; i++)
        {
            await AskAsync(portal, society, $"person{i}@example.jp");
        }

        await portal.RunJobsAsync();
        portal.Clock.Advance(TimeSpan.FromHours(25));
        await portal.RunJobsAsync();
        Assert.Equal(39, await portal.ReadAsync(society, db => db.MailAsks.CountAsync(a => a.Decision == AskDecision.WaitedTooLong)));
        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        await portal.RunJobsAsync();
        Assert.Equal(
            ["purpose=Registration by=Form decision=WaitedTooLong count=39"],
            await portal.ReadAsync(society, db => db.AuditEvents.Where(e => e.Kind == Core.Audit.AuditKind.AsksRefused).Select(e => e.Detail).ToListAsync()));
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
