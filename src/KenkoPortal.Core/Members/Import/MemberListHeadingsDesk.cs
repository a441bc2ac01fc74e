using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Members.Import;

/// <summary>Keeps a society's own headings of the members' list.</summary>
public sealed class MemberListHeadingsDesk(PortalContext db, UnitOfWork work, AuditTrail audit)
{
    /// <summary>The headings that the society's lists have.</summary>
    public MemberListHeadings Current => MemberListHeadings.Parse(db.Current.Society.MemberHeadings);

    /// <summary>Changes some headings; the others stay.</summary>
    /// <param name="changes">Each <c>記号=被保険者証記号</c>; <c>記号=記号</c> takes the default again.</param>
    /// <param name="cancellationToken">Ends it with nothing written.</param>
    /// <exception cref="Common.PortalInputException">A name is no column, or two columns would have the same heading.</exception>
    public Task<MemberListHeadings> SaveAsync(IEnumerable<string> changes, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            var society = await db.Societies.SingleAsync(s => s.Id == db.SocietyId, cancellationToken);
            // Of two settings of one column the later one holds.
            var headings = MemberListHeadings.Parse(string.Join(',', changes.Prepend(society.MemberHeadings ?? "")));
            society.MemberHeadings = headings.ToString() is { Length: > 0 } own ? own : null;
            audit.Add(AuditKind.SocietyChanged, society.Id, "member-headings");
            return headings;
        },
        cancellationToken);
}
