using System.CommandLine;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>letters issue</c>: provisional credentials and the PDF that brings them to the members.</summary>
internal static class LettersCommand
{
    /// <summary>Letters named for one missing character; the rest is counted.</summary>
    private const int MostShown = 10;

    public static Command Build(CommandFrame frame) => new("letters", CommandText.Letters) { Issue(frame), Recover(frame) };

    private static Command Issue(CommandFrame frame)
    {
        var command = new Command("issue", CommandText.LettersIssue);
        var output = CommandFrame.Required(command, "--out", "FILE.pdf", CommandText.LettersOut);
        var card = new Option<string?>("--card") { Description = CommandText.LettersCard, HelpName = "SYMBOL-NUMBER" };
        var perPerson = CommandFrame.Number("--per-person", "FROM-AGE", CommandText.LettersPerPerson);
        perPerson.Arity = ArgumentArity.ZeroOrOne;
        command.Options.Add(card);
        var leaver = new Option<bool>("--leaver") { Description = RecoveryText.Leaver };
        command.Options.Add(perPerson);
        command.Options.Add(leaver);
        var confirmed = AddressConfirmed(command);
        command.Options.Add(frame.Society);
        frame.SetAction(command, async run =>
        {
            var typed = run.Value(output)!;
            var file = CommandFiles.ToWrite(typed);
            var isLeaver = run.Value(leaver);
            if (isLeaver && (!run.IsGiven(card) || run.IsGiven(perPerson)))
            {
                throw new PortalInputException(RecoveryText.LeaverNeedsCard);
            }

            var request = new LetterRequest(
                run.IsGiven(card) && !isLeaver ? ParseCard(run.Value(card)) : null,
                run.IsGiven(perPerson) ? ValidAge(run.Value(perPerson) ?? 0) : null)
            { IsAddressConfirmed = run.Value(confirmed) };
            return await run.InSocietyAsync(async (services, society) =>
            {
                if (isLeaver)
                {
                    request = request with { Leaver = await AccountCommands.FindAsync(run, services.GetRequiredService<AccountSupport>(), run.Value(card)) };
                }

                Tell(run, file, await IssueAsync(services, run.Progress, request, typed, run.Cancellation));
                SocietyCommands.NoteContact(run, society);
                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    private static Command Recover(CommandFrame frame)
    {
        var command = new Command("recover", RecoveryText.Recover) { frame.Society };
        var card = CommandFrame.Required(command, "--card", "SYMBOL-NUMBER-BRANCH", CommandText.AccountCard);
        var output = CommandFrame.Required(command, "--out", "FILE.pdf", CommandText.LettersOut);
        var confirmed = AddressConfirmed(command);
        frame.SetAction(command, async run =>
        {
            var typed = run.Value(output)!;
            var file = CommandFiles.ToWrite(typed);
            return await run.InSocietyAsync(async (services, society) =>
            {
                var person = await AccountCommands.FindAsync(run, services.GetRequiredService<AccountSupport>(), run.Value(card));
                Tell(run, file, await IssueAsync(services, run.Progress, new LetterRequest { Recovering = person, IsAddressConfirmed = run.Value(confirmed) }, typed, run.Cancellation));
                run.Say(RecoveryText.Next.With(ProvisionalCredential.RecoveryDays));
                SocietyCommands.NoteContact(run, society);
                return PortalCommandLine.Done;
            });
        });
        return command;
    }

    private static Option<bool> AddressConfirmed(Command command)
    {
        var option = new Option<bool>("--address-confirmed") { Description = RecoveryText.AddressConfirmed };
        command.Options.Add(option);
        return option;
    }

    /// <summary>Issues letters in the society of the services' scope.</summary>
    public static Task<LetterOutcome> IssueAsync(
        IServiceProvider services, CommandProgress progress, LetterRequest request, string file, CancellationToken cancellationToken) =>
        progress.ShowAsync(CommandText.LettersWorking, done => services.GetRequiredService<LetterIssue>().IssueAsync(request, file, done, cancellationToken));

    private static CardIdentity ParseCard(string? text) => CardIdentity.TryParseHousehold(text, out var card)
        ? card
        : throw new PortalInputException(CommandText.LettersCardForm);

    private static int ValidAge(int age) => age is >= 0 and <= 150 ? age : throw new PortalInputException(CommandText.LettersAge.With(age));

    private static void Tell(CommandRun run, string file, LetterOutcome outcome)
    {
        foreach (var name in outcome.LeftOut)
        {
            run.Complain(RecoveryText.LeftOut.With(name));
        }

        if (outcome.LeftOut.Count > 0)
        {
            run.Complain(LetterText.AddressOfHousehold);
        }

        if (outcome.Report is not { } report)
        {
            run.Say(CommandText.LettersNobody);
            run.ComplainPlace();
            return;
        }

        foreach (var missing in report.MissingCharacters)
        {
            var letters = string.Join(", ", missing.Letters.Take(MostShown).Select(l => l + 1));
            run.Complain(CommandText.LettersMissing.With(missing.Character, CodePoint(missing.Character), missing.Letters.Count, letters));
        }

        if (outcome.KeptFile is { } kept)
        {
            run.Say(CommandText.LettersKept.With(kept));
        }

        run.Say(CommandText.LettersDone.With(outcome.Persons, report.Letters, report.Pages / 2, file));
        run.Say(CommandText.LettersSecret);
    }

    private static string CodePoint(string character) => $"U+{char.ConvertToUtf32(character, 0):X4}";
}
