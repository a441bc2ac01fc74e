using System.CommandLine;
using System.Globalization;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Common.Files;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>members import</c>: brings a members' list into a society, or shows what it would do.</summary>
internal static class MembersCommand
{
    public static Command Build(CommandFrame frame) => new("members", CommandText.Members) { Import(frame), MembersProtection.Protect(frame), MembersProtection.Unprotect(frame), MemberHeadingsCommand.Build(frame), MemberJoinCommand.Build(frame) };

    private static Command Import(CommandFrame frame)
    {
        var file = new Argument<string>("FILE") { Description = CommandText.MembersFile };
        var difference = new Option<bool>("--difference") { Description = CommandText.MembersDifference };
        var acceptLeavers = new Option<bool>("--accept-leavers") { Description = CommandText.MembersAcceptLeavers };
        var dryRun = new Option<bool>("--dry-run") { Description = CommandText.MembersDryRun };
        var asOf = new Option<string?>("--as-of") { Description = MemberPreviewText.AsOf, HelpName = "YYYY-MM-DD" };
        CommandFrame.Check(asOf, text => TryDay(text, out _), MemberPreviewText.AsOfForm);
        var acceptOlder = new Option<bool>("--accept-older") { Description = MemberPreviewText.AcceptOlder };
        var changes = new Option<string?>("--out") { Description = MemberPreviewText.Out, HelpName = "FILE.csv" };
        var command = new Command("import", CommandText.MembersImport) { file, frame.Society, difference, asOf, acceptLeavers, acceptOlder, dryRun, changes };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, society) =>
        {
            var path = run.Value(file)!;
            var options = new MemberListImportOptions
            {
                IsDifference = run.Value(difference), AcceptLeavers = run.Value(acceptLeavers), AcceptOlder = run.Value(acceptOlder), IsDryRun = run.Value(dryRun),
                AsOf = TryDay(run.Value(asOf), out var day) ? day : null,
            };
            // Before anything is written: a list that was taken could not be shown again.
            var written = run.Value(changes) is { } typed ? CreateFile(typed) : null;
            try
            {
                var outcome = await ImportAsync(services, run.Progress, path, options, run.Cancellation);
                if (written is not null && outcome.Comparison is not null)
                {
                    await written.WriteAsync(MembersPreview.Csv(outcome), run.Cancellation);
                }

                return Tell(run, path, outcome, run.Value(changes));
            }
            finally
            {
                await CloseAsync(written);
            }
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

    private static bool TryDay(string? text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static FileStream CreateFile(string typed)
    {
        var whole = CommandFiles.ToWrite(typed);
        try
        {
            return PrivateFiles.Create(whole);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PortalInputException((File.Exists(whole) ? MemberPreviewText.OutExists : MemberPreviewText.OutUnwritable).With(typed));
        }
    }

    /// <summary>A file into which nothing was written goes again.</summary>
    private static async Task CloseAsync(FileStream? written)
    {
        if (written is null)
        {
            return;
        }

        var isEmpty = written.Length == 0;
        await written.DisposeAsync();
        if (isEmpty)
        {
            File.Delete(written.Name);
        }
    }

    private static int Tell(CommandRun run, string path, MemberListOutcome outcome, string? written)
    {
        TellRows(run, path, outcome.File.Errors);
        if (outcome.Comparison is not { } comparison)
        {
            run.Complain(CommandText.MembersHasErrors.With(outcome.File.ErrorCount));
            return PortalCommandLine.Refused;
        }

        MembersPreview.TellChecks(run, path, outcome);
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
            MembersPreview.TellChanges(run, path, outcome);
        }

        run.Say(CommandText.MembersCounts.With(
            outcome.File.Rows.Count, comparison.Joined, comparison.Changed, comparison.Moved, comparison.Left, comparison.Unchanged, comparison.Former));
        MembersPreview.TellRows(run, outcome);
        if (written is not null)
        {
            run.Say(MemberPreviewText.Written.With(written));
        }

        switch (outcome.Verdict)
        {
            case MemberListVerdict.IsOlder:
                run.Complain(MemberPreviewText.OlderRefused);
                return PortalCommandLine.Refused;
            case MemberListVerdict.TooManyLeave:
                run.Complain(CommandText.MembersTooManyLeave.With(comparison.Left, comparison.Members));
                return PortalCommandLine.Refused;
            case MemberListVerdict.Previewed:
                run.Say((comparison.NeedsAcceptance ? CommandText.MembersPreviewedNeedsAcceptance : CommandText.MembersPreviewed) + (outcome.Older is null ? "" : MemberPreviewText.OlderPreviewed));
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
}
