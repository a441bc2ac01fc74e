using System.Runtime.InteropServices;
using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

/// <summary>The queries that every page of notices makes, translated once for the database and not at each request.</summary>
public sealed class NoticeQueries
{
    private readonly Func<PortalContext, IAsyncEnumerable<ReadableMonth>> _months = EF.CompileAsyncQuery(
        (PortalContext db) =>
            from publication in db.Publications.AsNoTracking()
            where publication.State == PublicationState.Published && publication.PublishOn != null
            orderby publication.Month descending
            select new ReadableMonth(publication.Id, publication.Month, publication.PublishOn!.Value));

    private readonly Func<PortalContext, Guid, TreatmentMonth, TreatmentMonth, IAsyncEnumerable<MedicalCostRow>> _costsOfOne = EF.CompileAsyncQuery(
        (PortalContext db, Guid personId, TreatmentMonth first, TreatmentMonth last) =>
            from line in db.MedicalCostLines.AsNoTracking()
            where line.PersonId == personId && line.Month >= first && line.Month <= last
            select new MedicalCostRow(
                line.PublicationId, line.ClaimId, line.PersonId, line.Month, line.Care, line.InstitutionName, line.Days, line.Amounts));

    private readonly Func<PortalContext, Guid[], TreatmentMonth, TreatmentMonth, IAsyncEnumerable<MedicalCostRow>> _costsOfMany = EF.CompileAsyncQuery(
        (PortalContext db, Guid[] personIds, TreatmentMonth first, TreatmentMonth last) =>
            from line in db.MedicalCostLines.AsNoTracking()
            where personIds.Contains(line.PersonId) && line.Month >= first && line.Month <= last
            select new MedicalCostRow(
                line.PublicationId, line.ClaimId, line.PersonId, line.Month, line.Care, line.InstitutionName, line.Days, line.Amounts));

    private readonly Func<PortalContext, Guid[], TreatmentMonth, TreatmentMonth, IAsyncEnumerable<GenericDrugRow>> _drugs = EF.CompileAsyncQuery(
        (PortalContext db, Guid[] personIds, TreatmentMonth first, TreatmentMonth last) =>
            from line in db.GenericDrugLines.AsNoTracking()
            where personIds.Contains(line.PersonId) && line.Month >= first && line.Month <= last && line.Mark == null
            select new GenericDrugRow(
                line.PublicationId, line.ClaimId, line.PersonId, line.Month, line.DrugName, line.Quantity, line.Unit, line.CostYen,
                line.LeastSavingYen, line.MostSavingYen, line.Candidates));

    private readonly Func<PortalContext, Guid, Guid[], IAsyncEnumerable<SightOf>> _seen = EF.CompileAsyncQuery(
        (PortalContext db, Guid viewerId, Guid[] publicationIds) =>
            from sight in db.NoticeSights.AsNoTracking()
            where sight.ViewerId == viewerId && publicationIds.Contains(sight.PublicationId)
            select new SightOf(sight.PublicationId, sight.PersonId, sight.Kind));

    /// <summary>The published months, newest first, those of a later day too.</summary>
    public Task<List<ReadableMonth>> MonthsAsync(PortalContext db, CancellationToken cancellationToken) => ListAsync(_months(db), cancellationToken);

    /// <summary>The lines of people in some months, of every publication, in no order.</summary>
    public Task<List<MedicalCostRow>> CostsAsync(PortalContext db, Guid[] personIds, MonthRange range, CancellationToken cancellationToken) =>
        ListAsync(personIds is [var one] ? _costsOfOne(db, one, range.From, range.To) : _costsOfMany(db, personIds, range.From, range.To), cancellationToken);

    /// <inheritdoc cref="CostsAsync"/>
    public Task<List<GenericDrugRow>> DrugsAsync(PortalContext db, Guid[] personIds, MonthRange range, CancellationToken cancellationToken) =>
        ListAsync(_drugs(db, personIds, range.From, range.To), cancellationToken);

    /// <summary>As <see cref="DrugsAsync"/>, with what decides whether they are told where some are hidden, and the lines that are in no notice.</summary>
    public static Task<List<JudgedDrug>> JudgedDrugsAsync(PortalContext db, Guid[] personIds, MonthRange range, CancellationToken cancellationToken) => db.GenericDrugLines.AsNoTracking()
        .Where(line => personIds.Contains(line.PersonId) && line.Month >= range.From && line.Month <= range.To)
        .Select(line => new JudgedDrug(
            new GenericDrugRow(
                line.PublicationId, line.ClaimId, line.PersonId, line.Month, line.DrugName, line.Quantity, line.Unit, line.CostYen, line.LeastSavingYen, line.MostSavingYen, line.Candidates),
            line.ProductCode,
            line.Days,
            line.Mark))
        .ToListAsync(cancellationToken);

    /// <summary>What the viewer has seen of some publications.</summary>
    public Task<List<SightOf>> SeenAsync(PortalContext db, Guid viewerId, Guid[] publicationIds, CancellationToken cancellationToken) =>
        ListAsync(_seen(db, viewerId, publicationIds), cancellationToken);

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> rows, CancellationToken cancellationToken)
    {
        var list = new List<T>();
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            list.Add(row);
        }

        return list;
    }
}

/// <summary>That a viewer has seen a person's notice of a publication.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SightOf(Guid PublicationId, Guid PersonId, NoticeKind Kind);

/// <summary>Months from one to another, both included.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MonthRange(TreatmentMonth From, TreatmentMonth To)
{
    public static MonthRange Year(int year) => new(new TreatmentMonth(year, 1), new TreatmentMonth(year, 12));

    public static MonthRange Of(TreatmentMonth month) => new(month, month);
}
