using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Members;

internal sealed class MemberRetention(PortalContext db, UnitOfWork work, TimeProvider clock) : RetentionRules(db, work, clock)
{
    /// <summary>Forgets how two people were before they became one: only <c>members join --undo</c> reads it.</summary>
    public override Task DeleteAsync(CancellationToken cancellationToken)
    {
        var before = Now - PersonJoin.UndoLimit;
        return ChangeAsync(
            Db.PersonJoins.Where(j => j.Moved != null && j.JoinedAt <= before),
            over => over.ExecuteUpdateAsync(set => set.SetProperty(j => j.Moved, (string?)null), cancellationToken),
            cancellationToken);
    }
}
