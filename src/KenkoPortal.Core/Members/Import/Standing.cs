namespace KenkoPortal.Core.Members.Import;

/// <summary>A person before and after a list: known, listed, or both.</summary>
internal sealed class Standing
{
    public KnownPerson? Known { get; init; }

    public ListedPerson? Listed { get; init; }

    public required bool WasMember { get; init; }

    public required bool IsMember { get; init; }

    /// <summary>記号・番号 before.</summary>
    public HouseholdKey? FormerHousehold => Known?.LatestKey?.Household;

    /// <summary>記号・番号 afterwards.</summary>
    public HouseholdKey? Household => Listed?.LatestKey.Household ?? FormerHousehold;

    /// <summary>本人 afterwards.</summary>
    public bool IsInsured => Listed?.Latest.Relationship.IsInsured ?? Known!.Person.IsInsured;

    /// <summary>The household afterwards.</summary>
    public Guid HouseholdId { get; set; }

    /// <summary>The person as the list leaves them, once that is planned.</summary>
    public Person? After { get; set; }

    /// <summary>記号-番号-枝番 afterwards.</summary>
    public string Card => Listed?.Latest.Card ?? Known?.Card ?? "-";

    /// <summary>Set for a known person whom a difference says to have lost their card to somebody else, or a whole list leaves out.</summary>
    public DateOnly? LeavesOn { get; init; }
}
