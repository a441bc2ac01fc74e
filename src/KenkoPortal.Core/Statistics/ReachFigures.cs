using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Statistics;

/// <summary>How many of a group have come how far. A number that could point at a person is null where it is small, and negative where it would only tell a small one by the sum.</summary>
/// <param name="Name">The group: a workplace, or a word for it.</param>
/// <param name="Counts">Members, with a letter or an account, registered, logged in within 30 days, newest notice seen.</param>
public sealed record ReachRow(string Name, IReadOnlyList<int?> Counts);

/// <summary>The registration rate of a society as its board asks for it.</summary>
/// <param name="All">Everybody.</param>
/// <param name="ByRelationship">本人 and 家族.</param>
/// <param name="ByWorkplace">By 事業所, the largest first; those with fewer than ten people together as the last.</param>
/// <param name="ByMonth">Registrations of the last twelve months, oldest first.</param>
public sealed record Reach(ReachRow All, IReadOnlyList<ReachRow> ByRelationship, IReadOnlyList<ReachRow> ByWorkplace, IReadOnlyList<ReachRow> ByMonth);

/// <summary>
/// Counts who uses the portal: no clinic, no amount, no name. A count from 1 to 9 is hidden, and where it alone is hidden in its column the next smallest
/// too, for the sum would tell it.
/// </summary>
public sealed class ReachFigures(PortalContext db, UnitOfWork work, AuditTrail audit, TimeProvider clock)
{
    /// <summary>A group smaller than this may point at a person.</summary>
    public const int Least = 10;

    /// <summary>Stands for a number that is not small, and would tell a small one by the sum.</summary>
    public const int Withheld = -1;

    private const int DaysOfLogin = 30;
    private const int Months = 12;

    public Task<Reach> ReadAsync(CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            audit.Add(AuditKind.FiguresShown, db.SocietyId);
            return await CountAsync(cancellationToken);
        },
        cancellationToken);

    private async Task<Reach> CountAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = JapanTime.DateOf(now);
        var newest = await db.Publications.AsNoTracking().Where(p => p.State == PublicationState.Published && p.PublishOn <= today)
            .OrderByDescending(p => p.Month).Select(p => (Guid?)p.Id).FirstOrDefaultAsync(cancellationToken);
        var recent = now.AddDays(-DaysOfLogin);
        var people = await (
            from person in db.Persons.AsNoTracking()
            join account in db.MemberAccounts on person.Id equals account.PersonId into accounts
            from account in accounts.DefaultIfEmpty()
            where person.LostOn == null || person.LostOn > today
            select new Counted(
                person.Relationship == Relationship.Insured,
                person.IsProtected ? null : person.Workplace,
                account != null || db.ProvisionalCredentials.Any(c => c.PersonId == person.Id),
                (DateTimeOffset?)account.CreatedAt,
                account != null && account.LastLoginAt > recent,
                newest != null && db.NoticeSights.Any(s => s.PublicationId == newest && s.ViewerId == person.Id))).ToListAsync(cancellationToken);

        var workplaces = people.GroupBy(p => p.Workplace, StringComparer.Ordinal).Where(g => g.Key is not null && g.Count() >= Least).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Key!, g.ToList())).ToList();
        var named = workplaces.Select(w => w.Item1).ToHashSet(StringComparer.Ordinal);
        var others = people.Where(p => p.Workplace is null || !named.Contains(p.Workplace)).ToList();
        var first = new DateOnly(today.Year, today.Month, 1).AddMonths(1 - Months);
        return new Reach(
            Shown([(FiguresText.All, people)])[0],
            Shown([(FiguresText.Insured, people.FindAll(p => p.IsInsured)), (FiguresText.Dependents, people.FindAll(p => !p.IsInsured))]),
            Shown([.. workplaces, .. others.Count > 0 ? [(FiguresText.OtherWorkplaces, others)] : Array.Empty<(string, List<Counted>)>()]),
            Hide([
                .. Enumerable.Range(0, Months).Select(i => first.AddMonths(i)).Select(month => (
                    FiguresText.Month.With(month.Year, month.Month),
                    new List<int> { people.Count(p => p.RegisteredAt is { } at && JapanTime.DateOf(at) is var day && day >= month && day < month.AddMonths(1)) })),
            ]));
    }

    private static IReadOnlyList<ReachRow> Shown(IReadOnlyList<(string Name, List<Counted> People)> groups) => Hide(
    [
        .. groups.Select(g => (g.Name, new List<int>
        {
            g.People.Count, g.People.Count(p => p.IsInvited), g.People.Count(p => p.RegisteredAt is not null), g.People.Count(p => p.HasLoggedIn), g.People.Count(p => p.HasSeen),
        })),
    ]);

    /// <summary>Hides what could point at a person, column by column.</summary>
    public static IReadOnlyList<ReachRow> Hide(IReadOnlyList<(string Name, List<int> Counts)> rows)
    {
        var shown = rows.Select(r => r.Counts.Select(c => (int?)c).ToArray()).ToList();
        for (var column = 0; rows.Count > 0 && column < shown[0].Length; column++)
        {
            var small = Enumerable.Range(0, rows.Count).Where(i => rows[i].Counts[column] is > 0 and < Least).ToList();
            if (small.Count == 1 && Enumerable.Range(0, rows.Count).Where(i => i != small[0] && rows[i].Counts[column] > 0).ToList() is { Count: > 0 } others)
            {
                small.Add(others.MinBy(i => rows[i].Counts[column]));
            }

            foreach (var row in small)
            {
                shown[row][column] = rows[row].Counts[column] < Least ? null : Withheld;
            }
        }

        return [.. rows.Select((r, i) => new ReachRow(r.Name, shown[i]))];
    }

    private sealed record Counted(bool IsInsured, string? Workplace, bool IsInvited, DateTimeOffset? RegisteredAt, bool HasLoggedIn, bool HasSeen);
}
