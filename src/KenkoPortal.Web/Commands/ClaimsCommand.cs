using System.CommandLine;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Web.Commands;

/// <summary><c>claims show</c>: claims as examined, for scripts and for looking. Nothing is written and no database is opened.</summary>
internal static class ClaimsCommand
{
    public static Command Build(CommandFrame frame) => new("claims", CommandText.Claims) { Show(frame) };

    private static Command Show(CommandFrame frame)
    {
        var paths = new Argument<string[]>("PATH") { Description = CommandText.ClaimsPath, Arity = ArgumentArity.OneOrMore };
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
        return true;
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
