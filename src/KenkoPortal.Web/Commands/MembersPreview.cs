using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary>What a members' list would do, with names and values: on the screen the first of each kind, in a CSV file all.</summary>
internal static class MembersPreview
{
    /// <summary>People shown of each kind; the rest is counted.</summary>
    private const int MostShown = 100;

    /// <summary>What staff must look at, before everything else.</summary>
    public static void TellChecks(CommandRun run, string path, MemberListOutcome outcome)
    {
        if (outcome.Comparison is not { } comparison || (outcome.Older is null && comparison.Checks.Count == 0))
        {
            return;
        }

        run.Say(MemberPreviewText.MustCheck);
        if (outcome.Older is { } older)
        {
            run.Say("  " + MemberPreviewText.Older.With(JapanTime.Date(older.Before), JapanTime.Date(older.Now)));
        }

        foreach (var checks in comparison.Checks.GroupBy(c => c.Kind))
        {
            var all = checks.ToList();
            run.Say("  " + (checks.Key == MemberListCheckKind.SamePerson ? MemberPreviewText.CheckPairs : MemberPreviewText.CheckKind).With(NameOf(checks.Key), all.Count));
            TellFirst(run, "    ", all, check => Place(path, check.Line) + LineOf(outcome.File, check));
        }
    }

    /// <summary>Who joins, changes, moves and leaves.</summary>
    public static void TellChanges(CommandRun run, string path, MemberListOutcome outcome)
    {
        foreach (var changes in outcome.Comparison!.Changes.GroupBy(c => c.Kind).OrderBy(g => g.Key))
        {
            var all = changes.ToList();
            run.Say(CommandText.MembersKind.With(NameOf(changes.Key), all.Count));
            TellFirst(run, "  ", all, change => Place(path, change.Line) + LineOf(outcome.File, change));
        }
    }

    /// <summary>How the rows of the list add up. Counts of 0 are left out.</summary>
    public static void TellRows(CommandRun run, MemberListOutcome outcome)
    {
        var rows = outcome.Comparison!.Rows;
        var listed = Counts(
            (MemberPreviewText.RowsJoined, rows.Joined), (MemberPreviewText.RowsChanged, rows.Changed), (MemberPreviewText.RowsMoved, rows.Moved), (MemberPreviewText.RowsLeft, rows.Left),
            (MemberPreviewText.RowsUnchanged, rows.Unchanged), (MemberPreviewText.RowsFormer, rows.Former), (MemberPreviewText.RowsSecond, rows.SecondCards), (MemberPreviewText.RowsOld, rows.OldCards));
        run.Say(MemberPreviewText.Rows.With(outcome.File.Rows.Count, listed));
        if (Counts((MemberPreviewText.RowsLeft, rows.UnlistedLeft), (MemberPreviewText.RowsUnchanged, rows.UnlistedUnchanged)) is { Length: > 0 } unlisted)
        {
            run.Say(MemberPreviewText.Unlisted.With(unlisted));
        }
    }

    /// <summary>All that is to be checked and all changes, a line for each value.</summary>
    public static byte[] Csv(MemberListOutcome outcome)
    {
        var file = new StringBuilder();
        SpreadsheetText.AppendCsv(
            file, MemberPreviewText.HeadKind, MemberPreviewText.HeadLine, MemberPreviewText.HeadCard, MemberPreviewText.HeadFormerCard, MemberPreviewText.HeadName, MemberPreviewText.HeadItem,
            MemberPreviewText.HeadBefore, MemberPreviewText.HeadAfter);
        foreach (var check in outcome.Comparison!.Checks)
        {
            foreach (var (item, before, after) in CellsOf(outcome.File, check))
            {
                Append(MemberPreviewText.CsvCheck.With(NameOf(check.Kind)), check.Line, check.Card, "", check.Name, item, before, after);
            }
        }

        foreach (var change in outcome.Comparison.Changes)
        {
            foreach (var (item, before, after) in CellsOf(outcome.File, change.Values))
            {
                Append(NameOf(change.Kind), change.Line, change.Card, change.FormerCard ?? "", change.Name, item, before, after);
            }
        }

        return SpreadsheetText.Encode(file);

        void Append(string kind, int? line, string card, string former, string name, string item, string before, string after) =>
            SpreadsheetText.AppendCsv(file, kind, line is { } known ? $"{known}" : "", card, former, name, item, before, after);
    }

    private static void TellFirst<T>(CommandRun run, string indent, List<T> all, Func<T, string> line)
    {
        foreach (var one in all.Take(MostShown))
        {
            run.Say(indent + line(one));
        }

        if (all.Count > MostShown)
        {
            run.Say(indent + CommandText.MembersMore.With(all.Count - MostShown));
        }
    }

    private static string Counts(params ReadOnlySpan<(string Format, int Count)> counts)
    {
        var told = new List<string>();
        foreach (var (format, count) in counts)
        {
            if (count > 0)
            {
                told.Add(format.With(count));
            }
        }

        return string.Join('、', told);
    }

    private static string Place(string path, int? line) => line is { } known ? $"{path}:{known}: " : "";

    private static string LineOf(MemberListFile file, MemberListCheck check) => check.Kind switch
    {
        MemberListCheckKind.ProtectionKept => MemberPreviewText.LineKept.With(check.Card, check.Name),
        MemberListCheckKind.SamePerson => MemberPreviewText.LineSame.With(check.Card, check.Name, check.Other!.Value.Card, check.Other.Value.Name),
        MemberListCheckKind.LossAhead => MemberPreviewText.LineLossAhead.With(check.Card, check.Name, JapanTime.Date(check.Day!.Value)),
        MemberListCheckKind.SeventyFive => MemberPreviewText.LineSeventyFive.With(check.Card, check.Name, JapanTime.Date(check.Day!.Value), check.Age),
        MemberListCheckKind.CardPassed => MemberPreviewText.LineCard.With(check.Card, check.Name, check.Other!.Value.Name),
        _ => MemberPreviewText.LineValues.With(check.Card, check.Name, ValuesOf(file, check.Values)),
    };

    private static string LineOf(MemberListFile file, MemberListChange change)
    {
        var cards = change.FormerCard is { } former ? $"{former} → {change.Card}" : change.Card;
        return $"{cards} {change.Name}{(change.Values.Count == 0 ? "" : $"（{ValuesOf(file, change.Values)}）")}";
    }

    private static string ValuesOf(MemberListFile file, IReadOnlyList<ListedValue> values) => string.Join('、', values.Select(value => value.IsKept
        ? MemberPreviewText.ValueKept.With(HeadingOf(file, value.Column))
        : MemberPreviewText.Value.With(HeadingOf(file, value.Column), Shown(value.Before), Shown(value.After))));

    private static string Shown(string value) => value.Length == 0 ? MemberPreviewText.None : value;

    private static IEnumerable<(string Item, string Before, string After)> CellsOf(MemberListFile file, MemberListCheck check) => check.Kind switch
    {
        MemberListCheckKind.SamePerson or MemberListCheckKind.CardPassed =>
            [(MemberPreviewText.CsvOtherCard, check.Card, check.Other!.Value.Card), (MemberPreviewText.CsvOtherName, check.Name, check.Other.Value.Name)],
        MemberListCheckKind.LossAhead => [(HeadingOf(file, MemberListColumn.LostOn), "", JapanTime.Date(check.Day!.Value))],
        MemberListCheckKind.SeventyFive => [(MemberPreviewText.CsvAge, "", $"{check.Age}")],
        _ => CellsOf(file, check.Values),
    };

    /// <summary>One line even for who has no value to show.</summary>
    private static IEnumerable<(string Item, string Before, string After)> CellsOf(MemberListFile file, IReadOnlyList<ListedValue> values) => values.Count == 0
        ? [("", "", "")]
        : values.Select(value => value.IsKept ? (HeadingOf(file, value.Column), "", MemberPreviewText.CsvKept) : (HeadingOf(file, value.Column), value.Before, value.After));

    private static string HeadingOf(MemberListFile file, MemberListColumn column) => file.Columns.TryGetValue(column, out var place) ? place.Heading : MemberListHeadings.Default[column];

    private static string NameOf(MemberListChangeKind kind) => kind switch
    {
        MemberListChangeKind.Joined => CommandText.MembersJoined,
        MemberListChangeKind.Changed => CommandText.MembersChanged,
        MemberListChangeKind.Moved => CommandText.MembersMoved,
        _ => CommandText.MembersLeft,
    };

    private static string NameOf(MemberListCheckKind kind) => kind switch
    {
        MemberListCheckKind.ProtectionKept => MemberPreviewText.ProtectionKept,
        MemberListCheckKind.SamePerson => MemberPreviewText.SamePerson,
        MemberListCheckKind.Identity => MemberPreviewText.Identity,
        MemberListCheckKind.LossTakenBack => MemberPreviewText.LossTakenBack,
        MemberListCheckKind.LossAhead => MemberPreviewText.LossAhead,
        MemberListCheckKind.SeventyFive => MemberPreviewText.SeventyFive,
        _ => MemberPreviewText.CardPassed,
    };
}
