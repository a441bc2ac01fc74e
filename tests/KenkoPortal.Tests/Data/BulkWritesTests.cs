using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Data;

public sealed class BulkWritesTests
{
    private static readonly DateTimeOffset Moment = new(2026, 10, 5, 1, 2, 3, 450, TimeSpan.Zero);

    [Theory, OnEveryDatabase]
    public async Task What_is_written_in_bulk_is_byte_for_byte_what_is_written_one_by_one(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await CompareAsync(portal, society, Claim(society, "", null, null), Claim(society, "港 𠮷", "01", -5));
        await CompareAsync(
            portal,
            society,
            Drug(society, 1.5m, []),
            Drug(society, 28m, [new GenericCandidate("くすり", 5.7m, 100)]),
            Drug(society, 0m, []),
            Drug(society, -0.00012m, []),
            Drug(society, 10_000m, []),
            Drug(society, 1.50m, []),
            Drug(society, 79_228_162_514_264_337_593.543950335m, []),
            Drug(society, 1m, [new GenericCandidate(new string('薬', 100_000), 5.7m, 100)]));
        await CompareAsync(portal, society, Mail(society, null), Mail(society, Moment.AddTicks(7)));
    }

    [Theory, OnEveryDatabase]
    public async Task What_is_changed_in_bulk_is_what_was_named_and_nothing_else(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var (claim, other) = (Claim(society, "a", "01", 5), Claim(society, "b", null, null));
        await InsertAsync(portal, society, claim, other);
        (claim.Days, claim.Branch, claim.Amounts) = (9, null, claim.Amounts with { TotalYen = 1, PatientYen = 1 });
        await portal.InAsync(society, s => s.GetRequiredService<UnitOfWork>().CommitAsync(
            () => s.GetRequiredService<BulkWrites>().UpdateAsync([claim], [nameof(ReceivedClaim.Days), nameof(ReceivedClaim.Branch), nameof(ClaimAmounts.PatientYen)], CancellationToken.None)));

        var stored = await portal.ReadAsync(society, db => db.ReceivedClaims.AsNoTracking().OrderBy(c => c.SourceKey).ToListAsync());
        Assert.Equal([(9, null, 1000), (2, null, 1000)], stored.Select(c => (c.Days, c.Branch, c.Amounts.TotalYen)));
        Assert.Equal([1, null], stored.Select(c => c.Amounts.PatientYen));
    }

    [Theory, OnEveryDatabase]
    public async Task A_row_that_is_refused_leaves_nothing_behind(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        var claim = Claim(society, "a", "01", 5);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => InsertAsync(portal, society, claim, claim));
        await Assert.ThrowsAsync<InvalidOperationException>(() => InsertAsync(portal, society, Claim(new Society
        {
            Key = "x", InsurerNumber = "", Name = "", Host = "", Origin = "", MailFrom = "", RegistrationAddress = "",
        }, "c", null, null)));
        Assert.Equal(0, await portal.ReadAsync(society, db => db.ReceivedClaims.CountAsync()));
        await InsertAsync(portal, society, claim);
    }

    private static async Task CompareAsync<TEntity>(TestPortal portal, Society society, params TEntity[] rows)
        where TEntity : class, ITenantOwned
    {
        await portal.WriteAsync(society, db => db.Set<TEntity>().AddRange(rows));
        var expected = await DumpAsync<TEntity>(portal, society);
        await portal.ReadAsync(society, db => db.Set<TEntity>().ExecuteDeleteAsync());
        await InsertAsync(portal, society, rows);
        Assert.Equal(rows.Length, expected.Count);
        Assert.Equal(expected, await DumpAsync<TEntity>(portal, society));
    }

    private static Task InsertAsync<TEntity>(TestPortal portal, Society society, params TEntity[] rows)
        where TEntity : class, ITenantOwned =>
        portal.InAsync(society, s => s.GetRequiredService<UnitOfWork>().CommitAsync(() => s.GetRequiredService<BulkWrites>().InsertAsync(rows, CancellationToken.None)));

    /// <summary>As it is stored: on SQLite each value with the type that it has there.</summary>
    private static Task<List<string>> DumpAsync<TEntity>(TestPortal portal, Society society)
        where TEntity : class => portal.ReadAsync(society, async db =>
        {
            var entity = db.Model.FindEntityType(typeof(TEntity))!;
            var isSqlite = !portal.TestDatabase.Database.IsPostgres;
            var columns = entity.GetFlattenedProperties().Select(p => $"\"{p.GetColumnName()}\"").Select(c => isSqlite ? $"typeof({c}) || ' ' || quote({c})" : $"{c}::text");
            await using var transaction = await db.Database.BeginTransactionAsync();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT {string.Join(", ", columns)} FROM \"{entity.GetTableName()}\" ORDER BY \"Id\"";
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<string>();
            while (await reader.ReadAsync())
            {
                rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetString(i))));
            }

            return rows;
        });

    private static ReceivedClaim Claim(Society society, string text, string? branch, int? yen) => new()
    {
        SocietyId = society.Id, SourceKey = $"K{text}", Fingerprint = long.MinValue + 5, Month = new TreatmentMonth(2026, 4), Care = CareKind.Pharmacy, Number = "1",
        InstitutionKey = text, InstitutionName = text, PrescriberKey = branch, SymbolKey = text, NumberKey = text, Branch = branch, BirthDate = new DateOnly(1926, 12, 25),
        Sex = Sex.Female, NameKey = text, PersonId = yen is null ? null : Guid.CreateVersion7(), Match = ClaimMatch.NoCard, Days = 2,
        Amounts = new ClaimAmounts
        {
            TotalYen = 1000, PatientYen = yen, UpperBoundYen = 300, PublicFundsYen = yen, InsurerYen = yen, MealTotalYen = yen, MealShareYen = yen, CorrectionYen = -100,
            HasPublicFunds = yen is null,
        },
        PatientPercent = 30, Drugs = text, ChangedAt = Moment, WithdrawnAt = yen is null ? null : Moment,
    };

    private static GenericDrugLine Drug(Society society, decimal quantity, IReadOnlyList<GenericCandidate> candidates) => new()
    {
        SocietyId = society.Id, PublicationId = Guid.CreateVersion7(), ClaimId = Guid.CreateVersion7(), PersonId = Guid.CreateVersion7(), Month = new TreatmentMonth(2026, 4),
        DrugCode = "620000001", DrugName = "くすり", Quantity = quantity, Unit = "", CostYen = 1, LeastSavingYen = 1, MostSavingYen = 1, Candidates = candidates,
    };

    private static OutboxMail Mail(Society society, DateTimeOffset? expires) => new()
    {
        SocietyId = society.Id, Lane = MailLane.Notice, Template = "t", ToAddress = "a@example.jp", QueuedAt = Moment, NextAttemptAt = Moment, ExpiresAt = expires,
        SubjectId = expires is null ? null : Guid.CreateVersion7(),
    };
}
