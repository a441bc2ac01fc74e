using System.CommandLine;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.GenericDrugs.Import;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>drugs import</c>: the public drug lists, for every society. <c>drugs explain</c>: how a saving came about, for the help desk.</summary>
internal static class DrugsCommand
{
    public static Command Build(CommandFrame frame) => new("drugs", CommandText.Drugs) { Import(frame), Explain(frame) };

    private static Command Import(CommandFrame frame)
    {
        var price = new Option<string[]>("--price")
        {
            Description = CommandText.Required.With(CommandText.DrugsPrice), HelpName = "FILE", AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("import", CommandText.DrugsImport) { price };
        command.Validators.Add(result =>
        {
            if (result.GetResult(price) is null)
            {
                result.AddError(CommandText.OptionRequired.With(price.Name));
            }
        });
        var availability = CommandFrame.Required(command, "--availability", "FILE", CommandText.DrugsAvailability);
        var master = new Option<string?>("--master") { Description = CommandText.DrugsMaster, HelpName = "FILE" };
        command.Options.Add(master);
        var from = CommandFrame.Required(command, "--from", "YYYY-MM-DD", CommandText.DrugsFrom);
        CommandFrame.Check(from, text => JapaneseDate.TryParse(text, out _), CommandText.DrugsFromForm);
        frame.SetAction(command, async run =>
        {
            if (!JapaneseDate.TryParse(run.Value(from), out var day))
            {
                throw new PortalInputException(CommandText.DrugsFromForm.With(PlainText.Shown(run.Value(from) ?? "")));
            }

            await using var portal = await run.OpenAsync(Opening.Existing);
            return await ImportAsync(run, portal.Services, run.Value(price)!, run.Value(availability)!, run.Value(master), day);
        });
        return command;
    }

    /// <summary>Imports an edition and tells what came of it.</summary>
    public static async Task<int> ImportAsync(
        CommandRun run, IServiceProvider services, IReadOnlyList<string> prices, string availability, string? master, DateOnly from)
    {
        List<FileStream> files = [];
        try
        {
            var sources = prices.Select(Source).ToList();
            var (availabilitySource, masterSource) = (Source(availability), master is null ? null : Source(master));
            await using var scope = services.GetRequiredService<SocietyScopes>().OpenForScheduling();
            var outcome = await run.Progress.ShowAsync(
                CommandText.DrugsWorking,
                _ => scope.ServiceProvider.GetRequiredService<DrugListImport>()
                    .ImportAsync(sources, availabilitySource, masterSource, from, CommandRun.Act, run.Cancellation));
            return Tell(run, outcome, from);
        }
        finally
        {
            foreach (var file in files)
            {
                await file.DisposeAsync();
            }
        }

        DrugListSource Source(string path)
        {
            var file = CommandFiles.OpenToRead(path);
            files.Add(file);
            return new DrugListSource(path, file);
        }
    }

    private static int Tell(CommandRun run, DrugListOutcome outcome, DateOnly from)
    {
        if (outcome.Verdict == DrugListVerdict.HasErrors)
        {
            foreach (var (file, error) in outcome.Errors)
            {
                run.Complain(error.Render(file));
            }

            run.Complain(CommandText.DrugsHasErrors.With(outcome.ErrorCount));
            return PortalCommandLine.Refused;
        }

        foreach (var (count, words) in new[]
        {
            (outcome.WithoutAvailability, CommandText.DrugsWithoutAvailability), (outcome.WithoutPrice, CommandText.DrugsWithoutPrice),
            (outcome.MasterWithoutPrice, CommandText.DrugsMasterWithoutPrice), (outcome.MasterPassedOver, CommandText.DrugsMasterPassedOver),
        })
        {
            if (count > 0)
            {
                run.Complain(words.With(count));
            }
        }

        if (outcome.PricedBefore is { } before && before > outcome.Priced)
        {
            run.Complain(CommandText.DrugsFewer.With(before, outcome.Priced));
        }

        if (outcome.MasterKeptFrom is { } kept)
        {
            run.Say(CommandText.DrugsMasterKept.With(JapanTime.Date(kept)));
        }
        else if (outcome.Mastered == 0)
        {
            run.Complain(CommandText.DrugsNoMaster);
        }

        run.Say((outcome.Verdict switch
        {
            DrugListVerdict.Replaced => CommandText.DrugsReplaced,
            DrugListVerdict.Unchanged => CommandText.DrugsUnchanged,
            _ => CommandText.DrugsAdded,
        }).With(JapanTime.Date(from), outcome.Priced, outcome.Mastered));
        return PortalCommandLine.Done;
    }

    private static Command Explain(CommandFrame frame)
    {
        var command = new Command("explain", CommandText.DrugsExplain) { frame.Society };
        var card = CommandFrame.Required(command, "--card", "SYMBOL-NUMBER-BRANCH", CommandText.AccountCard);
        CommandFrame.Check(card, text => CardIdentity.TryParsePerson(text, out _), CommandText.AccountCardForm);
        var month = CommandFrame.Month(command);
        var drug = new Option<string?>("--drug") { Description = CommandText.DrugsDrug, HelpName = "CODE" };
        command.Options.Add(drug);
        frame.SetAction(command, run => run.InSocietyAsync(async (services, _) =>
        {
            var wanted = run.Month(month);
            var person = await AccountCommands.FindAsync(run, services.GetRequiredService<AccountSupport>(), run.Value(card));
            var lines = await services.GetRequiredService<GenericExplanation>()
                .ExplainAsync(person, wanted, run.Value(drug), run.Cancellation);
            foreach (var line in lines)
            {
                run.Say(line);
            }

            return PortalCommandLine.Done;
        }));
        return command;
    }
}
