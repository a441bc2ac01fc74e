using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Notices;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Imports;
using KenkoPortal.Tests.Notices;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace KenkoPortal.Tests.Demo;

/// <summary>The notices that <c>./run</c> loads for the demo's people.</summary>
public sealed class DemoNoticesTests
{
    [Theory, OnEveryDatabase]
    public async Task A_first_start_has_a_published_year_whose_amounts_are_those_of_the_second_computation(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.OnAsync(kind);
        await using (var portal = await desk.ServeAsync("--demo", Path.Combine(Repository.Root, "demo")))
        {
            await portal.StopAsync();
        }

        var (publications, lines, claims, drugs, mails) = await desk.ReadAsync(async db => (
            await db.Publications.OrderBy(p => p.Month).ToListAsync(), await db.MedicalCostLines.ToListAsync(), await db.ReceivedClaims.ToDictionaryAsync(c => c.Id),
            await db.GenericDrugLines.ToListAsync(), await db.OutboxMails.CountAsync()));

        var today = JapanTime.DateOf(TimeProvider.System.GetUtcNow());
        Assert.Equal(12, publications.Count);
        Assert.All(publications, p => Assert.True(p.IsVisibleOn(today) && p.MailedAt is not null && p.PublishOn == NoticeCalendar.UsualDay(p.Month, 20)));
        var next = publications[^1].Month.FirstDay.AddMonths(1);
        Assert.True(NoticeCalendar.UsualDay(new TreatmentMonth(next.Year, next.Month), 20) > today);
        Assert.Equal(0, mails);
        Assert.All(publications, p => Assert.True(p.GenericDrugLines > 0));

        // The insured of the first letter takes brands every month.
        var insured = lines.Single(l => l is { MealShareYen: > 0, PatientYen: > 80_000 } && claims[l.ClaimId] is { SymbolKey: "11", NumberKey: "1001" }).PersonId;
        Assert.Equal(12, drugs.Where(d => d.PersonId == insured).Select(d => d.Month).Distinct().Count());
        Assert.All(drugs, d => Assert.InRange(d.MostSavingYen, 1, d.CostYen));

        // The last delivery of a claim counts; what was returned has no line.
        var second = ClaimDelivery.Find(Path.Combine(desk.Folder, "demo-claims")).Claims.SelectMany(SecondComputation.Of)
            .GroupBy(f => f.Key).Select(g => g.Last()).Where(f => !f.IsReturned).ToDictionary(f => f.Number);
        Assert.InRange(lines.Count, second.Count * 95 / 100, second.Count);
        Assert.All(lines, line =>
        {
            var figure = second[claims[line.ClaimId].Number];
            Assert.Equal(
                (figure.Month, figure.Institution, figure.Days, figure.TotalYen, figure.TotalYen - figure.BilledYen, figure.MealShare, figure.Patient, figure.UpperBound),
                (line.Month.ToString(), line.InstitutionName, line.Days, line.TotalYen, line.CorrectionYen, line.MealShareYen, line.PatientYen, line.UpperBoundYen));
            Assert.Equal(line.PatientYen is null ? null : line.TotalYen, line.PatientYen + line.PublicFundsYen + line.InsurerYen);
        });

        // Nothing but claims whose person is not sure stays without a line.
        var silent = claims.Values.Where(c => c is { Match: ClaimMatch.Matched, WithdrawnAt: null } && c.Month >= publications[0].Month).Select(c => c.Id).Except(lines.Select(l => l.ClaimId));
        Assert.Empty(silent.Select(id => claims[id].Number));
    }

    [Fact]
    public async Task A_start_that_was_interrupted_between_two_months_publishes_the_others_once()
    {
        await using var desk = await CommandDesk.OnAsync(DatabaseKind.Sqlite);
        await using (var first = await desk.ServeAsync("--demo", Path.Combine(Repository.Root, "demo")))
        {
            await first.StopAsync();
        }

        var before = await desk.ReadAsync(async db =>
        {
            var last = await db.Publications.OrderByDescending(p => p.Month).FirstAsync();
            await db.MedicalCostLines.Where(l => l.PublicationId == last.Id).ExecuteDeleteAsync();
            await db.GenericDrugLines.Where(l => l.PublicationId == last.Id).ExecuteDeleteAsync();
            await db.Publications.Where(p => p.Id == last.Id).ExecuteDeleteAsync();
            return await db.ReceivedClaims.CountAsync();
        });
        await File.WriteAllTextAsync(Path.Combine(desk.Folder, "demo-unfinished"), "", TestContext.Current.CancellationToken);
        await using (var second = await desk.ServeAsync("--demo", Path.Combine(Repository.Root, "demo")))
        {
            await second.StopAsync();
        }

        var (months, claims) = await desk.ReadAsync(async db => (await db.Publications.Select(p => p.Month).ToListAsync(), await db.ReceivedClaims.CountAsync()));
        Assert.Equal(12, months.Count);
        Assert.Distinct(months);
        Assert.Equal(before, claims);
    }
}
