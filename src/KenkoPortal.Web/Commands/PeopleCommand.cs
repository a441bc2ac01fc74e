using System.CommandLine;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>people find</c>: finds who calls, without knowing the card.</summary>
internal static class PeopleCommand
{
    public static Command Build(CommandFrame frame) => new("people", PeopleText.People) { Find(frame) };

    private static Command Find(CommandFrame frame)
    {
        var terms = new Argument<string[]>("TERM") { Description = PeopleText.Terms, Arity = ArgumentArity.OneOrMore };
        var command = new Command("find", PeopleText.Find) { terms, frame.Society };
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var found = await services.GetRequiredService<PersonSearch>().FindAsync(run.Value(terms)!, run.Cancellation);
            if (found is null)
            {
                throw new PortalInputException(PeopleText.TooMany.With(PersonSearch.MostShown));
            }

            var today = JapanTime.DateOf(services.GetRequiredService<TimeProvider>().GetUtcNow());
            foreach (var person in found)
            {
                run.Say(PeopleText.Line.With(
                    person.Card, person.Name, person.Kana, person.Relationship, person.Age,
                    person.IsProtected ? PeopleText.Protected : person.Workplace ?? PeopleText.NoWorkplace, StateOf(person, today)));
            }

            if (found.Count == 0)
            {
                run.Complain(PeopleText.None);
            }

            return PortalCommandLine.Done;
        }));
        return command;
    }

    private static string StateOf(FoundPerson person, DateOnly today)
    {
        var standing = person.Standing switch
        {
            PersonStanding.Registered => PeopleText.Registered,
            PersonStanding.Suspended => PeopleText.Suspended,
            PersonStanding.Invited => PeopleText.Invited,
            _ => PeopleText.NoLetter,
        };
        return person.LostOn is { } lost ? (lost > today ? PeopleText.Losing : PeopleText.Lost).With(standing, JapanTime.Date(lost)) : standing;
    }
}
