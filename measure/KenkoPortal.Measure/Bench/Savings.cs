using System.Diagnostics;
using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Societies;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// What the month's drugs could have cost: ジェネリック通知 of 100,000 people, computed from the claims that an import left, beside the time of that import. The
/// claims are read before, for the 医療費通知 needs them as well; the drug lists are read anew each time.
/// </summary>
internal sealed class Savings : IMeasurement
{
    private static readonly TreatmentMonth Month = new(NoticesImport.Month.Year, NoticesImport.Month.Number);

    public string Name => "savings";

    public string Says => "generic savings of a month of 100,000 people, against the import of their claims";

    public TimeSpan Limit => TimeSpan.FromMinutes(30);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var (delivery, few) = NoticesImport.Deliveries(ground);
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var rounds = (await Rounds.InTurnsAsync(ground, ground.Pick(3, 5), () => RoundAsync(ground, kind, delivery, few)))[0];
            var name = string.Create(CultureInfo.InvariantCulture, $"savings of {delivery.Claims:#,##0} claims");
            rows.Add(new Figure($"{name}, of their import's time", kind, rounds.Of(r => r.Seconds / r.Import), "×", Bound.AtMost(0.2)));
            rows.Add(new Figure("… computing them, drug lists read anew", kind, rounds.Of(r => r.Seconds), "s"));
            rows.Add(new Figure("… lines that came of it", kind, rounds.Of(r => r.Lines), "lines"));
            rows.Add(new Figure("… the import of the claims, process start aside", kind, rounds.Of(r => r.Import), "s"));
        }

        return rows;
    }

    private static async Task<Round> RoundAsync(Ground ground, DatabaseKind kind, MadeDelivery delivery, MadeDelivery few)
    {
        await using var small = await few.OpenStoreAsync(ground, kind);
        await using var store = await delivery.OpenStoreAsync(ground, kind);
        var import = await NoticesImport.ImportAsync(small, few, store, delivery);
        await using var scope = store.Services.GetRequiredService<SocietyScopes>().Open(await store.SocietyAsync(), actor => actor.IsSystemUser("measure"));
        var db = scope.ServiceProvider.GetRequiredService<PortalContext>();
        var claims = (await db.ReceivedClaims.AsNoTracking().Where(c => c.Month == Month && c.PersonId != null && c.WithdrawnAt == null).ToListAsync(ground.Cancellation))
            .GroupBy(c => c.PersonId!.Value).ToDictionary(g => g.Key, g => g.ToList());
        var people = await db.Persons.AsNoTracking().ToListAsync(ground.Cancellation);
        var begun = Stopwatch.GetTimestamp();
        var generics = await scope.ServiceProvider.GetRequiredService<GenericNotices>().OpenAsync(Month, ground.Cancellation);
        var lines = people.Sum(person => claims.TryGetValue(person.Id, out var own) ? generics.Lines(Guid.Empty, own, person.BirthDate).Count() : 0);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return lines > 0 ? new Round(import.Seconds, seconds, lines) : throw new MeasureException("nothing is saved");
    }

    private sealed record Round(double Import, double Seconds, int Lines);
}
