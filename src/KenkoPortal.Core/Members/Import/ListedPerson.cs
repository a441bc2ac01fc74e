
namespace KenkoPortal.Core.Members.Import;

/// <summary>A person as the list shows them: usually one row, more where it also holds the card that they had before.</summary>
internal sealed class ListedPerson(IReadOnlyList<MemberListRow> rows)
{
    /// <summary>From the first card to the last.</summary>
    public IReadOnlyList<MemberListRow> Rows { get; } = rows;

    public MemberListRow Latest { get; } = rows[^1];

    public CardKey LatestKey { get; } = CardKey.Of(rows[^1]);

    public IdentityKey Identity { get; } = IdentityKey.Of(rows[^1]);

    /// <summary>Joins rows with the same kana, birth date and sex that follow one another in time into one person.</summary>
    public static List<ListedPerson> From(IReadOnlyList<MemberListRow> rows, DateOnly today)
    {
        var firsts = new Dictionary<IdentityKey, List<MemberListRow>>(rows.Count);
        var people = new List<ListedPerson>(rows.Count);
        foreach (var row in rows)
        {
            var identity = IdentityKey.Of(row);
            if (!firsts.TryGetValue(identity, out var same))
            {
                firsts[identity] = same = new List<MemberListRow>(1);
            }

            same.Add(row);
        }

        foreach (var same in firsts.Values)
        {
            people.AddRange(IsOnePerson(same, today) ? [new ListedPerson(InTime(same))] : same.Select(row => new ListedPerson([row])));
        }

        people.Sort((a, b) => a.Rows.Min(r => r.Line).CompareTo(b.Rows.Min(r => r.Line)));
        return people;
    }

    private static IReadOnlyList<MemberListRow> InTime(List<MemberListRow> rows) => rows.Count == 1
        ? rows
        : [.. rows.OrderBy(row => row.LostOn is null).ThenBy(row => row.AcquiredOn).ThenBy(row => row.LostOn)];

    /// <summary>
    /// Whether rows with the same kana, birth date and sex can be one person's cards: no two hold at once. Where the dates of a change overlap a
    /// little, the name must be the same to the letter.
    /// </summary>
    private static bool IsOnePerson(List<MemberListRow> rows, DateOnly today)
    {
        if (rows.Count == 1)
        {
            return true;
        }

        if (rows.Count(row => row.IsMemberOn(today)) > 1)
        {
            return false;
        }

        var inTime = InTime(rows);
        return inTime.Zip(inTime.Skip(1)).All(pair => pair.First.LostOn <= pair.Second.AcquiredOn)
            || inTime.All(row => Names.AreSame(row.Name.Text, inTime[0].Name.Text));
    }
}
