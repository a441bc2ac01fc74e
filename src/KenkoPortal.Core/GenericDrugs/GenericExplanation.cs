using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Publication;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>Says, for the help desk, how a saving came about: which drug and candidates, which prices, which rounding, which threshold. Each look leaves an event.</summary>
public sealed class GenericExplanation(PortalContext db, UnitOfWork work, AuditTrail audit, GenericNotices notices)
{
    /// <summary>Candidates that are listed; the others are counted.</summary>
    private const int MostListed = 5;

    /// <param name="personId">Whose claims.</param>
    /// <param name="month">診療年月.</param>
    /// <param name="drugCode">医薬品コード as claimed; null for every drug of the month.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Lines of Japanese text.</returns>
    public async Task<IReadOnlyList<string>> ExplainAsync(Guid personId, TreatmentMonth month, string? drugCode, CancellationToken cancellationToken)
    {
        var person = await db.Persons.AsNoTracking().SingleAsync(p => p.Id == personId, cancellationToken);
        var claims = await db.ReceivedClaims.AsNoTracking()
            .Where(c => c.Month == month && c.PersonId == personId && c.WithdrawnAt == null).OrderBy(c => c.SourceKey).ToListAsync(cancellationToken);
        var batch = await notices.OpenAsync(month, cancellationToken);
        var drugs = batch.Examine(claims, person.BirthDate);
        var lines = await LinesAsync(personId, month, cancellationToken);
        await work.CommitAsync(
            () =>
            {
                audit.Add(AuditKind.GenericSavingExplained, personId, $"month={month}");
                return Task.CompletedTask;
            },
            cancellationToken);
        return [.. Text(batch, drugs, lines, drugCode)];
    }

    private async Task<List<(NoticeVersion Version, GenericDrugLine? Line)>> LinesAsync(Guid personId, TreatmentMonth month, CancellationToken cancellationToken)
    {
        var publications = await db.Publications.AsNoTracking()
            .Where(p => p.Month == month && (p.State == PublicationState.Computed || p.State == PublicationState.Published)).ToListAsync(cancellationToken);
        var ids = publications.ConvertAll(p => p.Id);
        var lines = await db.GenericDrugLines.AsNoTracking().Where(l => l.PersonId == personId && l.Mark == null && ids.Contains(l.PublicationId)).ToListAsync(cancellationToken);
        return
        [
            .. from publication in publications
               from line in lines.Where(l => l.PublicationId == publication.Id).DefaultIfEmpty()
               orderby publication.State
               select (publication, line),
        ];
    }

    private IEnumerable<string> Text(
        GenericNoticeBatch batch, IReadOnlyList<ExaminedDrug> drugs, List<(NoticeVersion Version, GenericDrugLine? Line)> lines, string? drugCode)
    {
        if (batch.ListsFrom is not { } from)
        {
            yield return GenericExplanationText.NoLists.With(batch.Month);
            yield break;
        }

        var society = db.Current.Society;
        yield return GenericExplanationText.Month.With(batch.Month, JapanTime.Date(from));
        yield return GenericExplanationText.Limits.With(society.GenericLeastYen, society.GenericLeastDays, society.GenericLeastAge, society.GenericExcluded);
        if (!batch.HasMaster)
        {
            yield return GenericExplanationText.NoMaster;
        }

        var wanted = drugs.Where(d => drugCode is null || d.Substitution.Original?.Code == drugCode || d.Rows.Any(r => r.Code == drugCode)).ToList();
        if (wanted.Count == 0)
        {
            yield return drugCode is null ? GenericExplanationText.NoClaims : GenericExplanationText.NoSuchDrug.With(drugCode);
        }

        foreach (var line in wanted.SelectMany(drug => Text(batch.Month, drug).Concat(Told(drug, lines))))
        {
            yield return line;
        }
    }

    private IEnumerable<string> Text(TreatmentMonth month, ExaminedDrug drug)
    {
        var found = drug.Substitution;
        yield return GenericExplanationText.Title.With(found.Product?.Name ?? found.Entry?.Name ?? "", drug.Rows[0].Code);
        foreach (var row in drug.Rows)
        {
            yield return GenericExplanationText.Row.With(NoticeWords.Of(row.Claim.Care), Number(row.Quantity), row.Times, row.Claim.PatientPercent);
        }

        if (found.IsSelectedCare)
        {
            yield return GenericExplanationText.SelectedCare.With(found.Code, found.Entry!.OriginalCode);
        }

        if (found.Product is { } product)
        {
            yield return GenericExplanationText.Price.With(Number(product.Price), product.Specification, product.Code, Flag(product.Flag));
            foreach (var line in Candidates(month, found, product))
            {
                yield return line;
            }
        }

        if (found.Verdict == SubstitutionVerdict.Found && drug.NotTold != NotTold.OddQuantity)
        {
            foreach (var line in Figures(drug))
            {
                yield return line;
            }
        }

        yield return drug.NotTold switch
        {
            NotTold.Told when drug.Days is { } days => GenericExplanationText.ToldDays.With(drug.MostSavingYen, days),
            NotTold.Told => GenericExplanationText.Told.With(drug.MostSavingYen),
            _ => GenericExplanationText.NotTold.With(Why(drug)),
        };
    }

    private static IEnumerable<string> Candidates(TreatmentMonth month, Substitution found, CataloguedDrug product)
    {
        if (found.UnitsPerPrice != 1)
        {
            yield return GenericExplanationText.UnitsPerPrice.With(Number(found.UnitsPerPrice), found.Original!.Unit);
        }

        if (found.Candidates.Count > 0)
        {
            yield return found.IsByName
                ? GenericExplanationText.ByName.With(product.Ingredient, product.Specification, found.Candidates.Count)
                : GenericExplanationText.ByCode.With(product.Code[..9], found.Candidates.Count);
        }

        foreach (var candidate in found.Candidates.Take(MostListed))
        {
            yield return GenericExplanationText.Candidate.With(Number(candidate.Price), candidate.Name, candidate.Code);
        }

        if (found.Candidates.Count > MostListed)
        {
            yield return GenericExplanationText.CandidatesMore.With(found.Candidates.Count - MostListed);
        }

        foreach (var passed in found.PassedOver.Take(MostListed))
        {
            yield return GenericExplanationText.PassedOver.With(
                Number(passed.Price),
                passed.Name,
                passed.IsUsableIn(month) ? GenericExplanationText.PassedOverDearer : GenericExplanationText.PassedOverEnded.With(JapanTime.Date(passed.UsableUntil!.Value)));
        }

        if (found is { IsSelectedCare: true, Candidates: [.., var dearest] }
            && SelectedCareCharge.Of(product.Price, dearest.Price, month.FirstDay) is { } charge
            && SelectedCareCharge.FractionOn(month.FirstDay) is { } fraction)
        {
            yield return GenericExplanationText.Charge.With(
                Number(product.Price - dearest.Price), fraction == 0.5m ? "1/2" : "1/4", Number(charge.Yen), Number(charge.Tax), product.Specification);
        }
    }

    private static IEnumerable<string> Figures(ExaminedDrug drug)
    {
        var found = drug.Substitution;
        foreach (var row in drug.Rows)
        {
            yield return GenericExplanationText.CostNow.With(Points(found, found.Product!, row));
            yield return GenericExplanationText.CostCheapest.With(Points(found, found.Candidates[0], row));
            if (found.Candidates.Count > 1)
            {
                yield return GenericExplanationText.CostDearest.With(Points(found, found.Candidates[^1], row));
            }
        }

        yield return GenericExplanationText.Saving.With(drug.LeastSavingYen, drug.MostSavingYen);
        if (drug.Days is { } days)
        {
            yield return GenericExplanationText.Days.With(days);
        }
    }

    private static string Points(Substitution found, CataloguedDrug drug, ExaminedRow row)
    {
        var yen = drug.Price * row.Quantity / found.UnitsPerPrice;
        return (found.UnitsPerPrice == 1 ? GenericExplanationText.Points : GenericExplanationText.PointsUnits).With(
            Number(drug.Price), Number(row.Quantity), Number(yen / 10), Number(GenericSavings.Points(yen)), row.Times,
            Number(GenericSavings.CostYen(drug.Price, found.UnitsPerPrice, row.Quantity, row.Times)), Number(found.UnitsPerPrice));
    }

    private string Why(ExaminedDrug drug)
    {
        var (found, society) = (drug.Substitution, db.Current.Society);
        return drug.NotTold switch
        {
            NotTold.NoSubstitute => found.Verdict switch
            {
                SubstitutionVerdict.UnknownCode => GenericExplanationText.UnknownCode,
                SubstitutionVerdict.UnknownOriginal => GenericExplanationText.UnknownOriginal.With(found.Entry!.OriginalCode),
                SubstitutionVerdict.NotPriced => GenericExplanationText.NotPriced.With(found.Original!.PriceCode),
                SubstitutionVerdict.NotBrandWithGeneric => GenericExplanationText.NotBrand.With(Flag(found.Product!.Flag)),
                SubstitutionVerdict.NoGeneric => GenericExplanationText.NoGeneric,
                SubstitutionVerdict.NoneCheaper => GenericExplanationText.NoneCheaper,
                _ => GenericExplanationText.UnknownUnit.With(found.Product!.Specification, found.Original!.Unit),
            },
            NotTold.OddQuantity => GenericExplanationText.OddQuantity,
            NotTold.TooYoung => GenericExplanationText.TooYoung.With(society.GenericLeastAge),
            NotTold.AntiHiv => GenericExplanationText.AntiHiv,
            NotTold.ExcludedClass => GenericExplanationText.ExcludedClass.With(society.GenericExcluded),
            NotTold.TooFewDays => GenericExplanationText.TooFewDays.With(drug.Days, society.GenericLeastDays),
            _ => GenericExplanationText.SavesTooLittle.With(drug.MostSavingYen, society.GenericLeastYen),
        };
    }

    /// <summary>What the month's notices, computed or published, say of the drug: they are snapshots, and may be older than the claims.</summary>
    private static IEnumerable<string> Told(ExaminedDrug drug, List<(NoticeVersion Version, GenericDrugLine? Line)> lines)
    {
        var codes = drug.Rows.Select(r => r.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var publication in lines.GroupBy(l => l.Version))
        {
            var name = publication.Key is { State: PublicationState.Published, PublishOn: { } day }
                ? GenericExplanationText.SnapshotPublished.With(JapanTime.Date(day))
                : GenericExplanationText.SnapshotComputed;
            var told = publication.Select(l => l.Line).OfType<GenericDrugLine>().Where(l => codes.Contains(l.DrugCode)).ToList();
            yield return "  " + (told.Count == 0
                ? GenericExplanationText.SnapshotNone.With(name)
                : GenericExplanationText.Snapshot.With(name, told.Sum(l => l.LeastSavingYen), told.Sum(l => l.MostSavingYen), told.Count));
        }
    }

    private static string Flag(GenericFlag flag) => flag switch
    {
        GenericFlag.BrandWithoutGeneric => "1",
        GenericFlag.BrandWithGeneric => "2",
        GenericFlag.Generic => "3",
        GenericFlag.BrandNotDearer => "☆",
        GenericFlag.GenericNotCheaper => "★",
        _ => GenericExplanationText.FlagNone,
    };

    private static string Number(decimal number) => number.ToString("#,0.######", CultureInfo.InvariantCulture);
}
