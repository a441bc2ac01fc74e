using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Societies;
using KenkoPortal.Demo;
using KenkoPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Support;

/// <summary>What a real import and computation left of one person and month, as rows of the tables.</summary>
/// <param name="Claims">Of <see cref="NoticePattern.Claims"/>.</param>
/// <param name="Costs">Of <see cref="NoticePattern.Costs"/>.</param>
/// <param name="Drugs">Of <see cref="NoticePattern.Drugs"/>.</param>
internal sealed record PatternMonth(List<object?[]> Claims, List<object?[]> Costs, List<object?[]> Drugs);

/// <summary>
/// A year of some thousand people, brought in and computed by the program itself. <see cref="NoticeArchive"/> writes the same rows for other people and
/// months: to import 36 months of a million people would take days, and rows made up for the purpose would look like nobody's.
/// </summary>
internal sealed class NoticePattern
{
    private const int Months = 12;
    private static readonly DemoMonth Until = new(2025, Months);

    private readonly Dictionary<(int Person, int Month), PatternMonth> _months = [];

    private NoticePattern(PatternTable claims, PatternTable costs, PatternTable drugs, int people) => (Claims, Costs, Drugs, People) = (claims, costs, drugs, people);

    public PatternTable Claims { get; }

    public PatternTable Costs { get; }

    public PatternTable Drugs { get; }

    /// <summary>How many people it has, those without a single claim too.</summary>
    public int People { get; }

    /// <summary>A person's rows of a month of any year; the people begin again where there are no more.</summary>
    /// <param name="person">From 0.</param>
    /// <param name="month">1 to 12.</param>
    public PatternMonth Of(int person, int month) => _months[(person % People, month)];

    /// <summary>Has the program import and compute it.</summary>
    public static async Task<NoticePattern> MakeAsync(Ground ground, DatabaseKind kind)
    {
        var delivery = MadeDelivery.Write(ground, ground.Pick(1000, 4000), Until, Months);
        await using var store = await delivery.OpenStoreAsync(ground, kind);
        await store.CommandAsync("claims", "import", delivery.Folder);
        await using (var scope = store.Services.GetRequiredService<SocietyScopes>().Open(await store.SocietyAsync(), actor => actor.IsSystemUser("measure")))
        {
            for (var month = 1; month <= Months; month++)
            {
                await scope.ServiceProvider.GetRequiredService<NoticeComputation>().ComputeAsync(new TreatmentMonth(Until.Year, month), cancellationToken: ground.Cancellation);
            }
        }

        return await ReadAsync(ground, store);
    }

    private static async Task<NoticePattern> ReadAsync(Ground ground, PortalStore store)
    {
        await using var connection = await store.OpenAsync();
        var tables = new List<PatternTable>();
        foreach (var name in (string[])["ReceivedClaims", "MedicalCostLines", "GenericDrugLines"])
        {
            tables.Add(new PatternTable(await BulkLoad.ReadAsync(connection, name, ground.Cancellation)));
        }

        var people = (await BulkLoad.ReadAsync(connection, "Persons", ground.Cancellation)).Rows.Count();
        var pattern = new NoticePattern(tables[0], tables[1], tables[2], people);
        var numbers = pattern.Claims.Owners.Select((owner, i) => (owner, i)).ToDictionary(p => p.owner, p => p.i);
        for (var person = 0; person < people; person++)
        {
            for (var month = 1; month <= Months; month++)
            {
                pattern._months.Add((person, month), new PatternMonth([], [], []));
            }
        }

        Add(pattern.Claims, m => m.Claims);
        Add(pattern.Costs, m => m.Costs);
        Add(pattern.Drugs, m => m.Drugs);
        return pattern.Costs.Rows.Count > 0 && pattern.Drugs.Rows.Count > 0 ? pattern : throw new MeasureException("no notices came of the pattern's claims");

        void Add(PatternTable table, Func<PatternMonth, List<object?[]>> of)
        {
            foreach (var row in table.Rows.Where(row => row[table.Person] is not null))
            {
                of(pattern._months[(numbers[row[table.Person]!], Convert.ToInt32(row[table.Month], CultureInfo.InvariantCulture) % 100)]).Add(row);
            }
        }
    }
}

/// <summary>A table's rows of the pattern.</summary>
internal sealed class PatternTable
{
    private readonly Dictionary<string, int> _places;

    public PatternTable(TableRows read)
    {
        (Name, Columns, Rows) = (read.Name, read.Columns, [.. read.Rows]);
        _places = Columns.Select((column, i) => (column, i)).ToDictionary(c => c.column, c => c.i, StringComparer.Ordinal);
    }

    public string Name { get; }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<object?[]> Rows { get; }

    public int Person => Of("PersonId");

    public int Month => Of("Month");

    /// <summary>Whoever has a row.</summary>
    public IEnumerable<object> Owners => Rows.Select(row => row[Person]).OfType<object>().Distinct();

    /// <summary>A column's place.</summary>
    public int Of(string column) => _places.TryGetValue(column, out var place) ? place : throw new MeasureException($"{Name} has no {column}");
}
