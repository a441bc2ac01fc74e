using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Publication;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Publication;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

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

        var (publications, lines, claims, drugs, people, mails) = await desk.ReadAsync(async db => (
            await db.Publications.OrderBy(p => p.Month).ToListAsync(), await db.MedicalCostLines.ToListAsync(), await db.ReceivedClaims.ToDictionaryAsync(c => c.Id),
            await db.GenericDrugLines.Where(l => l.Mark == null).ToListAsync(),
            await db.InsuranceCards.Join(db.Persons, c => c.PersonId, p => p.Id, (c, p) => new { p.Id, c.Symbol, c.Number, c.Branch, p.BirthDate })
                .ToDictionaryAsync(p => p.Id, p => SecondMember.LabelOf(p.Symbol, p.Number, p.Branch, p.BirthDate)),
            await db.OutboxMails.CountAsync()));

        var today = JapanTime.DateOf(TimeProvider.System.GetUtcNow());
        Assert.Equal(12, publications.Count);
        Assert.All(publications, p => Assert.True(p.IsVisibleOn(today) && p.MailedAt is not null && p.PublishOn == NoticeCalendar.UsualDay(p.Month, 20)));
        var next = publications[^1].Month.FirstDay.AddMonths(1);
        Assert.True(NoticeCalendar.UsualDay(new TreatmentMonth(next.Year, next.Month), 20) > today);
        Assert.Equal(0, mails);
        Assert.All(publications, p => Assert.True(p.GenericDrugLines > 0));

        // The insured of the first letter takes brands every month.
        var insured = lines.Single(l => l.Amounts is { MealShareYen: > 0, PatientYen: > 80_000 } && claims[l.ClaimId] is { SymbolKey: "11", NumberKey: "1001" }).PersonId;
        Assert.Equal(12, drugs.Where(d => d.PersonId == insured).Select(d => d.Month).Distinct().Count());
        Assert.All(drugs, d => Assert.InRange(d.MostSavingYen, 1, d.CostYen));

        // The last delivery of a claim counts; what was returned has no line, nor has what is nobody's for sure.
        var list = SecondMember.Read(DemoFolder.List);
        var second = ClaimDelivery.Find(Path.Combine(desk.Folder, "demo-claims")).Claims.SelectMany(SecondComputation.Of)
            .GroupBy(f => f.Key).Select(g => g.Last()).Where(f => !f.IsReturned).ToList();
        var owned = second.Select(f => (Figure: f, Owner: SecondMember.OwnerOf(f, list)?.Label ?? "")).Where(f => f.Owner.Length > 0).ToDictionary(f => f.Figure.Number);
        Assert.InRange(owned.Count, second.Count * 95 / 100, second.Count - 1);
        Assert.Equal(owned.Keys.Order(StringComparer.Ordinal), lines.Select(l => claims[l.ClaimId].Number).Order(StringComparer.Ordinal));
        Assert.All(lines, line =>
        {
            var (figure, owner) = owned[claims[line.ClaimId].Number];
            Assert.Equal(
                (owner, figure.Month, figure.Institution, figure.Days, figure.TotalYen, figure.TotalYen - figure.BilledYen, figure.MealShare, figure.Patient, figure.UpperBound),
                (people[line.PersonId], line.Month.ToString(), line.InstitutionName, line.Days, line.Amounts.TotalYen, line.Amounts.CorrectionYen, line.Amounts.MealShareYen, line.Amounts.PatientYen, line.Amounts.UpperBoundYen));
            Assert.Equal(line.Amounts.PatientYen is null ? null : line.Amounts.TotalYen, line.Amounts.PatientYen + line.Amounts.PublicFundsYen + line.Amounts.InsurerYen);
        });

        var savings = new SecondSavings(Path.Combine(Repository.Root, "demo", "drugs")).Of(owned.Values);
        Assert.Equal(SecondSaving.Ordered(savings), SecondSaving.Ordered(drugs.Select(d => SecondSaving.Told(d, claims[d.ClaimId].Number, people[d.PersonId]))));
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
