using System.Text;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KenkoPortal.Tests.Members.Import;

/// <summary>A society into which lists are imported, at noon of the day on which the lists were written.</summary>
internal sealed class ImportedSociety : IAsyncDisposable
{
    private readonly TestPortal _portal;
    private readonly Society _society;

    private ImportedSociety(TestPortal portal, Society society) => (_portal, _society) = (portal, society);

    public FakeClock Clock => _portal.Clock;

    public DateOnly Today { get; } = ListText.Options.Today;

    public static async Task<ImportedSociety> StartAsync(DatabaseKind kind)
    {
        var portal = await TestPortal.StartAsync(kind, services =>
        {
            services.TryAddScoped<BulkWrites>();
            services.TryAddScoped<MemberListImport>();
        });
        portal.Clock.Set(new DateTimeOffset(ListText.Options.Today, new TimeOnly(12, 0), TimeSpan.FromHours(9)));
        return new ImportedSociety(portal, await portal.AddSocietyAsync(change: s => s.InsurerNumber = ListText.Insurer));
    }

    /// <summary>Another society in the same database.</summary>
    public async Task<ImportedSociety> NeighbourAsync(string key = "tonari") =>
        new(_portal, await _portal.AddSocietyAsync(key));

    /// <summary>Applies a list and expects that it can be.</summary>
    public async Task<MemberListComparison> TakeAsync(ListText list, bool isDifference = false, bool acceptLeavers = true)
    {
        var outcome = await ImportAsync(list, new MemberListImportOptions { IsDifference = isDifference, AcceptLeavers = acceptLeavers, AcceptOlder = true });
        Assert.Empty(outcome.File.Errors);
        Assert.Equal(MemberListVerdict.Applied, outcome.Verdict);
        return outcome.Comparison!;
    }

    public Task<MemberListOutcome> ImportAsync(ListText list, MemberListImportOptions options) => ImportAsync(list.Utf8(), options);

    public Task<MemberListOutcome> ImportAsync(byte[] list, MemberListImportOptions options) => _portal.InAsync(_society, async services =>
    {
        // Lists are written for the first society; a neighbour's name its own number.
        using var file = new MemoryStream(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(list).Replace(ListText.Insurer, _society.InsurerNumber, StringComparison.Ordinal)));
        return await services.GetRequiredService<MemberListImport>().ImportAsync(file, options, cancellationToken: TestContext.Current.CancellationToken);
    });

    public Task<T> ReadAsync<T>(Func<PortalContext, Task<T>> read) => _portal.ReadAsync(_society, read);

    public Task WriteAsync(Action<PortalContext> write) => _portal.WriteAsync(_society, write);

    /// <summary>SQL as whoever owns the tables.</summary>
    public async Task ExecuteAsync(string onSqlite, string onPostgres)
    {
        if (_portal.TestDatabase.Database.IsPostgres)
        {
            await _portal.TestDatabase.ExecuteAsAdminAsync(onPostgres);
        }
        else
        {
            await ReadAsync(db => db.Database.ExecuteSqlRawAsync(onSqlite));
        }
    }

    public Task<List<Person>> PeopleAsync() => ReadAsync(db => db.Persons.AsNoTracking().OrderBy(p => p.ListOrder).ToListAsync());

    /// <summary>The person with this reading; there must be one.</summary>
    public async Task<Person> PersonAsync(string kanaKey) => Assert.Single(await PeopleAsync(), p => p.KanaKey == kanaKey);

    /// <summary>A person's cards as <c>記号-番号-枝番 from..to</c>, from the first.</summary>
    public Task<List<string>> CardsAsync(Person person) => ReadAsync(async db => (await db.InsuranceCards.AsNoTracking()
        .Where(c => c.PersonId == person.Id).OrderBy(c => c.ValidFrom).ToListAsync())
        .ConvertAll(c => $"{c.Symbol}-{c.Number}-{c.Branch} {c.ValidFrom:yyyy-MM-dd}..{c.ValidTo:yyyy-MM-dd}"));

    /// <summary>Everything that a list can change.</summary>
    public Task<string> SnapshotAsync() => ReadAsync(async db =>
    {
        var persons = await db.Persons.AsNoTracking().OrderBy(p => p.Id).ToListAsync();
        var cards = await db.InsuranceCards.AsNoTracking().OrderBy(c => c.Id).ToListAsync();
        var households = await db.Households.AsNoTracking().OrderBy(h => h.Id).Select(h => h.Id).ToListAsync();
        var disclosures = await db.DisclosureSettings.AsNoTracking().OrderBy(d => d.Id).ToListAsync();
        return System.Text.Json.JsonSerializer.Serialize(new { persons, cards, households, disclosures });
    });

    /// <summary>Lets a person disclose 医療費通知 to the household.</summary>
    public Task DiscloseAsync(Person person) => WriteAsync(db => db.DisclosureSettings.Add(new DisclosureSetting
    {
        SocietyId = person.SocietyId, PersonId = person.Id, HouseholdId = person.HouseholdId, Kind = NoticeKind.MedicalCost, IsOpen = true,
        From = Clock.GetUtcNow(), SetByPersonId = person.Id,
    }));

    /// <summary>Whether the viewer is shown the owner's 医療費通知.</summary>
    public Task<bool> SeesAsync(Person viewer, Person owner) => _portal.InAsync(_society, services =>
        services.GetRequiredService<Visibility>().MaySeeAsync(viewer.Id, owner.Id, NoticeKind.MedicalCost, TestContext.Current.CancellationToken));

    public ValueTask DisposeAsync() => _portal.DisposeAsync();
}
