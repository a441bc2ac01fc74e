using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Support;

/// <summary>What an archive holds.</summary>
/// <param name="Months">Up to the newest that is public today.</param>
/// <param name="HasClaims">Whether the claims are written too; no page of 医療費通知 reads them, and they are half of the rows.</param>
/// <param name="NewestIsDraft">Whether the newest month is computed only, for who publishes it.</param>
internal sealed record ArchiveWishes(int Months = 36, bool HasClaims = true, bool NewestIsDraft = false);

/// <summary>
/// Published notices of everybody in a <see cref="Population"/>, month after month, in the tables and the order in which imports and computations write
/// them, indexes in place: the rows of <see cref="NoticePattern"/> with other ids, people and months.
/// </summary>
internal sealed class NoticeArchive
{
    private readonly NoticePattern _pattern;
    private readonly ArchiveWishes _wishes;
    private readonly Dictionary<Guid, int> _numbers = [];
    private long _lines;

    private NoticeArchive(NoticePattern pattern, ArchiveWishes wishes) => (_pattern, _wishes, Newest) = (pattern, wishes, NewestToday());

    /// <summary>The newest month.</summary>
    public TreatmentMonth Newest { get; }

    /// <summary>The newest year of which every month is there.</summary>
    public int WholeYear => Newest.AddMonths(-11).Year;

    /// <summary>Lines of 医療費通知, of everybody and all months.</summary>
    public long Lines => _lines;

    public static async Task<NoticeArchive> WriteAsync(Ground ground, PortalStore store, Population population, ArchiveWishes wishes, NoticePattern pattern)
    {
        ground.Tell(string.Create(CultureInfo.InvariantCulture, $"{store.Kind}: writing notices of {wishes.Months} months"));
        var archive = new NoticeArchive(pattern, wishes);
        var holders = new List<IReadOnlyList<Holder>>();
        foreach (var society in population.Societies)
        {
            holders.Add(await archive.HoldersAsync(store, society, ground.Cancellation));
        }

        for (var back = wishes.Months - 1; back >= 0; back--)
        {
            foreach (var (society, people) in population.Societies.Zip(holders))
            {
                await archive.AddAsync(store, society, people, archive.Newest.AddMonths(-back), ground.Cancellation);
            }
        }

        await store.SettleAsync();
        ground.Tell(string.Create(CultureInfo.InvariantCulture, $"{store.Kind}: {archive.Lines:#,##0} lines of notices are written"));
        return archive;
    }

    /// <summary>The accounts whose people have something to pay in each of these months, and whose every share is known: of the others a page tells the most that it may be.</summary>
    public IReadOnlyList<Tenant> Paying(IEnumerable<Tenant> accounts, params TreatmentMonth[] months) =>
        [.. accounts.Where(a => months.All(m => PaidYen(a.PersonId, m) > 0) && Enumerable.Range(1, 12).All(month => IsKnown(a.PersonId, month)))];

    /// <summary>支払った医療費の額 of a month, as the page says it.</summary>
    public long PaidYen(Guid personId, TreatmentMonth month) => PaidYen(personId, month.Month);

    /// <summary>支払った医療費の額 of <see cref="WholeYear"/>.</summary>
    public long PaidYen(Guid personId) => Enumerable.Range(1, 12).Sum(month => PaidYen(personId, month));

    /// <summary>Lines of 医療費通知 in <see cref="WholeYear"/>.</summary>
    public int LinesOf(Guid personId) => Enumerable.Range(1, 12).Sum(month => _pattern.Of(_numbers[personId], month).Costs.Count);

    /// <summary>Whether a month has a line of either notice.</summary>
    public bool HasNotice(Guid personId, TreatmentMonth month) => _pattern.Of(_numbers[personId], month.Month) is { Costs.Count: > 0 } or { Drugs.Count: > 0 };

    private long PaidYen(Guid personId, int month)
    {
        var (patient, meal) = (_pattern.Costs.Of(nameof(ClaimAmounts.PatientYen)), _pattern.Costs.Of(nameof(ClaimAmounts.MealShareYen)));
        return _pattern.Of(_numbers[personId], month).Costs.Where(IsKnown).Sum(row => Number(row[patient]) + Number(row[meal]));
    }

    private bool IsKnown(Guid personId, int month) => _pattern.Of(_numbers[personId], month).Costs.TrueForAll(IsKnown);

    /// <summary>Whether a line tells what was paid, of its meals too.</summary>
    private bool IsKnown(object?[] row)
    {
        var (patient, meal, meals) = (
            _pattern.Costs.Of(nameof(ClaimAmounts.PatientYen)), _pattern.Costs.Of(nameof(ClaimAmounts.MealShareYen)), _pattern.Costs.Of(nameof(ClaimAmounts.MealTotalYen)));
        return row[patient] is not null && (row[meal] is not null || Number(row[meals]) == 0);
    }

    private static long Number(object? value) => value is null ? 0 : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    /// <summary>Everybody of a society in the order of a computation, which goes by person.</summary>
    private async Task<IReadOnlyList<Holder>> HoldersAsync(PortalStore store, Society society, CancellationToken cancellationToken)
    {
        await using var scope = store.Services.GetRequiredService<SocietyScopes>().Open(society, actor => actor.IsSystemUser("measure"));
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        var cards = await db.Persons.AsNoTracking()
            .Join(db.InsuranceCards, person => person.Id, card => card.PersonId, (person, card) => new { person.Id, card.SymbolKey, card.NumberKey, card.Branch })
            .OrderBy(c => c.Id).ToListAsync(cancellationToken);
        var first = _numbers.Count;
        List<Holder> holders = [.. cards.Select((c, i) => new Holder(first + i, c.Id, c.SymbolKey, c.NumberKey, c.Branch))];
        holders.ForEach(h => _numbers.Add(h.PersonId, h.Number));
        return holders;
    }

    private async Task AddAsync(PortalStore store, Society society, IReadOnlyList<Holder> people, TreatmentMonth month, CancellationToken cancellationToken)
    {
        var rows = new MonthRows(_pattern, society.Id, month);
        foreach (var person in people)
        {
            rows.Add(person);
        }

        _lines += rows.Costs.Count;
        await using var scope = store.Services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        await using var connection = await store.OpenAsync();
        var publication = BulkLoad.Of(scope.ServiceProvider.GetRequiredService<PortalContext>(), [PublicationOf(rows, society, month)]);
        await BulkLoad.WriteAsync(connection, [.. _wishes.HasClaims ? [rows.ClaimRows] : Array.Empty<TableRows>(), publication, rows.CostRows, rows.DrugRows], cancellationToken);
    }

    private NoticeVersion PublicationOf(MonthRows rows, Society society, TreatmentMonth month)
    {
        var (day, isDraft) = (NoticeCalendar.UsualDay(month, society.NoticeDay), _wishes.NewestIsDraft && month == Newest);
        var moment = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return new NoticeVersion
        {
            Id = rows.PublicationId,
            SocietyId = society.Id,
            Month = month,
            State = isDraft ? PublicationState.Computed : PublicationState.Published,
            ComputedAt = moment.AddDays(-1),
            PublishOn = isDraft ? null : day,
            MailedAt = isDraft ? null : moment,
            People = rows.People,
            MedicalCostLines = rows.Costs.Count,
            GenericDrugLines = rows.Drugs.Count,
        };
    }

    /// <summary>The newest month whose usual day has come, whatever day a society has.</summary>
    private static TreatmentMonth NewestToday() => TreatmentMonth.Of(JapanTime.DateOf(TimeProvider.System.GetUtcNow())).AddMonths(-NoticeCalendar.MonthsUntilNotice - 1);

    /// <summary>A person and the card that claims name.</summary>
    internal sealed record Holder(int Number, Guid PersonId, string SymbolKey, string NumberKey, string? Branch);
}
