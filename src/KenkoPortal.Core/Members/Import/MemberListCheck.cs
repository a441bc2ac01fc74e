namespace KenkoPortal.Core.Members.Import;

/// <summary>Why staff must look at somebody before a list is applied, in the order in which it is shown.</summary>
public enum MemberListCheckKind
{
    /// <summary>A protected person whom the list does not mark. They stay protected (row Z8).</summary>
    ProtectionKept,

    /// <summary>Somebody leaves and somebody joins, and they may be one person under a new family name.</summary>
    SamePerson,

    /// <summary>Another birth date or sex: most often another person on the card, or a mistake.</summary>
    Identity,

    /// <summary>A loss that was listed is taken back.</summary>
    LossTakenBack,

    /// <summary>喪失予定: a day of loss that is still to come.</summary>
    LossAhead,

    /// <summary>75 and over, and still a member: from that birthday the late-stage elderly system insures them.</summary>
    SeventyFive,

    /// <summary>The card is somebody else's from now on.</summary>
    CardPassed,
}

/// <summary>Somebody at whom staff must look.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Line">The list's line; null where the list is silent about them.</param>
/// <param name="Card">記号-番号-枝番.</param>
/// <param name="Name">氏名.</param>
public sealed record MemberListCheck(MemberListCheckKind Kind, int? Line, string Card, string Name)
{
    /// <summary>Of a pair, the one who joins; of a card that passed on, its holder from now on.</summary>
    public (string Card, string Name)? Other { get; init; }

    /// <summary>What changes.</summary>
    public IReadOnlyList<ListedValue> Values { get; init; } = [];

    /// <summary>The day of a loss to come, or the birth date.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>Age of somebody of 75 and over.</summary>
    public int Age { get; init; }

    /// <summary>The line alone: a record's own ToString would carry card and name into whatever logs it.</summary>
    public override string ToString() => $"{Kind} {Line}";
}

/// <summary>How the rows of a list add up, and who is not in it.</summary>
/// <param name="Joined">Rows of who joins.</param>
/// <param name="Changed">Rows of who changes.</param>
/// <param name="Moved">Rows of who changes the card.</param>
/// <param name="Left">Rows of who leaves.</param>
/// <param name="Unchanged">Rows of who stays as they were.</param>
/// <param name="Former">Rows of who was none before and is none now.</param>
/// <param name="SecondCards">Further rows of people who are counted already: cards that they had before.</param>
/// <param name="OldCards">Rows about cards that their holders have left behind: they change nothing.</param>
/// <param name="UnlistedLeft">People who are not in the list and leave by its silence.</param>
/// <param name="UnlistedUnchanged">Members who are not in a difference list and stay.</param>
public sealed record MemberListRows(
    int Joined, int Changed, int Moved, int Left, int Unchanged, int Former, int SecondCards, int OldCards, int UnlistedLeft, int UnlistedUnchanged)
{
    /// <summary>All rows of the list.</summary>
    public int Sum => Joined + Changed + Moved + Left + Unchanged + Former + SecondCards + OldCards;
}
