using System.CommandLine;
using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.ReceivedClaims.Import;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary>
/// <c>claims show</c>: claims as examined, for scripts and for looking; nothing is written and no database is opened. <c>claims import</c> brings them
/// into a society, <c>claims waiting</c> lists those that have not found their person, <c>claims assign</c> decides among several.
/// </summary>
internal static class ClaimsCommand
{
    /// <summary>Claims named of each sort; the rest is counted.</summary>
    private const int MostShown = 100;

    public static Command Build(CommandFrame frame) => new("claims", CommandText.Claims)
    {
        Import(frame), Waiting(frame), ClaimChoiceCommands.Assign(frame), ClaimChoiceCommands.Unassign(frame), Show(frame),
    };

    private static Command Import(CommandFrame frame)
    {
        var paths = CommandFrame.Paths(CommandText.ClaimsPath);
        var dryRun = new Option<bool>("--dry-run") { Description = CommandText.ClaimsDryRun };
        var command = new Command("import", CommandText.ClaimsImport) { paths, frame.Society, dryRun };
        frame.SetAction(command, async run =>
        {
            using var input = ClaimInput.Open(run, run.Value(paths)!);
            return await run.InSocietyAsync(async (services, _) =>
            {
                var report = await ImportAsync(services, run, input.Files, run.Value(dryRun));
                Tell(run, report);
                run.Say(run.Value(dryRun) ? CommandText.ClaimsPreviewed : report.IsAnythingNew ? CommandText.ClaimsApplied : CommandText.ClaimsNothingNew);
                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    /// <summary>Imports files into the society of the services' scope.</summary>
    private static Task<ClaimFilesReport> ImportAsync(IServiceProvider services, CommandRun run, IReadOnlyList<ClaimSource> files, bool isDryRun) =>
        run.Progress.ShowAsync(
            CommandText.ClaimsWorking,
            done => services.GetRequiredService<ClaimFilesImport>().ImportAsync(
                files, isDryRun, (path, fault) => run.Complain(fault.Render(path)), done, run.Cancellation));

    private static void Tell(CommandRun run, ClaimFilesReport report)
    {
        foreach (var file in report.EmptyFiles)
        {
            run.Complain(CommandText.ClaimsEmpty.With(file));
        }

        foreach (var (kind, count) in report.Files)
        {
            run.Say(ClaimWords.Count(kind, count.Read, count.SetAside, count.Details, 0));
        }

        if (report.Others > 0)
        {
            run.Say(CommandText.ClaimsOthers.With(report.Others));
        }

        run.Say(ClaimWords.Counts(report));
        if (report.ChangedColumns.Count > 0)
        {
            run.Say(CommandText.ClaimsChangedColumns.With(string.Join(", ", report.ChangedColumns.Select(c => $"{ColumnName(c.Key)} {c.Value}"))));
        }

        TellNumbers(run, CommandText.ClaimsChanged, report.Changes.Select(c => $"{c.Number} {c.Month}（{string.Join(", ", c.Columns.Select(ColumnName))}）").ToList());
        TellNumbers(run, CommandText.ClaimsReExamined, report.ReExamined);
        TellNumbers(run, CommandText.ClaimsReturned, report.Returned);
        TellNumbers(run, CommandText.ClaimsRevived, report.Revived);
        TellNumbers(run, CommandText.ClaimsOutdated, report.Outdated);
        if (report.Matches.Count > 0)
        {
            run.Say(CommandText.ClaimsMatches.With(string.Join("、", report.Matches.Select(m => $"{NameOf(m.Key)} {m.Value}"))));
        }

        if (report.Months.Count > 0)
        {
            run.Say(CommandText.ClaimsMonths.With(string.Join("、", report.Months.Select(m => CommandText.ClaimsMonth.With(m.Key, m.Value)))));
        }

        if (report.Waiting.Count > 0)
        {
            run.Say(CommandText.ClaimsWaitingNow.With(report.Waiting.Values.Sum()));
        }
    }

    private static void TellNumbers(CommandRun run, string heading, IReadOnlyList<string> numbers)
    {
        if (numbers.Count == 0)
        {
            return;
        }

        run.Say(heading.With(numbers.Count));
        foreach (var number in numbers.Take(MostShown))
        {
            run.Say("  " + number);
        }

        if (numbers.Count > MostShown)
        {
            run.Say("  " + CommandText.ClaimsMore.With(numbers.Count - MostShown));
        }
    }

    private static string ColumnName(string column) => ClaimFilesText.ResourceManager.GetString(column, CultureInfo.CurrentUICulture) ?? column;

    private static Command Waiting(CommandFrame frame)
    {
        var command = new Command("waiting", CommandText.ClaimsWaiting) { frame.Society };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, society) =>
        {
            var hint = run.IsGiven(frame.Society) ? $" --society {society.Key}" : "";
            var waiting = await services.GetRequiredService<ClaimChoice>().ShowWaitingAsync(run.Cancellation);
            foreach (var claim in waiting)
            {
                ClaimWords.Tell(run, claim);
                foreach (var suggestion in ClaimChoiceCommands.Suggestions(run, claim, hint))
                {
                    run.Say("  " + CommandText.ClaimsWaitingChoose.With(suggestion));
                }
            }

            run.Complain(waiting.Count == 0 ? CommandText.ClaimsNoneWaiting : CommandText.ClaimsWaitingNow.With(waiting.Count));
            return PortalCommandLine.Done;
        }));
        return command;
    }

    /// <summary>Why a claim waits, in words.</summary>
    public static string NameOf(ClaimMatch match) => match switch
    {
        ClaimMatch.Matched => CommandText.MatchMatched,
        ClaimMatch.NoCard => CommandText.MatchNoCard,
        ClaimMatch.NoPerson => CommandText.MatchNoPerson,
        ClaimMatch.BirthDateDiffers => CommandText.MatchBirthDateDiffers,
        ClaimMatch.NotMemberThen => CommandText.MatchNotMemberThen,
        ClaimMatch.Ambiguous => CommandText.MatchAmbiguous,
        _ => CommandText.MatchOtherInsurer,
    };

    private static Command Show(CommandFrame frame)
    {
        var paths = CommandFrame.Paths(CommandText.ClaimsPath);
        var json = new Option<bool>("--json") { Description = CommandText.ClaimsJson };
        var command = new Command("show", CommandText.ClaimsShow) { paths, json };
        frame.SetAction(command, run => Task.FromResult(Show(run, run.Value(paths)!, run.Value(json))));
        return command;
    }

    private static int Show(CommandRun run, string[] paths, bool isJson)
    {
        var counts = new SortedDictionary<ClaimKind, ClaimCount>();
        var isDone = true;
        using var input = ClaimInput.Open(run, paths);
        foreach (var file in input.Files)
        {
            try
            {
                isDone &= Show(run, file, isJson, counts);
            }
            catch (ClaimArchiveException exception)
            {
                throw new PortalInputException(exception.Message);
            }
        }

        foreach (var (kind, count) in counts)
        {
            // Standard output holds nothing but claims.
            run.Complain(ClaimWords.Count(kind, count.Read, count.SetAside, count.Details, count.Unread));
        }

        return isDone ? PortalCommandLine.Done : PortalCommandLine.Refused;
    }

    private static bool Show(CommandRun run, ClaimSource source, bool isJson, SortedDictionary<ClaimKind, ClaimCount> counts)
    {
        using var stream = source.Open();
        var file = ClaimFile.Read(stream, fault => run.Complain(fault.Render(source.Name)));
        foreach (var claim in file)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            run.Say(isJson ? ClaimJson.Line(claim) : Line(claim));
        }

        if (file.Kind is not { } kind)
        {
            run.Complain(CommandText.ClaimsNothing.With(source.Name));
            return false;
        }

        var before = counts.GetValueOrDefault(kind) ?? new ClaimCount(0, 0, 0, 0);
        counts[kind] = new ClaimCount(
            before.Read + file.ClaimsRead, before.SetAside + file.ClaimsSetAside, before.Details + file.DetailsPassedOver, before.Unread + file.LinesUnread);
        return (file.ClaimsRead > 0 || file.FaultsTold == 0) && file.LinesUnread == 0 && !file.IsCutShort;
    }

    private static string Line(DeliveredClaim delivered)
    {
        var claim = delivered.AsExamined;
        var format = claim.Kind == ClaimKind.Nursing ? CommandText.ClaimsLineYen : CommandText.ClaimsLine;
        var place = claim.Kind is not (ClaimKind.Medical or ClaimKind.Dental) ? "" : claim.IsInpatient ? CommandText.ClaimsInpatient : CommandText.ClaimsOutpatient;
        return format.With(
            claim.Number, ClaimWords.NameOf(claim.Kind), place, claim.Month, claim.Institution.Name ?? claim.Institution.Code, claim.Points, delivered.AsBilled.Points);
    }

    private sealed record ClaimCount(long Read, long SetAside, long Details, long Unread);
}
