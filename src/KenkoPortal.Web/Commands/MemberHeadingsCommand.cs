using System.CommandLine;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>members headings</c>: shows which heading of the members' list stands for which column, and changes it for the society.</summary>
internal static class MemberHeadingsCommand
{
    public static Command Build(CommandFrame frame)
    {
        var pairs = new Argument<string[]>("COLUMN=HEADING") { Description = MemberHeadingsText.Pairs, Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("headings", MemberHeadingsText.Headings) { pairs, frame.Society };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var desk = services.GetRequiredService<MemberListHeadingsDesk>();
            var headings = desk.Current;
            if (run.Value(pairs) is { Length: > 0 } changes)
            {
                headings = await desk.SaveAsync(changes, run.Cancellation);
                run.Say(MemberHeadingsText.Saved);
            }

            foreach (var column in Enum.GetValues<MemberListColumn>())
            {
                var isOwn = headings[column] != MemberListHeadings.Default[column];
                run.Say(MemberHeadingsText.Line.With(
                    MemberListHeadings.Default[column], headings[column],
                    (isOwn ? MemberHeadingsText.Own : "") + (MemberListHeadings.IsRequired(column) ? "" : MemberHeadingsText.Optional)));
            }

            return PortalCommandLine.Done;
        }));
        return command;
    }
}
