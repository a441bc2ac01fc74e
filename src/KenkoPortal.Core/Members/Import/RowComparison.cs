using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members.Import;

/// <summary>Compares the rows of one list with each other.</summary>
internal static class RowComparison
{
    /// <summary>Reports what one row alone cannot show. People who left by today no longer take anybody's place.</summary>
    public static void Compare(IReadOnlyList<MemberListRow> rows, MemberListOptions options, ListFaults faults)
    {
        var cards = new Dictionary<(string Symbol, string Number, string Branch), MemberListRow>(rows.Count);
        var repeated = new Dictionary<(string Symbol, string Number, string Branch), List<MemberListRow>>();
        var households = new Dictionary<(string Symbol, string Number), (MemberListRow First, int InsuredLine)>(rows.Count);
        foreach (var row in rows)
        {
            faults.Line = row.Line;
            var card = (row.Symbol.Key, row.Number.Key, row.Branch.Value);
            if (!cards.TryAdd(card, row))
            {
                JudgeRepeated(row, cards[card], repeated, card, faults);
            }

            if (!row.IsMemberOn(options.Today))
            {
                continue;
            }

            var key = (row.Symbol.Key, row.Number.Key);
            var household = households.TryGetValue(key, out var known) ? known : (First: row, InsuredLine: 0);
            if (row.Relationship.IsInsured && household.InsuredLine > 0)
            {
                faults.Fail(MemberListColumn.Relationship, MemberListText.SecondInsured.With(household.InsuredLine, $"{row.Symbol}-{row.Number}"));
            }
            else if (row.Relationship.IsInsured)
            {
                household.InsuredLine = row.Line;
            }

            households[key] = household;
        }

        foreach (var (first, insuredLine) in households.Values)
        {
            if (insuredLine == 0 && !options.IsDifference)
            {
                faults.Line = first.Line;
                faults.Warn(MemberListColumn.Relationship, MemberListText.WarnNoInsured.With($"{first.Symbol}-{first.Number}"));
            }
        }
    }

    /// <summary>The same card may stand twice when somebody left and came back: the periods must not overlap.</summary>
    private static void JudgeRepeated<TKey>(MemberListRow row, MemberListRow first, Dictionary<TKey, List<MemberListRow>> repeated, TKey card, ListFaults faults)
        where TKey : notnull
    {
        if (!repeated.TryGetValue(card, out var others))
        {
            repeated[card] = others = [first];
        }

        if (others.Find(other => !(other.LostOn <= row.AcquiredOn || row.LostOn <= other.AcquiredOn)) is { } same)
        {
            faults.Fail(MemberListColumn.Branch, MemberListText.DuplicateCard.With(same.Line, row.Card));
        }

        others.Add(row);
    }
}
