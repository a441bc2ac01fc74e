using System.CommandLine;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>members join</c>: two people of the list who are one, and back.</summary>
internal static class MemberJoinCommand
{
    public static Command Build(CommandFrame frame)
    {
        var from = Card("--from", MemberJoinText.From);
        var to = Card("--to", MemberJoinText.To);
        var undo = new Option<bool>("--undo") { Description = MemberJoinText.Undo };
        var card = Card("--card", MemberJoinText.Card);
        var yes = new Option<bool>("--yes") { Description = MemberJoinText.Yes };
        var command = new Command("join", MemberJoinText.Join) { frame.Society, from, to, undo, card, yes };
        command.Validators.Add(result =>
        {
            var isUndo = result.GetValue(undo);
            if ((result.GetResult(from) is not null, result.GetResult(to) is not null, result.GetResult(card) is not null) != (!isUndo, !isUndo, isUndo))
            {
                result.AddError(MemberJoinText.Usage);
            }
        });
        frame.SetAction(command, run => run.InSocietyAsync((services, _) => run.Value(undo)
            ? UndoAsync(run, services, run.Value(card)!, run.Value(yes))
            : JoinAsync(run, services, run.Value(from)!, run.Value(to)!, run.Value(yes))));
        return command;
    }

    private static Option<string?> Card(string name, string description) => new(name) { Description = description, HelpName = "SYMBOL-NUMBER-BRANCH" };

    private static async Task<int> JoinAsync(CommandRun run, IServiceProvider services, string from, string to, bool isAgreed)
    {
        var (support, joining) = (services.GetRequiredService<AccountSupport>(), services.GetRequiredService<PersonJoining>());
        var (former, joined) = (await AccountCommands.FindAsync(run, support, from), await AccountCommands.FindAsync(run, support, to));
        await TellAsync(run, joining, former == joined ? [former] : [former, joined]);
        Agree(run, isAgreed, MemberJoinText.Ask, MemberJoinText.Answer);
        var report = await joining.JoinAsync(former, joined, run.Cancellation);
        var card = CardIdentity.TryParsePerson(to, out var parsed) ? parsed.ToString() : to;
        run.Say(MemberJoinText.Joined.With(PersonJoin.UndoLimit.Days, card));
        run.Say(!report.HasAccount ? MemberJoinText.NoAccount : report.Waits ? MemberJoinText.Waits.With(card) : report.IsCut ? MemberJoinText.Account : MemberJoinText.AccountSame);
        if (report.IsProtected)
        {
            run.Say(MemberJoinText.Protected);
        }

        if (report.SharedAddresses > 0)
        {
            run.Say(MemberJoinText.Shared.With(report.SharedAddresses));
        }

        if (report.LettersVoided > 0)
        {
            run.Say(MemberJoinText.Voided.With(report.LettersVoided));
        }

        return PortalCommandLine.Done;
    }

    private static async Task<int> UndoAsync(CommandRun run, IServiceProvider services, string card, bool isAgreed)
    {
        var (person, joining) = (await AccountCommands.FindAsync(run, services.GetRequiredService<AccountSupport>(), card), services.GetRequiredService<PersonJoining>());
        await TellAsync(run, joining, [person]);
        Agree(run, isAgreed, MemberJoinText.AskUndo, MemberJoinText.AnswerUndo);
        await joining.PartAsync(person, run.Cancellation);
        run.Say(MemberJoinText.Undone);
        return PortalCommandLine.Done;
    }

    private static async Task TellAsync(CommandRun run, PersonJoining joining, IReadOnlyList<Guid> people)
    {
        foreach (var person in await joining.LookAsync(people, run.Cancellation))
        {
            run.Say(MemberJoinText.Person.With(
                person.Card, person.Name, JapanTime.Date(person.BirthDate),
                person.LostOn is { } lost ? MemberJoinText.Lost.With(JapanTime.Date(lost)) : MemberJoinText.Member,
                person.HasAccount ? MemberJoinText.Has : MemberJoinText.HasNot));
        }
    }

    private static void Agree(CommandRun run, bool isAgreed, string question, string answer)
    {
        if (!isAgreed && !run.Surroundings.IsAgreed(question, answer))
        {
            throw new PortalInputException(MemberJoinText.NotAgreed);
        }
    }
}
