using System.CommandLine;
using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Imports.ClaimFiles;
using KenkoPortal.Core.Notices;

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
        frame.SetAction(command, run =>
        {
            var files = FilesOf(run, run.Value(paths)!);
            return run.InSocietyAsync(async (services, _) =>
            {
                var report = await ImportAsync(services, run, files, run.Value(dryRun));
                Tell(run, report);
                run.Say(run.Value(dryRun) ? CommandText.ClaimsPreviewed : report.IsAnythingNew ? CommandText.ClaimsApplied : CommandText.ClaimsNothingNew);
                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    /// <summary>Imports files into the society of the services' scope.</summary>
    public static Task<ClaimFilesReport> ImportAsync(IServiceProvider services, CommandRun run, IReadOnlyList<string> files, bool isDryRun) =>
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
            run.Say(CommandText.ClaimsCount.With(NameOf(kind), count.Read, count.SetAside, count.Details));
        }

        if (report.Others > 0)
        {
            run.Say(CommandText.ClaimsOthers.With(report.Others));
        }

        run.Say(CommandText.ClaimsCounts.With(
            report.New, report.Changes.Count, report.Unchanged, report.ReExamined.Count, report.Returned.Count, report.SetAside, report.Faults));
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
                var card = $"{claim.SymbolKey}-{claim.NumberKey}{(claim.Branch is null ? "" : "-" + claim.Branch)}";
                run.Say(CommandText.ClaimsWaitingLine.With(claim.Number, claim.Month, card, NameOf(claim.Reason)));
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
        foreach (var file in FilesOf(run, paths))
        {
            isDone &= Show(run, file, isJson, counts);
        }

        foreach (var (kind, count) in counts)
        {
            // Standard output holds nothing but claims.
            run.Complain(CommandText.ClaimsCount.With(NameOf(kind), count.Read, count.SetAside, count.Details));
        }

        return isDone ? PortalCommandLine.Done : PortalCommandLine.Refused;
    }

    /// <exception cref="PortalInputException">A path leads nowhere, or a folder has no claims in it.</exception>
    private static List<string> FilesOf(CommandRun run, string[] paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (!Directory.Exists(path))
            {
                CommandFiles.OpenToRead(path).Dispose();
                files.Add(path);
                continue;
            }

            var delivery = ClaimDelivery.Find(path);
            if (delivery.Claims.Count == 0)
            {
                throw new PortalInputException(CommandText.ClaimsNoFiles.With(path));
            }

            files.AddRange(delivery.Claims);
            foreach (var ignored in delivery.Ignored)
            {
                run.Complain(CommandText.ClaimsIgnored.With(ignored));
            }
        }

        return files;
    }

    private static bool Show(CommandRun run, string path, bool isJson, SortedDictionary<ClaimKind, ClaimCount> counts)
    {
        using var stream = CommandFiles.OpenToRead(path);
        var file = ClaimFile.Read(stream, fault => run.Complain(fault.Render(path)));
        foreach (var claim in file)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            run.Say(isJson ? ClaimJson.Line(claim) : Line(claim));
        }

        if (file.Kind is not { } kind)
        {
            run.Complain(CommandText.ClaimsNothing.With(path));
            return false;
        }

        var before = counts.GetValueOrDefault(kind) ?? new ClaimCount(0, 0, 0);
        counts[kind] = new ClaimCount(before.Read + file.ClaimsRead, before.SetAside + file.ClaimsSetAside, before.Details + file.DetailsPassedOver);
        return file.ClaimsRead > 0 || file.FaultsTold == 0;
    }

    private static string Line(DeliveredClaim delivered)
    {
        var claim = delivered.AsExamined;
        var format = claim.Kind == ClaimKind.Nursing ? CommandText.ClaimsLineYen : CommandText.ClaimsLine;
        var place = claim.Kind is not (ClaimKind.Medical or ClaimKind.Dental) ? "" : claim.IsInpatient ? CommandText.ClaimsInpatient : CommandText.ClaimsOutpatient;
        return format.With(
            claim.Number, NameOf(claim.Kind), place, claim.Month, claim.Institution.Name ?? claim.Institution.Code, claim.Points, delivered.AsBilled.Points);
    }

    private static string NameOf(ClaimKind kind) => kind switch
    {
        ClaimKind.Medical => CommandText.ClaimsMedical,
        ClaimKind.Dpc => CommandText.ClaimsDpc,
        ClaimKind.Dental => CommandText.ClaimsDental,
        ClaimKind.Pharmacy => CommandText.ClaimsPharmacy,
        _ => CommandText.ClaimsNursing,
    };

    private sealed record ClaimCount(long Read, long SetAside, long Details);
}
