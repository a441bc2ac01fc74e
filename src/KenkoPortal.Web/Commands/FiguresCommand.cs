using System.CommandLine;
using System.Globalization;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Statistics;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>figures</c>: how many have registered and read, for the society's board.</summary>
internal static class FiguresCommand
{
    public static Command Build(CommandFrame frame)
    {
        var command = new Command("figures", FiguresCommandText.Figures) { frame.Society };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var reach = await services.GetRequiredService<ReachFigures>().ReadAsync(run.Cancellation);
            run.Say(Line(reach.All));
            foreach (var row in reach.ByRelationship)
            {
                run.Say("  " + Line(row));
            }

            run.Say(FiguresCommandText.ByWorkplace);
            foreach (var row in reach.ByWorkplace)
            {
                run.Say("  " + Line(row));
            }

            run.Say(FiguresCommandText.ByMonth);
            foreach (var row in reach.ByMonth)
            {
                run.Say("  " + FiguresCommandText.MonthLine.With(row.Name, Count(row.Counts[0])));
            }

            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static string Line(ReachRow row) => FiguresCommandText.Head.With(
        row.Name, Count(row.Counts[0]), Count(row.Counts[1]), Count(row.Counts[2]), Rate(row.Counts[2], row.Counts[0]), Count(row.Counts[3]), Count(row.Counts[4]));

    private static string Count(int? count) => count == ReachFigures.Withheld ? FiguresCommandText.Withheld : count?.ToString("#,0", CultureInfo.InvariantCulture) ?? FiguresCommandText.Few;

    private static string Rate(int? part, int? whole) => part is >= 0 and var known && whole is > 0
        ? FiguresCommandText.Rate.With((known * 100.0 / whole.Value).ToString("0.0", CultureInfo.InvariantCulture))
        : FiguresCommandText.NoRate;
}
