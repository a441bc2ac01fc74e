using System.CommandLine;
using KenkoPortal.Core.Common;
using KenkoPortal.Demo;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>demo write</c>: deliveries of made-up claims, to try an import with, or to measure one. No database is opened.</summary>
internal static class DemoCommand
{
    /// <summary>The society of <c>demo/</c>.</summary>
    private const string InsurerNumber = "06990014";

    private const int MostPeople = 5_000_000;
    private const int MostMonths = 120;

    public static Command Build(CommandFrame frame) => new("demo", CommandText.Demo) { Write(frame) };

    private static Command Write(CommandFrame frame)
    {
        var command = new Command("write", CommandText.DemoWrite);
        var output = CommandFrame.Required(command, "--out", "DIR", CommandText.DemoOut);
        var people = CommandFrame.Number("--people", "N", CommandText.DemoPeople);
        var months = CommandFrame.Number("--months", "N", CommandText.DemoMonths);
        var until = new Option<string?>("--until") { Description = CommandText.DemoUntil, HelpName = "YYYY-MM" };
        var members = new Option<string?>("--members") { Description = CommandText.DemoMembers, HelpName = "FILE" };
        var seed = CommandFrame.Number("--seed", "N", CommandText.DemoSeed);
        foreach (var option in (Option[])[people, months, until, members, seed])
        {
            command.Options.Add(option);
        }

        frame.SetAction(command, async run =>
        {
            if (run.IsGiven(people) && run.IsGiven(members))
            {
                throw new PortalInputException(CommandText.DemoPeopleOrMembers);
            }

            var wish = new Wish(
                InRange(run, people, 100_000, 1, MostPeople), InRange(run, months, 36, 1, MostMonths), Until(run.Value(until)), run.Value(members), run.Value(seed) ?? 1);
            return await WriteAsync(run, EmptyFolder(run.Value(output)!), wish);
        });
        return command;
    }

    private static async Task<int> WriteAsync(CommandRun run, string folder, Wish wish)
    {
        var list = wish.Members;
        if (list is null)
        {
            list = Path.Combine(folder, "members.csv");
            DemoPeople.WriteList(list, DemoPeople.Make(wish.People, InsurerNumber, wish.Until, wish.Seed));
        }
        else
        {
            await CommandFiles.OpenToRead(list).DisposeAsync();
        }

        try
        {
            var options = new DemoOptions { People = () => DemoPeople.Read(list), Until = wish.Until, Months = wish.Months, Drugs = DemoDrugs.Own(), Seed = wish.Seed };
            var claims = await run.Progress.ShowAsync(CommandText.DemoWorking, done => Task.FromResult(Write(folder, options, done, run.Cancellation)));
            run.Say(CommandText.DemoWritten.With(folder, wish.Months, claims));
            run.Say(CommandText.DemoNext.With(list, folder, run.DataHint));
            return PortalCommandLine.Done;
        }
        catch (FormatException)
        {
            throw new PortalInputException(CommandText.DemoBadMembers.With(list));
        }
    }

    private static long Write(string folder, DemoOptions options, IProgress<double> done, CancellationToken cancellationToken)
    {
        var (claims, written) = (0L, 0);
        foreach (var delivery in DemoDeliveries.Write(folder, options))
        {
            cancellationToken.ThrowIfCancellationRequested();
            claims += delivery.Claims;
            done.Report(++written / (double)options.Months);
        }

        return claims;
    }

    private static int InRange(CommandRun run, Option<int?> option, int usual, int least, int most) => (run.Value(option) ?? usual) is var number && number >= least && number <= most
        ? number
        : throw new PortalInputException(CommandText.DemoRange.With(option.Name, least, most));

    /// <summary>The month before last: what a society has received by now.</summary>
    private static DemoMonth Until(string? text)
    {
        if (text is null)
        {
            return DemoMonth.Of(JapanTime.DateOf(TimeProvider.System.GetUtcNow())).Add(-2);
        }

        return DemoMonth.TryParse(text, out var month) ? month : throw new PortalInputException(CommandText.DemoUntilForm.With(PlainText.Shown(text)));
    }

    /// <exception cref="PortalInputException">Something is in it already.</exception>
    private static string EmptyFolder(string path)
    {
        var whole = Path.GetFullPath(path);
        if (File.Exists(whole) || (Directory.Exists(whole) && Directory.EnumerateFileSystemEntries(whole).Any()))
        {
            throw new PortalInputException(CommandText.DemoNotEmpty.With(path));
        }

        Directory.CreateDirectory(whole);
        return whole;
    }

    private sealed record Wish(int People, int Months, DemoMonth Until, string? Members, int Seed);
}
