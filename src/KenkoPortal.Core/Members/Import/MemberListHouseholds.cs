
namespace KenkoPortal.Core.Members.Import;

/// <summary>
/// Which household a 記号・番号 stands for. What people share is bound to the household, so it must last exactly as long as the family stays
/// together: whoever remains on a card keeps its household; a family that changes to another card as a whole, with its insured, takes it along;
/// whoever goes alone comes into another one.
/// </summary>
internal sealed class MemberListHouseholds
{
    private readonly Dictionary<HouseholdKey, Guid> _households = [];
    private readonly HashSet<Guid> _taken = [];

    private MemberListHouseholds()
    {
    }

    /// <summary>Households that did not exist before.</summary>
    public List<Guid> New { get; } = [];

    /// <summary>Gives every standing its household.</summary>
    public static MemberListHouseholds Assign(IReadOnlyList<Standing> standings)
    {
        var households = new MemberListHouseholds();
        households.KeepWhereSomebodyStays(standings);
        households.TakeAlongWithTheInsured(standings);
        households.KeepForThoseWhoComeBack(standings);
        foreach (var standing in standings)
        {
            standing.HouseholdId = households.Of(standing);
        }

        return households;
    }

    private static Guid? Before(Standing standing) => standing.Known?.Person.HouseholdId;

    private void KeepWhereSomebodyStays(IReadOnlyList<Standing> standings)
    {
        foreach (var standing in standings)
        {
            if (standing is { WasMember: true, IsMember: true, Household: { } key } && standing.FormerHousehold == key)
            {
                Take(key, Before(standing)!.Value);
            }
        }
    }

    private void TakeAlongWithTheInsured(IReadOnlyList<Standing> standings)
    {
        foreach (var standing in standings)
        {
            if (standing is { WasMember: true, IsMember: true, Household: { } key, IsInsured: true, Known.Person.IsInsured: true })
            {
                Take(key, Before(standing)!.Value);
            }
        }
    }

    private void KeepForThoseWhoComeBack(IReadOnlyList<Standing> standings)
    {
        foreach (var standing in standings)
        {
            if (standing is { Known: not null, Household: { } key } && standing.FormerHousehold == key)
            {
                Take(key, Before(standing)!.Value);
            }
        }
    }

    private void Take(HouseholdKey key, Guid household)
    {
        if (!_households.ContainsKey(key) && _taken.Add(household))
        {
            _households[key] = household;
        }
    }

    private Guid Of(Standing standing)
    {
        // One who left stays where they were: nobody sees them there, and nobody is made to look as if they had moved in.
        if (standing is { IsMember: false, Known: { } known })
        {
            return known.Person.HouseholdId;
        }

        if (standing.Household is not { } key)
        {
            return Before(standing) ?? Guid.CreateVersion7();
        }

        if (!_households.TryGetValue(key, out var household))
        {
            household = Guid.CreateVersion7();
            _households[key] = household;
            New.Add(household);
        }

        return household;
    }
}
