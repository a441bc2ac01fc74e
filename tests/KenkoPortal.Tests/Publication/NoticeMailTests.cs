using KenkoPortal.Claims;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.ReceivedClaims.Import;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Publication;

/// <summary>Who is told of a month, when, and in which words; and how long notices are kept.</summary>
public sealed class NoticeMailTests
{
    private static readonly TreatmentMonth April = new(2026, 4);
    private static readonly DateOnly Day = new(2026, 10, 20);

    [Theory, OnEveryDatabase]
    public async Task One_mail_a_person_to_all_their_addresses_on_the_day_from_nine(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        var (taro, hanako) = (stage.People[0], stage.People[1]);
        await stage.RegisterAsync(taro, "taro@example.jp", "taro2@example.jp");
        await stage.RegisterAsync(hanako, "hanako@example.jp");
        await stage.PublishAsync([taro, hanako]);

        await stage.AtAsync(Day, 8, 59);
        Assert.Empty(stage.Portal.Mail.All);
        await stage.AtAsync(Day, 9, 0);
        Assert.Equal(["hanako@example.jp", "taro2@example.jp", "taro@example.jp"], stage.Recipients);
        await stage.AtAsync(Day, 9, 30);
        Assert.Equal(3, stage.Portal.Mail.Tries);
        Assert.NotNull((await stage.ReadAsync(db => db.Publications.SingleAsync())).MailedAt);
        Assert.All(await stage.ReadAsync(db => db.OutboxMails.ToListAsync()), mail => Assert.Equal(MailLane.Notice, mail.Lane));
    }

    [Theory, OnEveryDatabase]
    public async Task Notice_mails_leave_between_nine_and_eight_in_the_evening_and_the_rest_the_next_morning(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.RegisterAsync(stage.People[0], "taro@example.jp");
        await stage.RegisterAsync(stage.People[1], "hanako@example.jp");
        await stage.PublishAsync(stage.People);

        // The mailer was down all day.
        await stage.AtAsync(Day, 20, 0);
        Assert.Equal(2, await stage.ReadAsync(db => db.OutboxMails.CountAsync()));
        await stage.AtAsync(Day, 23, 59);
        await stage.AtAsync(Day.AddDays(1), 0, 0);
        await stage.AtAsync(Day.AddDays(1), 8, 59);
        Assert.Equal(0, stage.Portal.Mail.Tries);

        // In the morning the relay takes one and then is down until the evening: the other waits for the third day.
        stage.Portal.Mail.Answer = _ => stage.Portal.Mail.Tries == 1 ? Task.FromResult<DeliveryResult>(new DeliveryResult.Sent()) : SentMail.Down(_);
        await stage.AtAsync(Day.AddDays(1), 9, 0);
        Assert.Single(stage.Portal.Mail.All);
        stage.Portal.Mail.Answer = null;
        await stage.AtAsync(Day.AddDays(1), 20, 1);
        await stage.AtAsync(Day.AddDays(2), 3, 0);
        Assert.Single(stage.Portal.Mail.All);
        await stage.AtAsync(Day.AddDays(2), 9, 0);
        stage.Portal.Clock.Advance(TimeSpan.FromMinutes(5));
        await stage.Portal.RunJobsAsync();
        Assert.Equal(["hanako@example.jp", "taro@example.jp"], stage.Recipients);
    }

    [Theory, OnEveryDatabase]
    public async Task A_run_of_notice_mails_stops_at_eight_in_the_evening_and_account_mails_go_on(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        var now = new DateTimeOffset(Day, new TimeOnly(19, 59, 58), JapanTime.Offset);
        stage.Portal.Clock.Set(now);
        await stage.Portal.WriteAsync(stage.Society, db =>
        {
            db.OutboxMails.AddRange(Enumerable.Range(0, 5).Select(i => Waiting(MailLane.Notice, $"n{i}@example.jp")));
            db.OutboxMails.Add(Waiting(MailLane.Account, "account@example.jp"));
        });
        stage.Portal.Mail.Answer = _ =>
        {
            stage.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult<DeliveryResult>(new DeliveryResult.Sent());
        };

        await stage.Portal.RunJobsAsync("outbox-notices");
        Assert.Equal(2, stage.Portal.Mail.All.Count);
        await stage.Portal.RunJobsAsync("outbox-accounts");
        Assert.Single(stage.Portal.Mail.To("account@example.jp"));

        OutboxMail Waiting(MailLane lane, string to) => new()
        {
            SocietyId = stage.Society.Id, Lane = lane, Template = Core.Registration.RegisteredMail.TemplateName, ToAddress = to, QueuedAt = now, NextAttemptAt = now,
        };
    }

    [Theory, OnEveryDatabase]
    public async Task A_month_published_after_eight_in_the_evening_is_told_the_next_morning(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.RegisterAsync(stage.People[0], "taro@example.jp");
        stage.Portal.Clock.Set(new DateTimeOffset(Day, new TimeOnly(21, 0), JapanTime.Offset));
        await stage.PublishAsync(stage.People, Day);
        await stage.Portal.RunJobsAsync();
        Assert.Empty(stage.Portal.Mail.All);
        await stage.AtAsync(Day.AddDays(1), 9, 0);
        Assert.Equal(["taro@example.jp"], stage.Recipients);
    }

    [Theory, OnEveryDatabase]
    public async Task A_planned_day_is_changed_or_dropped_until_it_has_come(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.RegisterAsync(stage.People[0], "taro@example.jp");
        await stage.PublishAsync(stage.People);
        await stage.Portal.RunJobsAsync();

        var moved = await PlanAsync(stage, p => p.RescheduleAsync(April, Day.AddDays(3), CancellationToken.None));
        Assert.Equal(Day.AddDays(3), moved.PublishOn);
        await stage.AtAsync(Day.AddDays(2), 12, 0);
        Assert.Empty(stage.Portal.Mail.All);
        await RefusedAsync(p => p.RescheduleAsync(April, Day.AddDays(1), CancellationToken.None), "すでに過ぎています");
        await RefusedAsync(p => p.RescheduleAsync(April, new DateOnly(2026, 4, 30), CancellationToken.None), "終わった後の日");
        await RefusedAsync(p => p.RescheduleAsync(new TreatmentMonth(2026, 5), Day.AddDays(9), CancellationToken.None), "公開予定はありません");

        // Dropped, it is computed as before, and is published again without a new computation.
        var dropped = await PlanAsync(stage, p => p.DropAsync(April, CancellationToken.None));
        Assert.Equal((moved.Id, PublicationState.Computed, null), (dropped.Id, dropped.State, dropped.PublishOn));
        await stage.AtAsync(Day.AddDays(4), 12, 0);
        Assert.Empty(stage.Portal.Mail.All);
        var again = await stage.Portal.InAsync(stage.Society, s => s.GetRequiredService<PublicationService>().PublishAsync(April, Day.AddDays(4), withMails: true, CancellationToken.None));
        Assert.Equal(moved.Id, again.Version.Id);
        await stage.Portal.RunJobsAsync();
        Assert.Equal(["taro@example.jp"], stage.Recipients);

        await RefusedAsync(p => p.RescheduleAsync(April, Day.AddDays(9), CancellationToken.None), "公開中です");
        await RefusedAsync(p => p.DropAsync(April, CancellationToken.None), "公開中です");
        var events = await stage.ReadAsync(db => db.AuditEvents.Where(e => e.Kind == AuditKind.NoticesRescheduled || e.Kind == AuditKind.NoticesUnplanned).OrderBy(e => e.At).Select(e => e.Detail).ToListAsync());
        Assert.Equal(["month=2026-04 from=2026-10-20 to=2026-10-23", "month=2026-04 from=2026-10-23"], events);

        async Task RefusedAsync(Func<PublicationPlan, Task<NoticeVersion>> change, string words) =>
            Assert.Contains(words, (await Assert.ThrowsAsync<PortalInputException>(() => PlanAsync(stage, change))).Message, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task A_dropped_plan_gives_way_to_a_newer_computation(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        var planned = await stage.PublishAsync(stage.People);
        await stage.Portal.InAsync(stage.Society, s => s.GetRequiredService<NoticeComputation>().ComputeAsync(April, cancellationToken: CancellationToken.None));

        Assert.Equal(PublicationState.Superseded, (await PlanAsync(stage, p => p.DropAsync(April, CancellationToken.None))).State);
        var published = await stage.Portal.InAsync(stage.Society, s => s.GetRequiredService<PublicationService>().PublishAsync(April, null, withMails: true, CancellationToken.None));
        Assert.NotEqual(planned.Id, published.Version.Id);
    }

    [Theory, OnEveryDatabase]
    public async Task Who_has_seen_a_month_is_counted_by_day_and_not_named(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind, people: 4);
        await stage.RegisterAsync(stage.People[0], "taro@example.jp");
        var publication = await stage.PublishAsync(stage.People);
        await Assert.ThrowsAsync<PortalInputException>(() => SeenAsync());
        await stage.AtAsync(Day, 9, 0);
        foreach (var (person, viewer, day) in new[] { (0, 0, 0), (0, 1, 0), (1, 1, 0), (2, 0, 1), (0, 0, 2) })
        {
            await stage.Portal.WriteAsync(stage.Society, db => db.NoticeSights.Add(new NoticeSight
            {
                SocietyId = stage.Society.Id, PublicationId = publication.Id, Kind = day == 2 ? NoticeKind.GenericDrug : NoticeKind.MedicalCost, PersonId = stage.People[person].Id, ViewerId = stage.People[viewer].Id,
                SeenAt = new DateTimeOffset(Day.AddDays(day), new TimeOnly(23, 0), JapanTime.Offset),
            }));
        }

        var counts = await SeenAsync();
        Assert.Equal((4, 1, 3), (counts.People, counts.WithAccount, counts.Seen));
        Assert.Equal([KeyValuePair.Create(Day, 2), KeyValuePair.Create(Day.AddDays(1), 1)], counts.ByDay);

        Task<SeenCounts> SeenAsync() => stage.Portal.InAsync(stage.Society, s => s.GetRequiredService<NoticeSeen>().CountAsync(April, CancellationToken.None));
    }

    [Fact]
    public async Task M9_The_mail_says_that_something_is_new_and_nothing_else()
    {
        await using var stage = await StartAsync(DatabaseKind.Sqlite);
        await stage.RegisterAsync(stage.People[0], "taro@example.jp");
        await stage.PublishAsync(stage.People);
        await stage.AtAsync(Day, 9, 0);

        var mail = stage.Portal.Mail.Last;
        Assert.Equal("新しい通知のお知らせ", mail.Subject);
        Assert.Contains("https://minato.portal.test/", mail.TextBody, StringComparison.Ordinal);
        string[] contents = ["港　試", "タメシ", "港中央病院", "10000", "3000", "10,000", "3,000", "医療費", "ジェネリック", "4月", "2026", "本人"];
        Assert.All(contents, word => Assert.DoesNotContain(word, mail.Subject + mail.TextBody, StringComparison.Ordinal));
        var read = System.Text.Encoding.UTF8.GetString(MimeWriter.Write(mail));
        Assert.Contains("Auto-Submitted: auto-generated", read, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task L7_An_address_that_was_taken_out_meanwhile_gets_nothing_that_waited_for_it(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.RegisterAsync(stage.People[0], "taro@example.jp", "moto-no-tsuma@example.jp");
        await stage.PublishAsync(stage.People);
        stage.Portal.Mail.Answer = SentMail.Down;
        await stage.AtAsync(Day, 9, 0);
        stage.Portal.Mail.Answer = null;
        await stage.Portal.WriteAsync(stage.Society, db => db.AccountMailAddresses.Remove(db.AccountMailAddresses.Single(a => a.Address == "moto-no-tsuma@example.jp")));
        stage.Portal.Clock.Advance(TimeSpan.FromHours(1));
        await stage.Portal.RunJobsAsync();
        Assert.Equal(["taro@example.jp"], stage.Recipients);
    }

    [Theory, OnEveryDatabase]
    public async Task Nobody_is_told_who_does_not_want_it_has_nothing_new_or_cannot_log_in(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind, people: 8);
        var people = stage.People;
        for (var i = 0; i < people.Count - 1; i++)
        {
            await stage.RegisterAsync(people[i], $"p{i}@example.jp");
        }

        await stage.Portal.WriteAsync(stage.Society, db =>
        {
            Change(db, people[1], p => p.MedicalCostMail = false);
            Change(db, people[2], p => p.LostOn = new DateOnly(2024, 10, 20));
            Change(db, people[3], p => p.GenericDrugMail = false);
            db.MemberAccounts.Single(a => a.PersonId == people[4].Id).SuspendedAt = stage.Portal.Clock.Now;
            var bounced = db.MemberAccounts.Single(a => a.PersonId == people[5].Id).Id;
            db.AccountMailAddresses.Single(a => a.AccountId == bounced).BouncedAt = stage.Portal.Clock.Now;
        });
        await stage.PublishAsync([.. people.Where((_, i) => i != 6)], month: new TreatmentMonth(2024, 4));
        await stage.AtAsync(Day, 9, 0);

        Assert.Equal(["p0@example.jp", "p3@example.jp"], stage.Recipients);

        static void Change(PortalContext db, Person person, Action<Person> change) => change(db.Persons.Single(p => p.Id == person.Id));
    }

    [Theory, OnEveryDatabase]
    public async Task Who_has_only_generic_drugs_is_told_by_that_switch(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        var (taro, hanako) = (stage.People[0], stage.People[1]);
        await stage.RegisterAsync(taro, "taro@example.jp");
        await stage.RegisterAsync(hanako, "hanako@example.jp");
        await stage.PublishAsync([taro, hanako]);
        await stage.Portal.WriteAsync(stage.Society, db =>
        {
            var publication = db.Publications.Single();
            foreach (var person in db.Persons.Where(p => p.Id == taro.Id || p.Id == hanako.Id))
            {
                person.MedicalCostMail = false;
                person.GenericDrugMail = person.Id == hanako.Id;
                db.GenericDrugLines.Add(Line(stage.Society, publication, person));
            }
        });
        await stage.AtAsync(Day, 9, 0);

        Assert.Equal(["hanako@example.jp"], stage.Recipients);
    }

    [Theory, OnEveryDatabase]
    public async Task Mails_that_wait_are_not_sent_once_the_month_is_withdrawn(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.RegisterAsync(stage.People[0], "taro@example.jp");
        await stage.PublishAsync(stage.People);
        stage.Portal.Mail.Answer = SentMail.Down;
        await stage.AtAsync(Day, 9, 0);
        var withdrawn = await stage.Portal.InAsync(stage.Society, s => s.GetRequiredService<PublicationService>().WithdrawAsync(April, CancellationToken.None));
        stage.Portal.Mail.Answer = null;
        stage.Portal.Clock.Advance(TimeSpan.FromHours(1));
        await stage.Portal.RunJobsAsync();

        Assert.Equal(1, withdrawn.MailsStopped);
        Assert.Empty(stage.Portal.Mail.All);
        Assert.NotNull((await stage.ReadAsync(db => db.OutboxMails.SingleAsync())).FailedAt);

        // Published anew, they are told.
        await stage.PublishAsync(stage.People, on: null);
        await stage.Portal.RunJobsAsync();
        Assert.Equal(["taro@example.jp"], stage.Recipients);
    }

    [Theory, OnEveryDatabase]
    public async Task A_replacement_is_told_to_those_alone_who_had_nothing_before(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        var (taro, hanako) = (stage.People[0], stage.People[1]);
        await stage.RegisterAsync(taro, "taro@example.jp");
        await stage.RegisterAsync(hanako, "hanako@example.jp");
        await stage.PublishAsync([taro]);
        await stage.AtAsync(Day, 9, 0);
        await stage.PublishAsync([taro, hanako], on: null);
        await stage.AtAsync(Day, 10, 0);

        Assert.Equal(["taro@example.jp", "hanako@example.jp"], stage.Portal.Mail.All.Select(m => m.To.Value));
    }

    [Theory, OnEveryDatabase]
    public async Task Two_processes_at_once_queue_each_mail_once(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        await stage.RegisterAsync(stage.People[0], "taro@example.jp");
        await stage.PublishAsync(stage.People);
        stage.Portal.Clock.Set(new DateTimeOffset(Day, new TimeOnly(9, 0), JapanTime.Offset));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => stage.Portal.InAsync(
            stage.Society, s => s.GetRequiredService<NoticeMailing>().QueueNextAsync(CancellationToken.None))));

        Assert.Equal(1, await stage.ReadAsync(db => db.OutboxMails.CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task Thousands_of_mails_are_queued_in_one_commit(DatabaseKind kind)
    {
        const int Count = 6000;
        await using var stage = await StartAsync(kind);
        var publication = await stage.PublishAsync(stage.People);
        await stage.Portal.InAsync(stage.Society, services => services.GetRequiredService<UnitOfWork>().CommitAsync(async () =>
        {
            var bulk = services.GetRequiredService<BulkWrites>();
            var people = Enumerable.Range(0, Count).Select(i => Copy(stage.People[0], i)).ToList();
            var accounts = people.ConvertAll(p => AccountOf(p, $"many{p.ListOrder}"));
            await bulk.InsertAsync(people, CancellationToken.None);
            services.GetRequiredService<PortalContext>().MemberAccounts.AddRange(accounts);
            await bulk.InsertAsync(accounts.ConvertAll(a => AddressOf(a, 1, $"{a.LoginId}@example.jp")), CancellationToken.None);
            await bulk.InsertAsync(people.ConvertAll(p => LineOf(publication, p)), CancellationToken.None);
        }));
        stage.Portal.Clock.Set(new DateTimeOffset(Day, new TimeOnly(9, 0), JapanTime.Offset));

        await stage.Portal.RunJobsAsync("notice-mails");

        Assert.Equal(Count, await stage.ReadAsync(db => db.OutboxMails.Select(m => m.ToAddress).Distinct().CountAsync()));
    }

    [Theory, OnEveryDatabase]
    public async Task Notices_and_their_claims_are_kept_for_the_societys_years(DatabaseKind kind)
    {
        await using var stage = await StartAsync(kind);
        var (old, kept) = (new TreatmentMonth(2020, 12), new TreatmentMonth(2021, 1));
        foreach (var month in new[] { old, kept })
        {
            var publication = await stage.PublishAsync(stage.People, month: month);
            await stage.Portal.WriteAsync(stage.Society, db =>
            {
                db.GenericDrugLines.Add(Line(stage.Society, publication, stage.People[0]));
                db.NoticeSights.Add(new NoticeSight
                {
                    SocietyId = stage.Society.Id, PublicationId = publication.Id, Kind = NoticeKind.MedicalCost, PersonId = stage.People[0].Id, ViewerId = stage.People[0].Id,
                    SeenAt = stage.Portal.Clock.Now,
                });
                db.HiddenClaims.Add(new HiddenClaim
                {
                    SocietyId = stage.Society.Id, PersonId = stage.People[0].Id, HiddenAt = stage.Portal.Clock.Now, Month = month, InstitutionKey = "1311234567",
                    ClaimId = db.ReceivedClaims.First(c => c.Month == month).Id,
                });
            });
        }

        await stage.Portal.RunJobsAsync("retention");

        await stage.ReadAsync(async db =>
        {
            Assert.Equal([kept], await db.Publications.Select(p => p.Month).ToListAsync());
            Assert.All(await db.MedicalCostLines.Select(l => l.Month).ToListAsync(), m => Assert.Equal(kept, m));
            Assert.All(await db.ReceivedClaims.Select(l => l.Month).ToListAsync(), m => Assert.Equal(kept, m));
            Assert.Equal(2, await db.MedicalCostLines.CountAsync());

            // What is hidden of December may hide a pharmacy's line of January.
            Assert.Equal((1, 1, 2, 2), (await db.GenericDrugLines.CountAsync(), await db.NoticeSights.CountAsync(), await db.HiddenClaims.CountAsync(), await db.ReceivedClaims.CountAsync()));
            return 0;
        });
    }

    private static Task<NoticeVersion> PlanAsync(Stage stage, Func<PublicationPlan, Task<NoticeVersion>> change) =>
        stage.Portal.InAsync(stage.Society, s => change(s.GetRequiredService<PublicationPlan>()));

    private static async Task<Stage> StartAsync(DatabaseKind kind, int people = 2)
    {
        var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var household = await new Residents(portal.Services, society).AddHouseholdAsync(p => p.AcquiredOn = new DateOnly(2000, 4, 1), [.. Enumerable.Range(0, people).Select(i => i == 0 ? "本人" : $"家族{i}")]);
        return new Stage(portal, society, household);
    }

    private static MedicalCostLine LineOf(NoticeVersion publication, Person person) => new()
    {
        SocietyId = person.SocietyId, PublicationId = publication.Id, ClaimId = Guid.CreateVersion7(), PersonId = person.Id, Month = publication.Month,
        Care = CareKind.MedicalOutpatient, InstitutionKey = "1311234567", InstitutionName = "港中央病院", Days = 1,
        Amounts = new ClaimAmounts { TotalYen = 1000, UpperBoundYen = 300, CorrectionYen = 0, HasPublicFunds = false },
    };

    private static GenericDrugLine Line(Society society, NoticeVersion publication, Person person) => new()
    {
        SocietyId = society.Id, PublicationId = publication.Id, ClaimId = Guid.CreateVersion7(), PersonId = person.Id, Month = publication.Month,
        DrugCode = "620000001", DrugName = "くすり", Quantity = 1.5m, Unit = "錠", CostYen = 1000, LeastSavingYen = 300, MostSavingYen = 500, Candidates = [],
    };

    private static MemberAccount AccountOf(Person person, string loginId) => new()
    {
        SocietyId = person.SocietyId, PersonId = person.Id, LoginId = loginId, LoginIdKey = loginId, PasswordHash = "-", Nickname = "-",
        CreatedAt = new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero),
    };

    private static AccountMailAddress AddressOf(MemberAccount account, int slot, string address) => new()
    {
        SocietyId = account.SocietyId, AccountId = account.Id, Slot = slot, Address = address, AddressKey = address, ConfirmedAt = account.CreatedAt,
    };

    private static Person Copy(Person person, int number) => new()
    {
        SocietyId = person.SocietyId, HouseholdId = person.HouseholdId, Name = person.Name, Kana = person.Kana, KanaKey = $"{person.KanaKey}{number}", Sex = person.Sex,
        BirthDate = person.BirthDate, Relationship = "家族", AcquiredOn = person.AcquiredOn, ListOrder = 1_000_000 + number,
    };

    /// <summary>A society with a household, whose months are published.</summary>
    private sealed class Stage(TestPortal portal, Society society, IReadOnlyList<Person> people) : IAsyncDisposable
    {
        public TestPortal Portal => portal;

        public Society Society => society;

        public IReadOnlyList<Person> People => people;

        public IEnumerable<string> Recipients => portal.Mail.All.Select(m => m.To.Value).Order(StringComparer.Ordinal);

        public Task<T> ReadAsync<T>(Func<PortalContext, Task<T>> read) => portal.ReadAsync(society, read);

        public Task RegisterAsync(Person person, params string[] addresses) => portal.WriteAsync(society, db =>
        {
            var account = AccountOf(person, $"p{person.Id:N}");
            db.MemberAccounts.Add(account);
            db.AccountMailAddresses.AddRange(addresses.Select((address, i) => AddressOf(account, i + 1, address)));
        });

        /// <summary>Each of the given people has one claim of the month; it is computed and published.</summary>
        public Task<NoticeVersion> PublishAsync(IReadOnlyList<Person> patients, TreatmentMonth? month = null) => PublishAsync(patients, Day, month);

        /// <param name="patients">Who has a claim.</param>
        /// <param name="on">Null for the usual day.</param>
        /// <param name="month">April where none is given.</param>
        public async Task<NoticeVersion> PublishAsync(IReadOnlyList<Person> patients, DateOnly? on, TreatmentMonth? month = null)
        {
            var of = month ?? April;
            var cards = await ReadAsync(db => db.InsuranceCards.AsNoTracking().ToDictionaryAsync(c => c.PersonId));
            var text = ClaimText.OfInsurer();
            foreach (var person in patients)
            {
                var card = cards[person.Id];
                text.Start($"9{of.Year % 100:D2}{of.Month:D2}{card.Branch:D2}00")
                    .Own("IR")
                    .Own("RE", (3, $"{of.Year}{of.Month:D2}"), (5, $"{(int)person.Sex}"), (6, $"{person.BirthDate:yyyyMMdd}"))
                    .Own("HO", (1, society.InsurerNumber), (2, card.Symbol), (3, card.Number))
                    .Own("SN", (6, card.Branch));
            }

            var file = Path.Combine(portal.Directory, "claims.csv");
            await File.WriteAllBytesAsync(file, text.Bytes(), TestContext.Current.CancellationToken);
            return await portal.InAsync(society, async services =>
            {
                await services.GetRequiredService<ClaimFilesImport>().ImportAsync([file], isDryRun: false, TestContext.Current.CancellationToken);
                var check = await services.GetRequiredService<NoticeComputation>().ComputeAsync(of, cancellationToken: TestContext.Current.CancellationToken);
                Assert.Equal(patients.Count, check.People);
                return (await services.GetRequiredService<PublicationService>().PublishAsync(of, on, withMails: true, TestContext.Current.CancellationToken)).Version;
            });
        }

        public Task AtAsync(DateOnly day, int hour, int minute)
        {
            portal.Clock.Set(new DateTimeOffset(day, new TimeOnly(hour, minute), JapanTime.Offset));
            return portal.RunJobsAsync();
        }

        public ValueTask DisposeAsync() => portal.DisposeAsync();
    }
}
