using System.Globalization;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Support;

/// <summary>An account whose password everybody here knows.</summary>
/// <param name="Society">Its society's place in <see cref="Population.Societies"/>.</param>
/// <param name="Id">The account.</param>
/// <param name="PersonId">Whose it is.</param>
/// <param name="LoginId">Its login ID.</param>
/// <param name="Address">Its mail address.</param>
public sealed record Tenant(int Society, Guid Id, Guid PersonId, string LoginId, string Address);

/// <summary>
/// Many people, accounts and logins, written in bulk: to log 300,000 people in by hand would take two hours of hashing. The password is
/// one for all and hashed once.
/// </summary>
public sealed class Population
{
    public const string Password = "Shiosai-2026-Kenpo";

    private readonly PortalStore _store;

    private Population(PortalStore store, IReadOnlyList<Society> societies, IReadOnlyList<Tenant> accounts) => (_store, Societies, Accounts) = (store, societies, accounts);

    public DatabaseKind Kind => _store.Kind;

    public IReadOnlyList<Society> Societies { get; }

    public IReadOnlyList<Tenant> Accounts { get; }

    /// <summary>Fills a store.</summary>
    /// <param name="ground">Where it is told how far it is.</param>
    /// <param name="store">It has one society already, which becomes the first.</param>
    /// <param name="people">In all societies together.</param>
    /// <param name="accounts">In all societies together.</param>
    /// <param name="societies">How many.</param>
    /// <param name="isShared">Whether everybody shows their notices to the household.</param>
    public static async Task<Population> WriteAsync(Ground ground, PortalStore store, int people, int accounts, int societies = 1, bool isShared = false)
    {
        ground.Tell(string.Create(CultureInfo.InvariantCulture, $"{store.Kind}: writing {people:#,##0} people and {accounts:#,##0} accounts in {societies} societies"));
        var gate = new HashingGate();
        var hash = await new PasswordHashing(gate).HashAsync(Password, ground.Cancellation);
        var all = new List<Society> { await store.SocietyAsync() };
        for (var i = 1; i < societies; i++)
        {
            all.Add(await AddSocietyAsync(store, i, ground.Cancellation));
        }

        var tenants = new List<Tenant>(accounts);
        for (var i = 0; i < societies; i++)
        {
            tenants.AddRange(await FillAsync(ground, store, all[i], i, people / societies, accounts / societies, hash, isShared));
        }

        await store.SettleAsync();
        return new Population(store, all, tenants);
    }

    /// <summary>Logs so many accounts in, spread over all, and ends every other session.</summary>
    public Task<LoggedIn> LogInAsync(Ground ground, int count) => LogInAsync(ground, Accounts, count);

    /// <summary>Logs so many of these accounts in, spread over all of them, and ends every other session.</summary>
    /// <param name="ground">The run's.</param>
    /// <param name="among">Of whom.</param>
    /// <param name="count">How many; all where there are no more.</param>
    public Task<LoggedIn> LogInAsync(Ground ground, IReadOnlyList<Tenant> among, int count)
    {
        var most = Math.Min(count, among.Count);
        return LoggedIn.OpenAsync(ground, _store, Societies, [.. Enumerable.Range(0, most).Select(i => among[(int)((long)i * among.Count / most)])]);
    }

    /// <summary>A file of requests without a session, which goes through all societies.</summary>
    public async Task<string> HostsAsync(Ground ground)
    {
        var file = Path.Combine(ground.Folder, $"requests-{Guid.CreateVersion7():N}");
        await File.WriteAllLinesAsync(file, Societies.Select(s => $"{s.Host} -"), ground.Cancellation);
        return file;
    }

    private static async Task<Society> AddSocietyAsync(PortalStore store, int number, CancellationToken cancellationToken)
    {
        var seven = string.Create(CultureInfo.InvariantCulture, $"0613{number:D3}");
        var society = SocietySettings.Create(
            $"s{number}",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["insurer-number"] = string.Create(CultureInfo.InvariantCulture, $"{seven}{InsurerNumber.CheckDigit(seven)}"),
                ["name"] = $"第{number}健康保険組合",
                ["host"] = $"s{number}.portal.test",
                ["mail-from"] = $"portal@s{number}.test",
                ["registration-address"] = $"toroku@s{number}.test",
            },
            host => $"https://{host}");
        await using var scope = store.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().IsSystemUser("measure");
        await scope.ServiceProvider.GetRequiredService<SocietySettings>().AddAsync(society, cancellationToken);
        return society;
    }

    private static async Task<List<Tenant>> FillAsync(Ground ground, PortalStore store, Society society, int place, int people, int accounts, string hash, bool isShared)
    {
        await using var scope = store.Services.GetRequiredService<SocietyScopes>().Open(society, actor => actor.IsSystemUser("measure"));
        var (db, now) = (scope.ServiceProvider.GetRequiredService<PortalContext>(), TimeProvider.System.GetUtcNow());
        var residents = Census.People(people).ToList();
        var households = residents.Where(r => r.Branch == 0).Select(_ => new Household { SocietyId = society.Id }).ToList();
        var persons = residents.ConvertAll(r => PersonOf(r, society.Id, households[r.Household].Id));
        var cards = residents.Zip(persons, (r, p) => CardOf(r, p));
        var holders = Enumerable.Range(0, accounts).Select(i => persons[(int)((long)i * people / accounts)]).ToList();
        var members = holders.Select((p, i) => AccountOf(p, i, hash, now)).ToList();
        var tenants = members.Select((m, i) => new Tenant(place, m.Id, m.PersonId, m.LoginId, string.Create(CultureInfo.InvariantCulture, $"m{i}@home{place}.test"))).ToList();
        var addresses = tenants.ConvertAll(t => new AccountMailAddress
        {
            SocietyId = society.Id, AccountId = t.Id, Slot = 1, Address = t.Address, AddressKey = t.Address, ConfirmedAt = now,
        });
        var switches = (isShared ? persons : []).SelectMany(p => Enum.GetValues<NoticeKind>().Select(kind => new DisclosureSetting
        {
            SocietyId = society.Id, PersonId = p.Id, HouseholdId = p.HouseholdId, Kind = kind, IsOpen = true, From = now, SetByPersonId = p.Id,
        })).ToList();
        await using var connection = await store.OpenAsync();
        await BulkLoad.WriteAsync(
            connection,
            [BulkLoad.Of(db, households), BulkLoad.Of(db, persons), BulkLoad.Of(db, cards), BulkLoad.Of(db, members), BulkLoad.Of(db, addresses), BulkLoad.Of(db, switches)],
            ground.Cancellation);
        return tenants;
    }

    private static Person PersonOf(Resident r, Guid society, Guid household) => new()
    {
        SocietyId = society,
        HouseholdId = household,
        Name = r.Name,
        Kana = r.Kana,
        KanaKey = KanaName.TryParse(r.Kana, out var kana) ? kana.Key : r.Kana,
        Sex = r.Sex,
        BirthDate = r.BirthDate,
        Relationship = r.Relationship,
        AcquiredOn = r.AcquiredOn,
        PostalCode = r.PostalCode,
        Address = r.Address,
        Workplace = r.Workplace,
        ListOrder = r.Number,
    };

    private static InsuranceCard CardOf(Resident r, Person person) => new()
    {
        SocietyId = person.SocietyId,
        PersonId = person.Id,
        Symbol = r.Symbol,
        SymbolKey = r.Symbol,
        Number = r.CardNumber,
        NumberKey = r.CardNumber,
        Branch = r.BranchText,
        ValidFrom = r.AcquiredOn,
    };

    private static MemberAccount AccountOf(Person person, int number, string hash, DateTimeOffset now)
    {
        var loginId = string.Create(CultureInfo.InvariantCulture, $"member-{number:D6}");
        return new MemberAccount
        {
            SocietyId = person.SocietyId,
            PersonId = person.Id,
            LoginId = loginId,
            LoginIdKey = loginId,
            PasswordHash = hash,
            Nickname = "しおさい",
            CreatedAt = now,
            LastLoginAt = now.AddDays(-30),
        };
    }
}
