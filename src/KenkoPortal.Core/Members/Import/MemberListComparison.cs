using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.Members.Import;

/// <summary>
/// What a list would do to the society, worked out before anything is written: the preview for the clerk, and the writes of the import.
/// A list that was applied compares to nothing.
/// </summary>
public sealed class MemberListComparison
{
    /// <summary>The part of the members who may leave by one list without anybody having agreed: one in twenty.</summary>
    private const int LeaversWithoutAsking = 20;

    private static readonly IReadOnlyList<MemberListColumn> CardColumns = [MemberListColumn.Symbol, MemberListColumn.Number, MemberListColumn.Branch];

    private readonly MemberListFile _file;
    private readonly Guid _societyId;
    private readonly DateOnly _today;
    private readonly HashSet<(CardKey, DateOnly)> _cardStarts = [];
    private readonly List<MemberListChange> _changes = [];
    private readonly List<RowError> _remarks = [];
    private readonly MemberListChecks _checks;
    private readonly List<Standing> _protected = [];
    private int _nextListOrder;

    private MemberListComparison(MemberListFile file, Guid societyId, DateOnly today, bool isDifference) =>
        (_file, _societyId, _today, _checks, IsDifference) = (file, societyId, today, new MemberListChecks(today), isDifference);

    /// <summary>Whether the list was read as a difference.</summary>
    public bool IsDifference { get; }

    /// <summary>Members before the list.</summary>
    public int Members { get; private set; }

    /// <summary>New members, and those who came back.</summary>
    public int Joined { get; private set; }

    /// <summary>Members whose particulars changed.</summary>
    public int Changed { get; private set; }

    /// <summary>Members who changed their card.</summary>
    public int Moved { get; private set; }

    /// <summary>Members who are none any longer.</summary>
    public int Left { get; private set; }

    /// <summary>Members who stay as they were.</summary>
    public int Unchanged { get; private set; }

    /// <summary>Listed people who were no members before and are none now.</summary>
    public int Former { get; private set; }

    /// <summary>Person by person, by line; those whom a whole list leaves out at the end.</summary>
    public IReadOnlyList<MemberListChange> Changes => _changes;

    /// <summary>What the clerk should look at; the list is applied all the same.</summary>
    public IReadOnlyList<RowError> Remarks => _remarks;

    /// <summary>At whom staff must look first.</summary>
    public IReadOnlyList<MemberListCheck> Checks => _checks.Found;

    /// <summary>How the rows of the list add up.</summary>
    public MemberListRows Rows { get; private set; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>The newest day of a beginning or a loss in the list that is not ahead.</summary>
    public DateOnly? NewestOn { get; private set; }

    /// <summary>More than 5 % of the members would leave by a whole list: a truncated or another society's file looks like that.</summary>
    public bool NeedsAcceptance => !IsDifference && Left * LeaversWithoutAsking > Members;

    /// <summary>The state that it was compared with.</summary>
    internal int Version { get; private set; }

    internal List<Household> NewHouseholds { get; } = [];

    internal List<Person> NewPersons { get; } = [];

    internal List<Person> ChangedPersons { get; } = [];

    internal List<InsuranceCard> NewCards { get; } = [];

    internal List<InsuranceCard> ChangedCards { get; } = [];

    internal List<Guid> DroppedCards { get; } = [];

    /// <summary>Who is protected from now on.</summary>
    internal IReadOnlyList<Standing> Protected => _protected;

    /// <summary>Known people who part from those they lived with: into another household, or, being no insured, out of the society while the insured stays.</summary>
    internal List<Guid> Parted { get; } = [];

    /// <summary>Dependants who leave while the insured stays: the household's letter lies with who stays.</summary>
    internal List<Guid> LeftBehind { get; } = [];

    /// <summary>Households that people leave for another.</summary>
    internal List<(Guid PersonId, Guid HouseholdId)> LeftHouseholds { get; } = [];

    /// <summary>Everybody as they are afterwards, by household.</summary>
    internal ILookup<Guid, Standing> Households { get; private set; } = Array.Empty<Standing>().ToLookup(s => s.HouseholdId);

    /// <summary>
    /// What changed in who may see a person, and what the list changed about each, by column: events of their own (row G2). Nothing changed in who is new.
    /// </summary>
    internal List<(AuditKind Kind, Guid PersonId, string? Detail)> PersonEvents { get; } = [];

    /// <summary>Persons who left the society or their household, or are protected from now on, with the household that they are in now: what they share ends.</summary>
    internal List<(Guid PersonId, Guid HouseholdId)> EndedDisclosures { get; } = [];

    /// <summary>Members who came into another household or are protected from now on: whoever holds the letter of the household that was must not register in their name.</summary>
    internal List<Guid> VoidedLetters { get; } = [];

    /// <param name="file">A list without errors.</param>
    /// <param name="known">The people as they are.</param>
    /// <param name="societyId">The society.</param>
    /// <param name="today">The date in Tokyo; whoever a whole list leaves out leaves on it.</param>
    /// <param name="isDifference">Whether the list's silence about a person means nothing.</param>
    internal static MemberListComparison Compare(
        MemberListFile file, KnownMembers known, Guid societyId, DateOnly today, bool isDifference)
    {
        var comparison = new MemberListComparison(file, societyId, today, isDifference) { Version = known.Version };
        comparison.Compare(known.People);
        return comparison;
    }

    private bool HasWorkplace => _file.Columns.ContainsKey(MemberListColumn.Workplace);

    /// <summary>Counts alone.</summary>
    public override string ToString() => $"joined={Joined} changed={Changed} moved={Moved} left={Left} unchanged={Unchanged}";

    private void Compare(IReadOnlyList<KnownPerson> known)
    {
        var listed = ListedPerson.From(_file.Rows, _today);
        var matching = MemberListMatching.Run(listed, known, _today, IsDifference);
        var standings = Standings(listed, known, matching);
        NewHouseholds.AddRange(MemberListHouseholds.Assign(standings).New.Select(id => new Household { Id = id, SocietyId = _societyId }));
        _nextListOrder = known.Count == 0 ? 1 : known.Max(k => k.Person.ListOrder) + 1;
        _cardStarts.UnionWith(known.SelectMany(k => k.Cards).Select(card => (CardKey.Of(card), card.ValidFrom)));
        foreach (var standing in standings)
        {
            Plan(standing);
        }

        Households = standings.ToLookup(s => s.HouseholdId);
        _checks.Pairs(standings);
        _checks.PassedCards(standings);
        PlanPartings(standings);
        foreach (var (row, message) in matching.Remarks.OrderBy(r => r.Row.Line))
        {
            var place = _file.Columns[MemberListColumn.Branch];
            _remarks.Add(new RowError(row.Line, place.Number, place.Heading, message));
        }

        Members = standings.Count(s => s.WasMember);
        Unchanged = standings.Count(s => s is { WasMember: true, IsMember: true }) - Changed - Moved;
        Former = standings.Count(s => s is { Listed: not null, WasMember: false, IsMember: false });
        CountRows(standings, matching);
    }

    private void CountRows(List<Standing> standings, MemberListMatching matching)
    {
        var (listedLeft, unlisted) = (_changes.Count(c => c is { Kind: MemberListChangeKind.Left, Line: not null }), standings.Count(s => s is { Listed: null, WasMember: true, IsMember: true }));
        Rows = new MemberListRows(
            Joined, Changed, Moved, listedLeft, Unchanged - unlisted, Former, standings.Sum(s => s.Listed is { } listed ? listed.Rows.Count - 1 : 0), matching.Old.Sum(l => l.Rows.Count),
            Left - listedLeft, unlisted);
        foreach (var row in _file.Rows)
        {
            foreach (var day in new[] { row.AcquiredOn, row.LostOn ?? row.AcquiredOn })
            {
                NewestOn = day <= _today && !(day <= NewestOn) ? day : NewestOn;
            }
        }
    }

    private List<Standing> Standings(IReadOnlyList<ListedPerson> listed, IReadOnlyList<KnownPerson> known, MemberListMatching matching)
    {
        var standings = new List<Standing>(listed.Count + known.Count);
        var seen = new HashSet<KnownPerson>();
        var occupied = new Dictionary<CardKey, ListedPerson>(listed.Count);
        foreach (var person in listed.Where(l => !matching.Old.Contains(l)))
        {
            var holder = matching.Matches.GetValueOrDefault(person);
            var isMember = person.Latest.IsMemberOn(_today);
            standings.Add(new Standing { Known = holder, Listed = person, WasMember = holder?.WasMember(_today) == true, IsMember = isMember });
            if (holder is not null)
            {
                seen.Add(holder);
            }

            if (isMember)
            {
                occupied[person.LatestKey] = person;
            }
        }

        foreach (var person in known.Where(k => !seen.Contains(k)))
        {
            var successor = person.LatestKey is { } key ? occupied.GetValueOrDefault(key) : null;
            var leavesOn = person.LeavesOn(successor, _today, IsDifference);
            standings.Add(new Standing { Known = person, WasMember = person.WasMember(_today), IsMember = person.Person.IsMemberOn(_today) && leavesOn is null, LeavesOn = leavesOn });
        }

        return standings;
    }

    /// <summary>A dependant who leaves while the insured stays parts from them as one does who moves (row Z4). Who leaves together goes on together.</summary>
    private void PlanPartings(IReadOnlyList<Standing> standings)
    {
        var staying = standings.Where(s => s is { IsMember: true, IsInsured: true }).Select(s => s.HouseholdId).ToHashSet();
        LeftBehind.AddRange(standings
            .Where(s => s is { WasMember: true, IsMember: false, Known.Person.IsInsured: false } && staying.Contains(s.HouseholdId)).Select(s => s.Known!.Person.Id));
        Parted.AddRange(LeftHouseholds.Select(left => left.PersonId).Concat(LeftBehind).Distinct());
    }

    private void Plan(Standing standing)
    {
        if (standing.Known is null)
        {
            PlanNew(standing);
        }
        else if (standing.Listed is not null)
        {
            PlanListed(standing, standing.Known, standing.Listed);
        }
        else
        {
            PlanUnlisted(standing, standing.Known);
        }
    }

    private void PlanNew(Standing standing)
    {
        var row = standing.Listed!.Latest;
        var person = ListedParticulars.Apply(row, new Person
        {
            SocietyId = _societyId,
            HouseholdId = standing.HouseholdId,
            Name = row.Name.Text,
            Kana = row.Kana.Text,
            KanaKey = row.Kana.Key,
            Sex = row.Sex,
            BirthDate = row.BirthDate,
            Relationship = row.Relationship.Text,
            AcquiredOn = row.AcquiredOn,
            ListOrder = _nextListOrder++,
        }, HasWorkplace);
        NewPersons.Add(person);
        standing.After = person;
        if (person.IsProtected)
        {
            _protected.Add(standing);
        }

        PlanCards(person.Id, known: null, standing.Listed);

        if (standing.IsMember)
        {
            Joined++;
            _changes.Add(new MemberListChange(MemberListChangeKind.Joined, row.Line, row.Card, null, []) { Name = person.Name });
        }

        _checks.Person(standing, before: null, person, []);
    }

    private void PlanListed(Standing standing, KnownPerson known, ListedPerson listed)
    {
        var row = listed.Latest;
        var before = known.Person;
        var after = ListedParticulars.Apply(row, ListedParticulars.Copy(before, standing.HouseholdId), HasWorkplace);
        standing.After = after;
        if (before.IsProtected && !row.IsProtected)
        {
            _checks.ProtectionKept(row);
        }

        if (after.IsProtected && !before.IsProtected)
        {
            _protected.Add(standing);
        }

        var columns = ListedParticulars.Differences(before, after);
        var isOtherCard = known.LatestKey is { } key && key != listed.LatestKey;
        var isCardChanged = PlanCards(before.Id, known, listed);
        if (columns.Count > 0 || before.HouseholdId != after.HouseholdId)
        {
            Change(before, after);
        }

        if (isCardChanged && columns.Count == 0)
        {
            columns.AddRange(CardColumns);
        }

        if (columns.Count > 0 || standing.WasMember != standing.IsMember)
        {
            PersonEvents.Add(Listed(standing, before.Id, isOtherCard, columns));
        }

        EndDisclosures(standing, known, after.IsProtected);
        List<ListedValue> values = [.. isOtherCard || known.Latest is null ? [] : ListedParticulars.CardValues(known.Latest, row), .. ListedValue.Between(before, after, columns)];
        _checks.Person(standing, before, after, values);
        Count(standing, row.Line, row.Card, isOtherCard ? known.Card : null, columns, values);
    }

    private void PlanUnlisted(Standing standing, KnownPerson known)
    {
        var person = known.Person;
        standing.After = person;
        var lostOn = standing.LeavesOn ?? person.LostOn;
        if (lostOn != person.LostOn || standing.HouseholdId != person.HouseholdId)
        {
            var after = ListedParticulars.Copy(person, standing.HouseholdId);
            after.LostOn = lostOn;
            standing.After = after;
            Change(person, after);
        }

        if (lostOn != person.LostOn)
        {
            PersonEvents.Add(Listed(standing, person.Id, isOtherCard: false, [MemberListColumn.LostOn]));
        }

        if (!standing.IsMember && known.Latest is { ValidTo: null })
        {
            var plan = new CardPlan(known.Cards, _cardStarts, _today);
            plan.Close(lostOn ?? _today);
            Take(plan, person.Id);
        }

        EndDisclosures(standing, known, person.IsProtected);
        _checks.Person(standing, person, standing.After, []);
        Count(
            standing, line: null, known.Card, former: null, [],
            lostOn == person.LostOn ? [] : ListedValue.Between(person, standing.After, [MemberListColumn.LostOn]));
    }

    private void Change(Person before, Person after)
    {
        ChangedPersons.Add(after);
        if (after.IsProtected && !before.IsProtected)
        {
            PersonEvents.Add((AuditKind.ProtectionSet, after.Id, null));
        }

        if (before.HouseholdId != after.HouseholdId)
        {
            LeftHouseholds.Add((after.Id, before.HouseholdId));
            PersonEvents.Add((AuditKind.HouseholdChanged, after.Id, null));
        }
    }

    /// <summary>What a list changed about a person: the columns' names, and never a value.</summary>
    private static (AuditKind Kind, Guid PersonId, string? Detail) Listed(Standing standing, Guid personId, bool isOtherCard, List<MemberListColumn> columns)
    {
        var change = (standing.WasMember, standing.IsMember) switch
        {
            (false, true) => MemberListChangeKind.Joined,
            (true, false) => MemberListChangeKind.Left,
            _ => isOtherCard ? MemberListChangeKind.Moved : MemberListChangeKind.Changed,
        };
        return (AuditKind.PersonListed, personId, $"change={change}{(columns.Count == 0 ? "" : $" columns={string.Join(',', columns)}")}");
    }

    private void Count(Standing standing, int? line, string card, string? former, List<MemberListColumn> columns, IReadOnlyList<ListedValue> values)
    {
        MemberListChangeKind? kind = (standing.WasMember, standing.IsMember) switch
        {
            (false, true) => MemberListChangeKind.Joined,
            (true, false) => MemberListChangeKind.Left,
            (true, true) when former is not null => MemberListChangeKind.Moved,
            (true, true) when columns.Count > 0 => MemberListChangeKind.Changed,
            _ => null,
        };
        switch (kind)
        {
            case MemberListChangeKind.Joined:
                Joined++;
                break;
            case MemberListChangeKind.Left:
                Left++;
                break;
            case MemberListChangeKind.Moved:
                Moved++;
                break;
            case MemberListChangeKind.Changed:
                Changed++;
                break;
            default:
                return;
        }

        _changes.Add(new MemberListChange(kind.Value, line, card, former, columns) { Name = standing.After!.Name, Values = values });
    }

    /// <summary>Whoever left, came back, came into another household or is protected now shares nothing of what they shared before (rows Z3, Z4).</summary>
    private void EndDisclosures(Standing standing, KnownPerson known, bool isProtected)
    {
        var isApart = known.Person.HouseholdId != standing.HouseholdId || (isProtected && !known.Person.IsProtected);
        if (isApart || standing.WasMember != standing.IsMember)
        {
            EndedDisclosures.Add((known.Person.Id, standing.HouseholdId));
        }

        if (isApart && standing.IsMember)
        {
            VoidedLetters.Add(known.Person.Id);
        }
    }

    /// <returns>Whether a card is other than it was.</returns>
    private bool PlanCards(Guid personId, KnownPerson? known, ListedPerson listed)
    {
        var plan = new CardPlan(known?.Cards ?? [], _cardStarts, _today);
        foreach (var row in listed.Rows.Take(listed.Rows.Count - 1))
        {
            plan.Add(row, row.LostOn);
        }

        plan.AddLatest(listed.Latest, EndOf(listed.Latest), known?.Person.AcquiredOn);
        return Take(plan, personId);
    }

    private bool Take(CardPlan plan, Guid personId)
    {
        var before = NewCards.Count + ChangedCards.Count + DroppedCards.Count;
        foreach (var card in plan.Cards)
        {
            if (card.Original is null)
            {
                NewCards.Add(card.ToCard(Guid.CreateVersion7(), personId, _societyId));
            }
            else if (card.IsChanged)
            {
                ChangedCards.Add(card.ToCard(card.Original.Id, personId, _societyId));
            }
        }

        DroppedCards.AddRange(plan.Dropped);
        return NewCards.Count + ChangedCards.Count + DroppedCards.Count > before;
    }

    /// <summary>A card ends when its day has come; until then it is the person's.</summary>
    private DateOnly? EndOf(MemberListRow row) => row.LostOn <= _today ? row.LostOn : null;
}
