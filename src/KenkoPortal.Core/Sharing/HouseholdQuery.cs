using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Sharing;

/// <summary>A switch of 世帯内への公開設定 as it stands.</summary>
public enum Disclosure
{
    Closed,
    Open,

    /// <summary>Opened by the insured, for a child: it counts while the insured may act for them.</summary>
    OpenedForChild,
}

/// <summary>A person of a household, with what decides who sees what of them.</summary>
/// <param name="PersonId">The person.</param>
/// <param name="Name">氏名.</param>
/// <param name="Relationship">続柄.</param>
/// <param name="BirthDate">For the age up to which the insured acts for a child.</param>
/// <param name="LostOn">The first day without eligibility.</param>
/// <param name="IsProtected">非開示.</param>
/// <param name="Nickname">The account's; null without one.</param>
/// <param name="MedicalCost">The switch for 医療費通知; null where none was ever stored, which is closed. One that was set for another household is closed.</param>
/// <param name="GenericDrug">The switch for ジェネリック通知, likewise.</param>
/// <param name="HidesLines">Whether a line or an institution is hidden.</param>
public sealed record HouseholdRow(
    Guid PersonId, string Name, string Relationship, DateOnly BirthDate, DateOnly? LostOn, bool IsProtected, string? Nickname,
    Disclosure? MedicalCost, Disclosure? GenericDrug, bool HidesLines)
{
    public Disclosure? SwitchOf(NoticeKind kind) => kind == NoticeKind.MedicalCost ? MedicalCost : GenericDrug;
}

/// <summary>A person and one switch that is set, as the database gives them: whoever set none has one row.</summary>
/// <param name="Person">The person, without switches.</param>
/// <param name="ListOrder">Their place in the members' list.</param>
/// <param name="Kind">Which notices the switch is for.</param>
/// <param name="IsOpen">Whether it shares them with this household.</param>
/// <param name="SetByPersonId">Who set it.</param>
public sealed record HouseholdSwitch(HouseholdRow Person, int ListOrder, NoticeKind? Kind, bool? IsOpen, Guid? SetByPersonId)
{
    private Disclosure State => IsOpen != true ? Disclosure.Closed : SetByPersonId == Person.PersonId ? Disclosure.Open : Disclosure.OpenedForChild;

    /// <summary>Each person once, with their switches, in the list's order.</summary>
    public static IReadOnlyList<HouseholdRow> Gather(IEnumerable<HouseholdSwitch> switches)
    {
        var rows = new List<HouseholdRow>();
        foreach (var row in switches.OrderBy(r => r.ListOrder))
        {
            var at = rows.FindIndex(r => r.PersonId == row.Person.PersonId);
            if (at < 0)
            {
                rows.Add(row.Person);
                at = rows.Count - 1;
            }

            // Were there two at once, the closed one would count.
            rows[at] = row.Kind switch
            {
                NoticeKind.MedicalCost => rows[at] with { MedicalCost = rows[at].MedicalCost == Disclosure.Closed ? Disclosure.Closed : row.State },
                NoticeKind.GenericDrug => rows[at] with { GenericDrug = rows[at].GenericDrug == Disclosure.Closed ? Disclosure.Closed : row.State },
                _ => rows[at],
            };
        }

        return rows;
    }
}

/// <summary>The viewer's household in one query, translated once for the database.</summary>
public sealed class HouseholdQuery
{
    // Not in the list's order: SQLite would take the index of that order and read the whole society.
    private readonly Func<PortalContext, Guid, IAsyncEnumerable<HouseholdSwitch>> _rows = EF.CompileAsyncQuery(
        (PortalContext db, Guid viewerId) =>
            from viewer in db.Persons.AsNoTracking()
            join person in db.Persons on viewer.HouseholdId equals person.HouseholdId
            join account in db.MemberAccounts on person.Id equals account.PersonId into accounts
            from account in accounts.DefaultIfEmpty()
            join setting in db.DisclosureSettings.Where(d => d.Until == null) on person.Id equals setting.PersonId into settings
            from setting in settings.DefaultIfEmpty()
            where viewer.Id == viewerId
            select new HouseholdSwitch(
                new HouseholdRow(
                    person.Id, person.Name, person.Relationship, person.BirthDate, person.LostOn, person.IsProtected, account.Nickname, null, null,
                    db.HiddenClaims.Any(h => h.PersonId == person.Id) || db.HiddenInstitutions.Any(h => h.PersonId == person.Id)),
                person.ListOrder,
                (NoticeKind?)setting.Kind,
                (bool?)(setting.IsOpen && setting.HouseholdId == person.HouseholdId),
                (Guid?)setting.SetByPersonId));

    public async Task<IReadOnlyList<HouseholdRow>> ReadAsync(PortalContext db, Guid viewerId, CancellationToken cancellationToken) =>
        HouseholdSwitch.Gather(await _rows(db, viewerId).ToListAsync(cancellationToken));
}
