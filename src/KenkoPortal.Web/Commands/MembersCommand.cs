using System.CommandLine;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Imports;
using KenkoPortal.Core.Imports.MemberList;

namespace KenkoPortal.Web.Commands;

/// <summary><c>members import</c>: brings a members' list into a society, or shows what it would do.</summary>
internal static class MembersCommand
{
    /// <summary>Changes shown of each kind; the rest is counted.</summary>
    private const int MostShown = 100;

    public static Command Build(CommandFrame frame) => new("members", CommandText.Members) { Import(frame), MembersProtection.Protect(frame), MembersProtection.Unprotect(frame), MemberHeadingsCommand.Build(frame) };

    private static Command Import(CommandFrame frame)
    {
        var file = new Argument<string>("FILE") { Description = CommandText.MembersFile };
        var difference = new Option<bool>("--difference") { Description = CommandText.MembersDifference };
        var acceptLeavers = new Option<bool>("--accept-leavers") { Description = CommandText.MembersAcceptLeavers };
        var dryRun = new Option<bool>("--dry-run") { Description = CommandText.MembersDryRun };
        var command = new Command("import", CommandText.MembersImport) { file, frame.Society, difference, acceptLeavers, dryRun };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, society) =>
        {
            var path = run.Value(file)!;
            var options = new MemberListImportOptions
            {
                IsDifference = run.Value(difference), AcceptLeavers = run.Value(acceptLeavers), IsDryRun = run.Value(dryRun),
            };
            var outcome = await ImportAsync(services, run.Progress, path, options, run.Cancellation);
            return Tell(run, path, outcome);
        }));
        return command;
    }

    /// <summary>Imports a file into the society of the services' scope.</summary>
    public static async Task<MemberListOutcome> ImportAsync(
        IServiceProvider services, CommandProgress progress, string path, MemberListImportOptions options, CancellationToken cancellationToken)
    {
        await using var stream = CommandFiles.OpenToRead(path);
        return await progress.ShowAsync(
            CommandText.MembersWorking,
            done => services.GetRequiredService<MemberListImport>().ImportAsync(stream, options, done, cancellationToken));
    }

    private static int Tell(CommandRun run, string path, MemberListOutcome outcome)
    {
        TellRows(run, path, outcome.File.Errors);
        if (outcome.Comparison is not { } comparison)
        {
            run.Complain(CommandText.MembersHasErrors.With(outcome.File.ErrorCount));
            return PortalCommandLine.Refused;
        }

        var remarks = outcome.File.Warnings.Concat(comparison.Remarks).OrderBy(r => r.Line).ToList();
        if (remarks.Count > 0)
        {
            run.Complain(CommandText.MembersRemarks.With(remarks.Count));
            TellRows(run, path, remarks);
        }

        if (outcome.File.IgnoredHeadings.Count > 0)
        {
            run.Say(CommandText.MembersIgnored.With(string.Join(", ", outcome.File.IgnoredHeadings.Select(h => PlainText.Shown(h)))));
        }

        MembersProtection.Tell(run, path, outcome);
        if (outcome.Verdict != MemberListVerdict.Applied)
        {
            TellChanges(run, path, outcome);
        }

        run.Say(CommandText.MembersCounts.With(
            outcome.File.Rows.Count, comparison.Joined, comparison.Changed, comparison.Moved, comparison.Left, comparison.Unchanged, comparison.Former));
        switch (outcome.Verdict)
        {
            case MemberListVerdict.TooManyLeave:
                run.Complain(CommandText.MembersTooManyLeave.With(comparison.Left, comparison.Members));
                return PortalCommandLine.Refused;
            case MemberListVerdict.Previewed:
                run.Say(comparison.NeedsAcceptance ? CommandText.MembersPreviewedNeedsAcceptance : CommandText.MembersPreviewed);
                return PortalCommandLine.Done;
            default:
                run.Say(CommandText.MembersApplied);
                if (outcome.ClaimsMatched > 0)
                {
                    run.Say(CommandText.MembersClaimsMatched.With(outcome.ClaimsMatched));
                }

                if (outcome.LettersVoided > 0)
                {
                    run.Say(CommandText.MembersLettersVoided.With(outcome.LettersVoided));
                }

                return PortalCommandLine.Done;
        }
    }

    private static void TellRows(CommandRun run, string path, IReadOnlyList<RowError> rows)
    {
        foreach (var row in rows)
        {
            run.Complain(row.Render(path));
        }
    }

    private static void TellChanges(CommandRun run, string path, MemberListOutcome outcome)
    {
        foreach (var changes in outcome.Comparison!.Changes.GroupBy(c => c.Kind).OrderBy(g => g.Key))
        {
            var all = changes.ToList();
            run.Say(CommandText.MembersKind.With(NameOf(changes.Key), all.Count));
            foreach (var change in all.Take(MostShown))
            {
                run.Say("  " + Line(path, outcome.File, change));
            }

            if (all.Count > MostShown)
            {
                run.Say("  " + CommandText.MembersMore.With(all.Count - MostShown));
            }
        }
    }

    private static string Line(string path, MemberListFile file, MemberListChange change)
    {
        var place = change.Line is { } line ? $"{path}:{line}: " : "";
        var cards = change.FormerCard is { } former ? $"{former} → {change.Card}" : change.Card;
        var columns = change.Columns.Count == 0 ? "" : $"（{string.Join(", ", change.Columns.Select(c => file.Columns.TryGetValue(c, out var p) ? p.Heading : MemberListHeadings.Default[c]))}）";
        return place + cards + columns;
    }

    private static string NameOf(MemberListChangeKind kind) => kind switch
    {
        MemberListChangeKind.Joined => CommandText.MembersJoined,
        MemberListChangeKind.Changed => CommandText.MembersChanged,
        MemberListChangeKind.Moved => CommandText.MembersMoved,
        _ => CommandText.MembersLeft,
    };
}
