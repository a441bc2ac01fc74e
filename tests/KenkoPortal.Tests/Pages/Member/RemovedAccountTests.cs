using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>An account that the insured registered with the family's letter goes to its true person.</summary>
public sealed class RemovedAccountTests
{
    [Theory, OnEveryDatabase]
    public async Task An_account_that_another_registered_is_taken_away_with_all_it_opened_and_the_person_registers(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var notices = portal.Notices();
        await notices.CostAsync(family[0], "2026-04");
        await notices.CostAsync(family[1], "2026-04");
        await portal.DiscloseAsync(family[0], NoticeKind.MedicalCost, true);
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var (impostor, _) = await portal.MemberAsync(family[1], "kazoku-hanako", "kazoku@example.jp");
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        await impostor.OpenAsync($"/medical-costs/2026-04/{family[0].Id:N}");
        var hers = $"/medical-costs/2026-04/{family[1].Id:N}";
        Assert.Equal(HttpStatusCode.OK, (await his.OpenAsync(hers)).Status);
        await portal.Stranger().AskReissueAsync("kazoku@example.jp");
        await portal.RunJobsAsync();
        var reissue = portal.Mail.To("kazoku@example.jp").Last();

        await portal.AsStaffAsync(services => services.GetRequiredService<AccountSupport>().RemoveAsync(family[1].Id, CancellationToken.None));
        await portal.RunJobsAsync();

        Assert.Equal("/login", (await impostor.OpenAsync("/medical-costs/2026-04")).Path);
        Assert.Equal("/login", (await impostor.LogInAsync("kazoku-hanako")).Path);
        Assert.Empty((await portal.Stranger().FollowAsync(reissue)).Document.QuerySelectorAll("main input[type=password]"));
        Assert.Equal(HttpStatusCode.NotFound, (await his.OpenAsync(hers)).Status);
        var told = portal.Mail.To("kazoku@example.jp").Last();
        Assert.Equal("アカウント取り消しのお知らせ", told.Subject);
        Assert.DoesNotContain(family[1].Name, told.TextBody, StringComparison.Ordinal);
        Assert.Equal(0, await portal.CountAsync(db => db.ProvisionalCredentials.Where(c => c.PersonId == family[1].Id && c.UsedAt == null && c.VoidedAt == null)));

        // The true person registers, with the same ID if she likes it, and shares nothing.
        var (she, home) = await portal.MemberAsync(family[1], "kazoku-hanako", "hanako@example.jp");
        Assert.Equal("/", home.Path);
        Assert.Equal(HttpStatusCode.OK, (await she.OpenAsync("/medical-costs/2026-04")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await his.OpenAsync(hers)).Status);

        // Who looked at his notices, and who did what about her, is told still.
        var card = await portal.ReadAsync(db => db.InsuranceCards.SingleAsync(c => c.PersonId == family[1].Id));
        var look = Assert.Single(await EventsAsync(family[0].Id, AuditKind.NoticeOfOtherRead));
        Assert.Equal($"{card.Symbol}-{card.Number}-{card.Branch}", look.By!.Card);
        Assert.Equal(2, (await EventsAsync(family[1].Id, AuditKind.AccountRegistered)).Count);
        var removed = Assert.Single(await EventsAsync(family[1].Id, AuditKind.AccountRemoved));
        Assert.Equal(("system:test", family[1].Id), (removed.Event.Actor, removed.Event.SubjectId));

        Task<IReadOnlyList<ShownEvent>> EventsAsync(Guid person, AuditKind about) => portal.AsStaffAsync(services =>
            services.GetRequiredService<AuditReading>().ListAsync(new AuditQuestion(null, null, person, about, 10), TestContext.Current.CancellationToken));
    }
}
