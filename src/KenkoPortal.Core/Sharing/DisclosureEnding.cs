using System.Linq.Expressions;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
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

    /// <summary>Closes for a person for whom nothing is stored what another closed since: it was one person then, and nobody knows which of the two objected.</summary>
    public async Task CloseAlsoAsync(Guid otherId, Person person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var stored = await db.DisclosureSettings.Where(d => d.PersonId == person.Id).Select(d => d.Kind).Distinct().ToListAsync(cancellationToken);
        var closed = await db.DisclosureSettings.AsNoTracking()
            .Where(d => d.PersonId == otherId && d.Until == null && !d.IsOpen && d.From >= since && (d.Cause == DisclosureCause.Objection || d.Cause == DisclosureCause.Chosen) && !stored.Contains(d.Kind)).ToListAsync(cancellationToken);
        foreach (var setting in closed)
        {
            db.DisclosureSettings.Add(new DisclosureSetting
            {
                SocietyId = setting.SocietyId, PersonId = person.Id, HouseholdId = person.HouseholdId, Kind = setting.Kind, IsOpen = false, From = clock.GetUtcNow(),
                SetByPersonId = person.Id, Cause = setting.Cause,
            });
            audit.Add(AuditKind.DisclosureClosed, person.Id, $"kind={setting.Kind} cause={setting.Cause}");
        }
    }
}
