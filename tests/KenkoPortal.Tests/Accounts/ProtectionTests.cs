using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Accounts;

/// <summary>Row Z8: what becomes of a person's account when they are protected, from whom they share a mailbox with.</summary>
public sealed class ProtectionTests
{
    private const string Shared = "kazoku@example.jp";
    private const string Hers = "hitori@example.jp";

    /// <summary>S1 of the trial from outside.</summary>
    [Theory, OnEveryDatabase]
    public async Task Z8_From_the_lists_commit_the_shared_mailbox_the_old_session_the_device_and_the_password_open_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.MemberAsync(family[0], "husband.m", Shared);
        var (wife, _) = await portal.MemberAsync(family[1], "tsuma.m", Shared);
        Assert.Equal("/", (await wife.OpenAsync("/")).Path);

        var told = await portal.ProtectAsync(family[1]);

        Assert.Equal((1, true, true), (told.Note.SharedAddresses, told.Note.Waits, told.Note.IsAddressOfHousehold));
        Assert.Equal("/login", (await wife.OpenAsync("/profile")).Path);
        Assert.Equal(0, await portal.ReadAsync(db => db.KnownDevices.CountAsync(d => db.MemberAccounts.Any(a => a.Id == d.AccountId && a.PersonId == family[1].Id))));

        // The husband asks for the reissue: one mail, his own.
        var before = portal.Mail.To(Shared).Count();
        await portal.Stranger().AskReissueAsync(Shared);
        await portal.RunJobsAsync();
        var mails = portal.Mail.To(Shared).Skip(before).ToList();
        Assert.Equal("husband.m", Steps.CredentialsIn(Assert.Single(mails)).LoginId);

        // A month with a line of hers alone sends nothing there.
        await portal.Notices().CostAsync(family[1], "2026-07");
        await portal.RunJobsAsync();
        Assert.Equal(before + 1, portal.Mail.To(Shared).Count());
        Assert.NotNull((await portal.ReadAsync(db => db.Publications.SingleAsync())).MailedAt);

        // The right password, on the device that was known, on another, and an unknown ID: one answer.
        var right = await (await wife.OpenAsync("/login")).PressOnceAsync("ログイン", ("ログインID", "tsuma.m"), ("パスワード", Journeys.Password));
        var unknown = await portal.TryLogInAsync("nobody.m", Journeys.Password);
        Assert.False(right.IsIn());
        Assert.Equal(await unknown.MaskedAsync("nobody.m"), await (await portal.TryLogInAsync("tsuma.m", Journeys.Password)).MaskedAsync("tsuma.m"));
        Assert.Equal(1, await EventsAsync(portal, AuditKind.AccountWaits, (await portal.AccountAsync(family[1])).Id));
    }

    /// <summary>S1 of the trial from outside.</summary>
    [Theory, OnEveryDatabase]
    public async Task Z8_A_letter_of_their_own_takes_the_account_over_with_notices_hidden_lines_and_history_and_tells_the_old_mailbox_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var (husband, _) = await portal.MemberAsync(family[0], "husband.m", Shared);
        await portal.MemberAsync(family[1], "tsuma.m", Shared);
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, isOpen: true);
        var line = await portal.Notices().CostAsync(family[1], "2026-07", "しおみ皮ふ科");
        await portal.WriteAsync(db => db.HiddenClaims.Add(new HiddenClaim
        {
            SocietyId = portal.Society.Id, PersonId = family[1].Id, ClaimId = line.ClaimId, Month = line.Month, InstitutionKey = line.InstitutionKey, HiddenAt = portal.Clock.Now,
        }));
        await portal.ProtectAsync(family[1]);
        var (account, mails) = (await portal.AccountAsync(family[1]), portal.Mail.To(Shared).Count());

        // An own letter for somebody new does not fit, and the household's mailbox is refused with a reason.
        var recovery = await portal.GiveLetterAsync(family[1], LetterKind.Recovery);
        var refused = await (await portal.AskToRegisterAsync(husband, Shared)).LogInProvisionallyAsync(recovery);
        Assert.Contains(refused.Errors, e => e.StartsWith("このメールアドレスは、ご家族も使っている", StringComparison.Ordinal));
        var wife = portal.Visitor();
        var form = await (await portal.AskToRegisterAsync(wife, Hers)).LogInProvisionallyAsync(recovery);
        Assert.Contains("これまでの通知と設定は、そのまま残ります", form.Text, StringComparison.Ordinal);
        var done = await form.FillRegistrationAsync("hitori.m", Steps.NewPassword);
        Assert.Equal("/register/complete", done.Path);

        var home = await wife.LogInAsync("hitori.m", Steps.NewPassword);
        Assert.Equal("/", home.Path);
        Assert.Contains("しおみ皮ふ科", (await wife.OpenAsync("/medical-costs/2026-07")).Text, StringComparison.Ordinal);
        Assert.False((await portal.TryLogInAsync("tsuma.m", Journeys.Password)).IsIn());
        var after = await portal.AccountAsync(family[1]);
        Assert.Equal((account.Id, account.CreatedAt, LetterKind.Recovery, null), (after.Id, after.CreatedAt, after.Letter, after.WaitsSince));
        Assert.Equal(Hers, await portal.ReadAsync(db => db.AccountMailAddresses.Where(a => a.AccountId == account.Id).Select(a => a.Address).SingleAsync()));
        Assert.Equal((1, 4), await portal.ReadAsync(async db => (
            await db.HiddenClaims.CountAsync(h => h.PersonId == family[1].Id), await db.DisclosureSettings.CountAsync(d => d.PersonId == family[1].Id))));
        await portal.RunJobsAsync();
        Assert.Equal(mails + 1, portal.Mail.To(Shared).Count()); // the husband's own ask for a registration mail
        Assert.Contains("ご利用再設定完了のご案内", await portal.SubjectsToAsync(Hers));

        // Once is once.
        Assert.Contains((await (await portal.AskToRegisterAsync(portal.Visitor(), "sonota@example.jp")).LogInProvisionallyAsync(recovery)).Errors, e => e.StartsWith("ログインIDまたは仮パスワードが違います", StringComparison.Ordinal));
        await portal.Stranger().AskReissueAsync(Hers);
        Assert.Equal("hitori.m", Steps.CredentialsIn(await portal.MailToAsync(Hers)).LoginId);
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_What_was_under_way_when_somebody_is_protected_comes_to_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "母");
        var (wife, _) = await portal.MemberAsync(family[1], "tsuma.m", Shared);
        var husband = portal.Visitor();
        await portal.RegisterAsync(husband, family[0], "husband.m", Shared);

        // The husband: a reissue at its last page, another whose mail waits; her letter of the household at its last page.
        await husband.AskReissueAsync(Shared);
        await portal.RunJobsAsync();
        var mail = portal.Mail.To(Shared).Last(m => m.TextBody.Contains("ログインID:tsuma.m", StringComparison.Ordinal));
        var reissuer = portal.Visitor();
        var (id, password) = Steps.CredentialsIn(mail);
        var lastPage = await (await reissuer.FollowAsync(mail)).PressAsync("ログイン", ("ログインID", id), ("仮パスワード", password));
        Assert.Equal("/reissue/password", lastPage.Path);
        var mother = portal.Visitor();
        var begun = await (await portal.AskToRegisterAsync(mother, "haha@example.jp")).LogInProvisionallyAsync(await portal.GiveLetterAsync(family[2]));
        Assert.Equal("/register/account", begun.Path);

        // She: an address that waits for its link.
        var profile = await wife.OpenAsync("/profile");
        var asked = await (await profile.PressAsync("登録", ("メールアドレス2", "atarashii@example.jp"))).PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Contains("atarashii@example.jp", asked.Text, StringComparison.Ordinal);
        portal.Mail.Answer = SentMail.Down;
        await husband.AskReissueAsync(Shared);
        await portal.RunJobsAsync();

        await portal.ProtectAsync(family[1]);
        await portal.ProtectAsync(family[2]);
        portal.Mail.Answer = null;
        var sent = portal.Mail.All.Count;
        portal.Clock.Advance(TimeSpan.FromMinutes(20));
        await portal.RunJobsAsync();

        Assert.All(portal.Mail.All.Skip(sent), m => Assert.DoesNotContain("tsuma.m", m.TextBody, StringComparison.Ordinal));
        Assert.DoesNotContain(portal.Mail.All.Skip(sent), m => m.To.Value == "atarashii@example.jp");
        var ended = await lastPage.PressAsync("登録", ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        Assert.Equal(HttpStatusCode.Gone, ended.Status);
        Assert.Equal(HttpStatusCode.Gone, (await begun.FillRegistrationAsync("haha.m")).Status);
        Assert.Equal(0, await portal.ReadAsync(db => db.MemberAccounts.CountAsync(a => a.PersonId == family[2].Id)));
        Assert.Equal(0, await portal.ReadAsync(db => db.AddressConfirmations.CountAsync(c => c.EndedAt == null)));
        Assert.Equal(0, await portal.ReadAsync(db => db.RegistrationLinks.CountAsync(l => l.EndedAt == null && l.HouseholdId == family[0].HouseholdId)));
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_An_address_is_shared_in_every_case_tag_and_place_with_who_lives_there_lived_there_or_had_it_once(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var other = await portal.AddSocietyAsync("yama", "yama.localhost");
        var family = await portal.AddHouseholdAsync("本人", "妻", "長女", "母");
        var stranger = (await portal.AddHouseholdAsync("本人"))[0];
        string[] addresses = ["Kazoku+mama@Example.JP", "moto@example.jp", "ima@example.jp", "tanin@example.jp"];
        var people = family.Skip(1).Append(stranger).ToList();
        var (husband, _) = await portal.MemberAsync(family[0], "husband.m", "kazoku+papa@example.jp");
        var neighbour = portal.Visitor(other.Host);
        await portal.RegisterAsync(neighbour, (await portal.AddHouseholdAsync(other, _ => { }, "本人"))[0], "yamabito.m", addresses[0]);
        await neighbour.LogInAsync("yamabito.m");
        await portal.RunJobsAsync();
        for (var i = 0; i < people.Count; i++)
        {
            await portal.MemberAsync(people[i], $"member.{i}x", addresses[i], LetterKind.Own);
        }

        // He had the daughter's mailbox once, and still has the mother's and a stranger's in his second and third place.
        foreach (var (address, slot) in new[] { (addresses[1], 2), (addresses[2], 3), (addresses[3], 2) })
        {
            await (await (await husband.OpenAsync("/profile")).PressAsync("登録", ($"メールアドレス{slot}", address))).PressAsync("登録", ("現在のパスワード", Journeys.Password));
            await (await husband.FollowAsync(await portal.MailToAsync(address))).PressAsync("確認する");
        }

        var cuts = await Task.WhenAll(people.Select(p => portal.AsStaffAsync(s => s.GetRequiredService<ProtectionDesk>().ProtectAsync(p.Id, CancellationToken.None))));

        Assert.Equal([1, 1, 1, 0], cuts.Select(c => c!.SharedAddresses));
        Assert.All(cuts, c => Assert.True(c!.Waits));
        Assert.False((await portal.TryLogInAsync("member.3x", Journeys.Password)).IsIn());
        Assert.Equal("/profile", (await neighbour.OpenAsync("/profile")).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_A_mail_that_was_queued_to_a_trusted_address_is_judged_again_when_it_is_written(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var person = (await portal.AddHouseholdAsync("本人"))[0];
        var (visitor, _) = await portal.MemberAsync(person, "hitori.m", Hers, LetterKind.Own);
        await portal.RunJobsAsync();
        var sent = portal.Mail.All.Count;
        portal.Mail.Answer = SentMail.Down;
        await (await visitor.OpenAsync("/profile/password")).PressAsync(
            "登録", ("現在のパスワード", Journeys.Password), ("新しいパスワード", Steps.NewPassword), ("パスワード確認", Steps.NewPassword));
        await portal.RunJobsAsync();
        Assert.Equal(1, await portal.ReadAsync(db => db.OutboxMails.CountAsync(m => m.SentAt == null && m.FailedAt == null)));

        // A sender that holds the mail already is not reached by what drops it from the queue.
        await portal.WriteAsync(db => db.AccountMailAddresses.Single().UntrustedAt = portal.Clock.Now);
        portal.Mail.Answer = null;
        portal.Clock.Advance(TimeSpan.FromMinutes(20));
        await portal.RunJobsAsync();

        Assert.Equal(sent, portal.Mail.All.Count);
        Assert.Equal(0, await portal.ReadAsync(db => db.OutboxMails.CountAsync(m => m.SentAt == null && m.FailedAt == null)));
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_A_former_member_of_the_household_and_an_account_that_was_removed_still_count(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "母");
        await portal.MemberAsync(family[0], "husband.m", Shared);
        await portal.MemberAsync(family[2], "haha.m", "haha@example.jp");
        await portal.AsStaffAsync(s => s.GetRequiredService<AccountSupport>().RemoveAsync(family[2].Id, CancellationToken.None));

        // She goes to a card of her own, registers there by a letter of her own, and with mailboxes that the others had.
        await portal.ListAsync((family[1], [("番号", "90001"), ("枝番", "00"), ("続柄", "本人"), ("資格取得年月日", "20261001"), ("住所", "別の町1-1")]), (family[1], [("資格喪失年月日", "20261001")]));
        var wife = await portal.ReadAsync(db => db.Persons.AsNoTracking().SingleAsync(p => p.Id == family[1].Id));
        Assert.NotEqual(family[0].HouseholdId, wife.HouseholdId);
        var (visitor, _) = await portal.MemberAsync(wife, "tsuma.m", Shared, LetterKind.Own);
        await (await (await visitor.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", "haha@example.jp"))).PressAsync("登録", ("現在のパスワード", Journeys.Password));
        await (await visitor.FollowAsync(await portal.MailToAsync("haha@example.jp"))).PressAsync("確認する");

        var cut = await portal.AsStaffAsync(s => s.GetRequiredService<ProtectionDesk>().ProtectAsync(wife.Id, CancellationToken.None));

        Assert.Equal((2, true), (cut!.SharedAddresses, cut.Waits));
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_An_account_made_by_a_letter_of_ones_own_waits_too_and_comes_back_with_no_shared_address(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.MemberAsync(family[0], "husband.m", Shared);
        var (wife, _) = await portal.MemberAsync(family[1], "tsuma.m", Hers, LetterKind.Own);

        var told = await portal.ProtectAsync(family[1]);

        // Her own letter came to the home where others open the post: somebody else may have made the account, or know its password.
        Assert.Equal((0, true), (told.Note.SharedAddresses, told.Note.Waits));
        Assert.Equal("/login", (await wife.OpenAsync("/profile")).Path);
        Assert.False((await portal.TryLogInAsync("tsuma.m", Journeys.Password)).IsIn());
        Assert.Equal(0, await portal.ReadAsync(db => db.TrustedAddresses.CountAsync(a => a.Address == Hers)));
        await portal.WriteAsync(db => db.MemberAccounts.Where(a => a.PersonId == family[1].Id).ExecuteUpdate(set => set.SetProperty(a => a.WaitsSince, (DateTimeOffset?)null)));
        await portal.WriteAsync(db => db.AccountMailAddresses.Where(a => a.Address == Hers).ExecuteUpdate(set => set.SetProperty(a => a.UntrustedAt, (DateTimeOffset?)null)));
        await wife.LogInAsync("tsuma.m");
        var asked = await (await (await wife.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", "KAZOKU@example.jp"))).PressAsync("登録", ("現在のパスワード", Journeys.Password));
        Assert.Contains("ご家族も使っている", asked.Text, StringComparison.Ordinal);
        Assert.Equal(0, await portal.ReadAsync(db => db.AddressConfirmations.CountAsync()));

        // Later he proves that he reads her mailbox: she is protected from it as on the first day.
        var husband = portal.Visitor();
        await husband.LogInAsync("husband.m");
        await (await (await husband.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス2", Hers))).PressAsync("登録", ("現在のパスワード", Journeys.Password));
        await (await husband.FollowAsync(await portal.MailToAsync(Hers))).PressAsync("確認する");
        Assert.NotNull((await portal.AccountAsync(family[1])).WaitsSince);
        Assert.Equal("/login", (await wife.OpenAsync("/profile")).Path);
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_A_link_that_another_of_the_household_used_first_makes_no_account_of_ones_own_and_serves_no_protected_person(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "母");
        var husband = portal.Visitor();
        var page = await portal.AskToRegisterAsync(husband, Shared);
        await page.LogInProvisionallyAsync(await portal.GiveLetterAsync(family[0])); // he goes no further
        await (await husband.OpenAsync("/register/login")).CompleteRegistrationAsync(await portal.GiveLetterAsync(family[1], LetterKind.Own), "tsuma.m");
        await portal.SetPersonAsync(family[2], p => p.IsProtected = true);

        var refused = await (await husband.OpenAsync("/register/login")).LogInProvisionallyAsync(await portal.GiveLetterAsync(family[2], LetterKind.Own));
        var told = await portal.ProtectAsync(family[1]);

        Assert.Contains(refused.Errors, e => e.StartsWith("ログインIDまたは仮パスワードが違います", StringComparison.Ordinal));
        Assert.True(told.Note.Waits);
        Assert.True((await portal.AccountAsync(family[1])).IsUnderHouseholdLink);
        Assert.Equal(0, await portal.ReadAsync(db => db.TrustedAddresses.CountAsync(a => db.MemberAccounts.Any(m => m.Id == a.AccountId && m.PersonId == family[1].Id))));
    }

    /// <summary>S1 of the trial from outside.</summary>
    [Theory, OnEveryDatabase]
    public async Task Z8_Children_who_live_with_a_protected_person_are_named(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "長女", "長男");

        var told = (await portal.ListAsync(
            (family[1], [("非開示", "1"), ("住所", "別の町１−１")]), (family[2], [("住所", "別の町1-1")]))).Protected;

        var note = Assert.Single(told).Note;
        Assert.False(note.IsAddressOfHousehold);
        Assert.Equal([family[2].Name], note.Children.Select(c => c.Name));
        Assert.EndsWith("-02", note.Children[0].Card, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_A_list_without_the_mark_lifts_nothing(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.ProtectAsync(family[1]);

        var outcome = await portal.ListAsync((family[1], [("住所", "別の町2")]));

        var kept = Assert.Single(outcome.Comparison!.Checks, c => c.Kind == MemberListCheckKind.ProtectionKept);
        Assert.EndsWith("-01", kept.Card, StringComparison.Ordinal);
        Assert.Empty(outcome.Protected);
        var person = await portal.ReadAsync(db => db.Persons.SingleAsync(p => p.Id == family[1].Id));
        Assert.Equal((true, "別の町2"), (person.IsProtected, person.Address));
        Assert.Equal(0, await EventsAsync(portal, AuditKind.ProtectionLifted, family[1].Id));
    }

    /// <summary>S1 of the trial from outside.</summary>
    [Theory, OnEveryDatabase]
    public async Task Z8_Who_parts_from_a_household_keeps_the_password_and_loses_the_mailbox_that_the_others_read(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻", "長女");
        await portal.MemberAsync(family[0], "husband.m", Shared);
        var (child, _) = await portal.MemberAsync(family[2], "musume.m", Shared);

        var outcome = await portal.ListAsync(
            (family[2], [("番号", "90002"), ("枝番", "00"), ("続柄", "本人"), ("資格取得年月日", "20261001")]), (family[2], [("資格喪失年月日", "20261001")]));

        Assert.EndsWith("90002-00", Assert.Single(outcome.SharedByParted), StringComparison.Ordinal);
        Assert.Equal("/login", (await child.OpenAsync("/profile")).Path);
        await child.LogInAsync("musume.m");
        Assert.Contains("お知らせもパスワード再発行のご案内もお送りしません", (await child.OpenAsync("/profile")).Text, StringComparison.Ordinal);
        var before = portal.Mail.To(Shared).Count();
        await portal.Stranger().AskReissueAsync(Shared);
        await portal.RunJobsAsync();
        Assert.Equal("husband.m", Steps.CredentialsIn(Assert.Single(portal.Mail.To(Shared).Skip(before))).LoginId);

        // An address of their own makes it whole again.
        await (await (await child.OpenAsync("/profile")).PressAsync("登録", ("メールアドレス1", "musume@example.jp"))).PressAsync("登録", ("現在のパスワード", Journeys.Password));
        await (await child.FollowAsync(await portal.MailToAsync("musume@example.jp"))).PressAsync("確認する");
        Assert.Equal(before + 1, portal.Mail.To(Shared).Count());
        await portal.Stranger().AskReissueAsync("musume@example.jp");
        Assert.Equal("musume.m", Steps.CredentialsIn(await portal.MailToAsync("musume@example.jp")).LoginId);
    }

    [Theory, OnEveryDatabase]
    public async Task Z8_A_family_that_two_lists_move_shares_its_mailbox_again_after_the_second(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.MemberAsync(family[0], "husband.m", Shared);
        await portal.MemberAsync(family[1], "tsuma.m", Shared);
        (string, string)[] husband = [("番号", "90003"), ("資格取得年月日", "20261001")], wife = [.. husband, ("枝番", "01")];

        await portal.ListAsync((family[0], husband), (family[0], [("資格喪失年月日", "20261001")]));
        Assert.Equal(1, await portal.ReadAsync(db => db.TrustedAddresses.CountAsync()));
        await portal.ListAsync((family[1], wife), (family[1], [("資格喪失年月日", "20261001")]));

        Assert.Equal(2, await portal.ReadAsync(db => db.TrustedAddresses.CountAsync()));
        Assert.Equal(1, await portal.ReadAsync(db => db.Persons.Where(p => p.IsProtected == false).Select(p => p.HouseholdId).Distinct().CountAsync()));
    }

    /// <summary>S7 of the trial from outside.</summary>
    [Theory, OnEveryDatabase]
    public async Task Z8_A_dependant_who_leaves_while_the_insured_stays_is_registered_by_nobody_who_holds_the_households_letter(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "夫", "母");
        var (ofHousehold, own) = (await portal.GiveLetterAsync(family[1]), await portal.GiveLetterAsync(family[2], LetterKind.Own));

        var outcome = await portal.ListAsync((family[1], [("資格喪失年月日", "20261001")]), (family[2], [("資格喪失年月日", "20261001")]));

        Assert.Equal(1, outcome.LettersVoided);
        Assert.Equal(1, await EventsAsync(portal, AuditKind.CredentialVoided, family[1].Id));
        var refused = await (await portal.AskToRegisterAsync(portal.Visitor(), Shared)).LogInProvisionallyAsync(ofHousehold);
        Assert.Equal("/register/login", refused.Path);
        Assert.Equal("/register/account", (await (await portal.AskToRegisterAsync(portal.Visitor(), Hers)).LogInProvisionallyAsync(own)).Path);
    }

    /// <summary>S7 of the trial from outside.</summary>
    [Theory, OnEveryDatabase]
    public async Task Z8_A_day_of_leaving_that_was_announced_shuts_the_households_letter_before_the_next_list(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "夫");
        var letter = await portal.GiveLetterAsync(family[1]);
        await portal.SetPersonAsync(family[1], p => p.LostOn = new DateOnly(2026, 10, 1));

        var refused = await (await portal.AskToRegisterAsync(portal.Visitor(), Shared)).LogInProvisionallyAsync(letter);

        Assert.Equal("/register/login", refused.Path);
    }

    private static Task<int> EventsAsync(WebPortal portal, AuditKind kind, Guid subject) =>
        portal.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Kind == kind && e.SubjectId == subject));
}
