namespace KenkoPortal.Core.Members.Import;

/// <summary>Finds at whom staff must look before a list is applied.</summary>
/// <param name="today">The date in Tokyo.</param>
internal sealed class MemberListChecks(DateOnly today)
{
    /// <summary>From this birthday on somebody else insures a person.</summary>
    private const int LateStage = 75;

    /// <summary>How long after a loss somebody who joins may be the one who left.</summary>
    private const int DaysForSamePerson = 90;

    private readonly List<MemberListCheck> _found = [];

    /// <summary>By kind, then by line.</summary>
    public IReadOnlyList<MemberListCheck> Found => [.. _found.OrderBy(check => check.Kind).ThenBy(check => check.Line ?? int.MaxValue)];

    /// <summary>A list without the mark wants to lift a protection; it does not.</summary>
    public void ProtectionKept(MemberListRow row) => _found.Add(new MemberListCheck(MemberListCheckKind.ProtectionKept, row.Line, row.Card, row.Name.Text));

    /// <summary>Who leaves by this list, or left in the last 90 days, and who joins: one of the two by this list, so that each pair is shown once.</summary>
    public void Pairs(IReadOnlyCollection<Standing> standings)
    {
        var since = today.AddDays(-DaysForSamePerson);
        var left = standings.Where(s => s is { Known: { } known, IsMember: false } && (s.WasMember || known.Person.LostOn > since)).ToList();
        var joined = standings.Where(s => s is { IsMember: true, Listed: not null } && (s.Known is null || s.Known.Cards.All(c => c.ValidFrom > since)))
            .ToLookup(s => (s.After!.BirthDate, s.After.Sex));
        foreach (var one in left)
        {
            var former = one.Known!.Person;
            foreach (var other in joined[(former.BirthDate, former.Sex)].Where(s => (s.Known is null || one.WasMember) && Names.HaveSameGivenName(former, s.After!)))
            {
                _found.Add(new MemberListCheck(MemberListCheckKind.SamePerson, other.Listed!.Latest.Line, one.Known!.Card, former.Name)
                {
                    Other = (other.Card, other.After!.Name),
                });
            }
        }
    }

    /// <summary>Cards that pass from one person to another.</summary>
    public void PassedCards(IReadOnlyCollection<Standing> standings)
    {
        var holders = new Dictionary<CardKey, Standing>(standings.Count);
        foreach (var standing in standings.Where(s => s is { IsMember: true, Listed: not null }))
        {
            holders[standing.Listed!.LatestKey] = standing;
        }

        foreach (var former in standings.Where(s => s is { WasMember: true, Known.LatestKey: not null }))
        {
            if (holders.TryGetValue(former.Known!.LatestKey!.Value, out var holder) && holder != former)
            {
                _found.Add(new MemberListCheck(MemberListCheckKind.CardPassed, holder.Listed!.Latest.Line, former.Known.Card, former.Known.Person.Name)
                {
                    Other = (holder.Card, holder.After!.Name),
                });
            }
        }
    }

    /// <summary>What of a person who was listed, known or not, staff must look at.</summary>
    public void Person(Standing standing, Members.Person? before, Members.Person after, IReadOnlyList<ListedValue> values)
    {
        var (line, card) = (standing.Listed?.Latest.Line, standing.Card);
        if (values.Where(v => v.Column is MemberListColumn.BirthDate or MemberListColumn.Sex).ToList() is { Count: > 0 } identity)
        {
            _found.Add(new MemberListCheck(MemberListCheckKind.Identity, line, card, after.Name) { Values = identity });
        }

        if (before?.LostOn is { } lost && after.AcquiredOn < lost && (after.LostOn is null || (lost <= today && after.LostOn > today)))
        {
            _found.Add(new MemberListCheck(MemberListCheckKind.LossTakenBack, line, card, after.Name) { Values = [.. values.Where(v => v.Column == MemberListColumn.LostOn)] });
        }

        if (after.LostOn > today)
        {
            _found.Add(new MemberListCheck(MemberListCheckKind.LossAhead, line, card, after.Name) { Day = after.LostOn });
        }

        if (standing.IsMember && after.AgeOn(today) is var age and >= LateStage)
        {
            _found.Add(new MemberListCheck(MemberListCheckKind.SeventyFive, line, card, after.Name) { Day = after.BirthDate, Age = age });
        }
    }
}
