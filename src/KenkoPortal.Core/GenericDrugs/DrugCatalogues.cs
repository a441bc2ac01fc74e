using KenkoPortal.Claims;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.GenericDrugs;

/// <summary>
/// The editions that this process used last, in memory. An edition is never changed in place: one that replaces another has an id of its own, so
/// that asking for the id at each use is the whole version check, whichever process imported it.
/// </summary>
public sealed class DrugCatalogues
{
    private const int MostKept = 4;

    private readonly Lock _lock = new();
    private readonly List<DrugCatalogue> _kept = [];

    /// <summary>
    /// The edition that prices a month's treatments: the newest that had begun by the month's last day, since a claim tells the month and not the
    /// day. Null before the first edition.
    /// </summary>
    public async Task<DrugCatalogue?> AtAsync(PortalContext db, TreatmentMonth month, CancellationToken cancellationToken)
    {
        var last = month.FirstDay.AddMonths(1).AddDays(-1);
        while (true)
        {
            var edition = await db.DrugEditions.AsNoTracking().Where(e => e.ValidFrom <= last).OrderByDescending(e => e.ValidFrom)
                .Select(e => new { e.Id, e.ValidFrom }).FirstOrDefaultAsync(cancellationToken);
            if (edition is null)
            {
                return null;
            }

            if (Find(edition.Id) is { } known)
            {
                return known;
            }

            var loaded = await DrugCatalogue.LoadAsync(db, edition.Id, edition.ValidFrom, cancellationToken);

            // One that was replaced while it was read is read again.
            if (await db.DrugEditions.AnyAsync(e => e.Id == edition.Id, cancellationToken))
            {
                Keep(loaded);
                return loaded;
            }
        }
    }

    private DrugCatalogue? Find(Guid editionId)
    {
        lock (_lock)
        {
            var index = _kept.FindIndex(c => c.EditionId == editionId);
            if (index < 0)
            {
                return null;
            }

            var found = _kept[index];
            _kept.RemoveAt(index);
            _kept.Add(found);
            return found;
        }
    }

    private void Keep(DrugCatalogue catalogue)
    {
        lock (_lock)
        {
            _kept.RemoveAll(c => c.EditionId == catalogue.EditionId);
            _kept.Add(catalogue);
            if (_kept.Count > MostKept)
            {
                _kept.RemoveAt(0);
            }
        }
    }
}
