using System.CommandLine;
using KenkoPortal.Core.Accounts;

namespace KenkoPortal.Web.Commands;

/// <summary><c>account close-sharing</c>: a person objected to being shown to the household.</summary>
internal static class ObjectionCommand
{
    public static Command Build(CommandFrame frame)
    {
        var command = new Command("close-sharing", ObjectionText.Help) { frame.Society };
        var card = CommandFrame.Required(command, "--card", "SYMBOL-NUMBER-BRANCH", CommandText.AccountCard);
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var person = await AccountCommands.FindAsync(run, services.GetRequiredService<AccountSupport>(), run.Value(card));
            await services.GetRequiredService<DisclosureDesk>().CloseAsync(person, run.Cancellation);
            run.Say(ObjectionText.Closed);
            return PortalCommandLine.Done;
        }));
        return command;
    }
}
