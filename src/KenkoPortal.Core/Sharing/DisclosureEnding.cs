using System.Linq.Expressions;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Sharing;

/// <summary>Closes what is open to the household where nobody asked for it. It must run inside a unit of work.</summary>
public sealed class DisclosureEnding(PortalContext db, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Ends these open periods, each with its event, and lets a closed one follow.</summary>
    /// <returns>How many were open.</returns>
    public async Task<int> CloseAsync(Expression<Func<DisclosureSetting, bool>> which, CancellationToken cancellationToken)
    {
        var open = await db.DisclosureSettings.Where(d => d.Until == null && d.IsOpen).Where(which).ToListAsync(cancellationToken);
        foreach (var setting in open)
        {
            db.DisclosureSettings.Add(setting.CloseAt(clock.GetUtcNow(), setting.HouseholdId));
            audit.Add(AuditKind.DisclosureClosed, setting.PersonId, $"kind={setting.Kind} cause={DisclosureCause.Ended}");
        }

        return open.Count;
    }
}
