using System.Globalization;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>
/// The year's 医療費通知 as PDF, as a member fetches it: one after the other, with the event that each download leaves. Of members as they are, of those
/// with the most lines, and of households that share; beside a browser that prints the year's page.
/// </summary>
internal sealed class TaxPdf : IMeasurement
{
    private const int Usual = 200;
    private const int Heavy = 20;

    public string Name => "tax-pdf";

    public string Says => "the year's PDF of a member, of those with the most lines, and of a household, beside chromium --print-to-pdf of the year's page";

    public TimeSpan Limit => TimeSpan.FromMinutes(20);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var store = await PortalStore.CreateAsync(ground, kind);
            var population = await Population.WriteAsync(ground, store, 10_000, 3000, isShared: true);
            var archive = await NoticeArchive.WriteAsync(ground, store, population, new ArchiveWishes(), await NoticePattern.MakeAsync(ground, kind));
            await using var portal = await PortalProcess.StartAsync(ground, store);
            rows.AddRange(await MeasureAsync(ground, portal, population, archive));
        }

        return rows;
    }

    private static async Task<IReadOnlyList<Row>> MeasureAsync(Ground ground, PortalProcess portal, Population population, NoticeArchive archive)
    {
        var members = await population.LogInAsync(ground, archive.Paying(population.Accounts, archive.Newest), population.Accounts.Count);
        var usual = members.Members.Take(Usual).ToList();
        var heavy = members.Members.OrderByDescending(m => archive.LinesOf(m.Account.PersonId)).Take(Heavy).ToList();
        var path = new MemberPages(archive).Year;
        using var reader = new MemberReader(portal.Origin);
        var page = await SaveAsync(ground, reader, portal, usual[0], path);
        await FetchAsync(ground, reader, usual, path + ".pdf");
        var rounds = await Rounds.InTurnsAsync(
            ground,
            ground.Pick(3, 5),
            () => FetchAsync(ground, reader, usual, path + ".pdf"),
            () => FetchAsync(ground, reader, heavy, path + ".pdf"),
            () => FetchAsync(ground, reader, usual, path + ".pdf?household"),
            async () => [(await Chromium.PrintAsync(ground, page, Path.GetDirectoryName(page)!)).Seconds * 1000]);
        var kind = population.Kind;
        return
        [
            .. RowsOf($"the year's PDF, {LinesOf(archive, usual)} lines on average", kind, rounds[0]),
            .. RowsOf($"the year's PDF of the {Heavy} with the most lines, {LinesOf(archive, heavy)} on average", kind, rounds[1]),
            .. RowsOf("the year's PDF of everybody in the household", kind, rounds[2]),
            new Figure("chromium --print-to-pdf of the year's page, its start with it", kind, rounds[3].Of(r => r[0]), "ms"),
        ];
    }

    private static IEnumerable<Row> RowsOf(string what, DatabaseKind kind, IReadOnlyList<IReadOnlyList<double>> rounds)
    {
        yield return new Figure(what, kind, rounds.Of(r => Rounds.Percentile(r, 0.5)), "ms", Bound.AtMost(20));
        yield return new Figure("… p99", kind, rounds.Of(r => Rounds.Percentile(r, 0.99)), "ms");
    }

    private static string LinesOf(NoticeArchive archive, List<LoggedInMember> members) =>
        members.Average(m => archive.LinesOf(m.Account.PersonId)).ToString("0", CultureInfo.InvariantCulture);

    /// <returns>Milliseconds of each.</returns>
    private static async Task<IReadOnlyList<double>> FetchAsync(Ground ground, MemberReader reader, List<LoggedInMember> members, string path)
    {
        var taken = new List<double>();
        for (var i = 0; i < Usual; i++)
        {
            var answer = await reader.ReadAsync(members[i % members.Count], path, ground.Cancellation);
            taken.Add(answer.Body.AsSpan().StartsWith("%PDF-"u8) ? answer.Milliseconds : throw new MeasureException($"{path} is no PDF"));
        }

        return taken;
    }

    /// <summary>The year's page as a file whose styles and pictures are the portal's.</summary>
    private static async Task<string> SaveAsync(Ground ground, MemberReader reader, PortalProcess portal, LoggedInMember member, string path)
    {
        var page = await reader.ReadAsync(member, path, ground.Cancellation);
        var file = Path.Combine(ground.NewFolder("page"), "year.html");
        await File.WriteAllTextAsync(file, page.Source.Replace("<head>", $"<head><base href=\"{portal.Origin}/\">", StringComparison.Ordinal), ground.Cancellation);
        return file;
    }
}
