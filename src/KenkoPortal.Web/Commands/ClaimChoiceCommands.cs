using System.CommandLine;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>claims assign</c> and <c>claims unassign</c>: staff decide whose a claim is where several people fit, and take it back.</summary>
internal static class ClaimChoiceCommands
{
    public static Command Assign(CommandFrame frame)
    {
        var (command, number, month) = Build(frame, "assign", CommandText.ClaimsAssign);
        var card = CommandFrame.Required(command, "--card", "SYMBOL-NUMBER-BRANCH", CommandText.AccountCard);
        CommandFrame.Check(card, text => CardIdentity.TryParsePerson(text, out _), CommandText.AccountCardForm);
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var person = CardOf(run.Value(card));
            var outcome = await services.GetRequiredService<ClaimChoice>().AssignAsync(run.Value(number)!, MonthOf(run, month), person, run.Cancellation);
            return Tell(run, outcome, CommandText.ClaimsAssigned.With(run.Value(number), person));
        }));
        return command;
    }

    public static Command Unassign(CommandFrame frame)
    {
        var (command, number, month) = Build(frame, "unassign", CommandText.ClaimsUnassign);
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var outcome = await services.GetRequiredService<ClaimChoice>().UnassignAsync(run.Value(number)!, MonthOf(run, month), run.Cancellation);
            return Tell(run, outcome, CommandText.ClaimsUnassigned.With(run.Value(number)));
        }));
        return command;
    }

    /// <summary>What to type for each of those among whom staff choose.</summary>
    public static IEnumerable<string> Suggestions(CommandRun run, WaitingClaim claim, string societyHint) => claim.Candidates.Select(branch =>
        $"./kenko claims assign {claim.Number} --card {CommandRun.Quoted($"{claim.SymbolKey}-{claim.NumberKey}-{branch}")}{societyHint}{run.DataHint}");

    private static (Command Command, Argument<string> Number, Option<string?> Month) Build(CommandFrame frame, string name, string description)
    {
        var number = new Argument<string>("NUMBER") { Description = CommandText.ClaimsNumber };
        var month = new Option<string?>("--month") { Description = CommandText.ClaimsChoiceMonth, HelpName = "YYYY-MM" };
        CommandFrame.Check(month, text => TreatmentMonth.TryParse(text, out _), CommandText.MonthForm);
        return (new Command(name, description) { number, frame.Society, month }, number, month);
    }

    private static CardIdentity CardOf(string? text) =>
        CardIdentity.TryParsePerson(text, out var card) ? card : throw new PortalInputException(CommandText.AccountCardForm);

    private static TreatmentMonth? MonthOf(CommandRun run, Option<string?> option) => TreatmentMonth.TryParse(run.Value(option), out var month) ? month : null;

    private static int Tell(CommandRun run, ChoiceOutcome outcome, string done)
    {
        if (outcome.IsUnchanged)
        {
            run.Say(CommandText.ClaimsChoiceSame);
            return PortalCommandLine.Done;
        }

        run.Say(done);
        run.Say(CommandText.ClaimsChoiceCompute.With(outcome.Month));
        if (outcome.IsPublished)
        {
            run.Complain(CommandText.ClaimsChoicePublished.With(outcome.Month));
        }

        return PortalCommandLine.Done;
    }
}
