using System.CommandLine;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>members protect</c> and <c>unprotect</c>, and what an import says about 非開示.</summary>
internal static class MembersProtection
{
    private static readonly Dictionary<string, LiftReason> Reasons = new(StringComparer.OrdinalIgnoreCase)
    {
        ["request"] = LiftReason.Request, ["mistake"] = LiftReason.Mistake, ["ended"] = LiftReason.MeasureEnded,
    };

    public static Command Protect(CommandFrame frame)
    {
        var command = new Command("protect", ProtectionText.Protect) { frame.Society };
        var card = Card(command);
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var person = await AccountCommands.FindAsync(run, services.GetRequiredService<AccountSupport>(), run.Value(card));
            if (await services.GetRequiredService<ProtectionDesk>().ProtectAsync(person, run.Cancellation) is not { } note)
            {
                throw new PortalInputException(ProtectionText.AlreadyProtected);
            }

            run.Say(ProtectionText.Protected);
            TellNote(run, Shown(run.Value(card)!), note, ProtectionText.NewlyProtected);
            return PortalCommandLine.Done;
        }));
        return command;
    }

    public static Command Unprotect(CommandFrame frame)
    {
        var command = new Command("unprotect", ProtectionText.Unprotect) { frame.Society };
        var card = Card(command);
        var reason = CommandFrame.Required(command, "--reason", "request|mistake|ended", ProtectionText.Reason);
        CommandFrame.Check(reason, Reasons.ContainsKey, ProtectionText.ReasonUnknown);
        var name = CommandFrame.Required(command, "--name", "NAME", ProtectionText.NameOption);
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var person = await AccountCommands.FindAsync(run, services.GetRequiredService<AccountSupport>(), run.Value(card));
            var result = await services.GetRequiredService<ProtectionDesk>().LiftAsync(person, run.Value(name)!, Reasons[run.Value(reason)!], run.Cancellation);
            if (result != LiftResult.Lifted)
            {
                throw new PortalInputException(result == LiftResult.OtherName ? ProtectionText.OtherName : ProtectionText.NotProtected);
            }

            run.Say(ProtectionText.Lifted);
            return PortalCommandLine.Done;
        }));
        return command;
    }

    /// <summary>What stands before everything else in the report of an import.</summary>
    public static void Tell(CommandRun run, string path, MemberListOutcome outcome)
    {
        var isApplied = outcome.Verdict == MemberListVerdict.Applied;
        foreach (var member in outcome.Protected)
        {
            TellNote(run, $"{path}:{member.Line}: {member.Card}", member.Note, isApplied ? ProtectionText.NewlyProtected : ProtectionText.ToBeProtected);
        }

        if (outcome.SharedByParted.Count > 0)
        {
            run.Complain(ProtectionText.SharedByParted.With(outcome.SharedByParted.Count, string.Join(", ", outcome.SharedByParted)));
        }
    }

    private static Option<string> Card(Command command) => CommandFrame.Required(command, "--card", "SYMBOL-NUMBER-BRANCH", CommandText.AccountCard);

    private static string Shown(string card) => CardIdentity.TryParsePerson(card, out var parsed) ? parsed.ToString() : PlainText.Shown(card);

    private static void TellNote(CommandRun run, string place, ProtectionNote note, string heading)
    {
        run.Complain(heading.With(place, note.Name));
        if (note.HasAccount)
        {
            run.Complain("  " + ProtectionText.Waits);
        }

        if (note.SharedAddresses > 0)
        {
            run.Complain("  " + ProtectionText.Shared.With(note.SharedAddresses));
        }

        if (note.IsAddressOfHousehold)
        {
            run.Complain("  " + ProtectionText.AddressOfHousehold);
        }

        foreach (var (card, name) in note.Children)
        {
            run.Complain("  " + ProtectionText.Child.With(card, name));
        }
    }
}
