using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

internal sealed class PublicationRetention(PortalContext db, UnitOfWork work, TimeProvider clock) : RetentionRules(db, work, clock)
{
    public override async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var oldest = Db.Current.Society.OldestMonthOn(JapanTime.DateOf(Now));
        foreach (var version in await Db.Publications.Where(p => p.Month < oldest).Select(p => p.Id).ToListAsync(cancellationToken))
        {
            await DeleteAsync(Db.MedicalCostLines.Where(l => l.PublicationId == version), l => l.Id, cancellationToken);
            await DeleteAsync(Db.GenericDrugLines.Where(l => l.PublicationId == version), l => l.Id, cancellationToken);
            await DeleteAsync(Db.NoticeSights.Where(s => s.PublicationId == version), s => s.Id, cancellationToken);
            await DeleteAsync(Db.Publications.Where(p => p.Id == version), p => p.Id, cancellationToken);
        }
    }
}
