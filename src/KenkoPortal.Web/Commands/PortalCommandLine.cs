using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using KenkoPortal.Core.Common;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary>
/// The portal's commands. Exit codes: 0 done, 1 refused or failed, 2 called wrongly, 130 interrupted. What was done goes to standard
/// output, everything else to standard error.
/// </summary>
public static class PortalCommandLine
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int CalledWrongly = 2;
    public const int Interrupted = 130;

    public static readonly CultureInfo Japanese = CultureInfo.ReadOnly(new JapaneseCulture());

    /// <summary>Runs the command that the arguments name; without one, <c>serve</c>.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandSurroundings surroundings)
    {
        // The product speaks Japanese to whoever operates it, whatever the machine's language is.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = Japanese;
        var root = Build(surroundings);
        var parsed = root.Parse(args);
        if (parsed.CommandResult.Command == root && parsed.Action is null or ParseErrorAction && (args.Count == 0 || args[0].StartsWith('-')))
        {
            parsed = root.Parse(["serve", .. args]);
        }

        return parsed.Action switch
        {
            ParseErrorAction => TellMistakes(parsed, surroundings),
            HelpAction help => TellHelp(help, parsed, surroundings),
            _ => await InvokeAsync(parsed, surroundings),
        };
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, CommandSurroundings surroundings)
    {
        var invocation = new InvocationConfiguration
        {
            Output = surroundings.Output,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(invocation, surroundings.Cancellation);
        }
        catch (OperationCanceledException) when (surroundings.Cancellation.IsCancellationRequested)
        {
            await surroundings.Error.WriteLineAsync(CommandText.Interrupted);
            return Interrupted;
        }
        catch (Exception exception)
        {
            await surroundings.Error.WriteLineAsync(CommandFailure.Explain(exception));
            return Refused;
        }
    }

    private static int TellMistakes(ParseResult parsed, CommandSurroundings surroundings)
    {
        var mistakes = parsed.UnmatchedTokens.Count > 0
            ? parsed.UnmatchedTokens.Select(token => CommandText.Unknown.With(PlainText.Shown(token, 40)))
            : parsed.Errors.Select(error => error.Message.Replace("。.", "。", StringComparison.Ordinal));
        foreach (var mistake in mistakes.Distinct(StringComparer.Ordinal))
        {
            surroundings.Error.WriteLine(mistake);
        }

        surroundings.Error.WriteLine(CommandText.SeeHelp.With(PathOf(parsed.CommandResult)));
        return CalledWrongly;
    }

    /// <summary>The library's Japanese lacks its first heading.</summary>
    private static int TellHelp(HelpAction help, ParseResult parsed, CommandSurroundings surroundings)
    {
        using var text = new StringWriter();
        parsed.InvocationConfiguration.Output = text;
        help.Invoke(parsed);
        surroundings.Output.Write(text.ToString().Replace("Description:", CommandText.HelpTitle, StringComparison.Ordinal));
        return Done;
    }

    /// <summary>The tree of all commands. Building it opens and runs nothing.</summary>
    public static RootCommand Build(CommandSurroundings surroundings)
    {
        var frame = new CommandFrame(surroundings);
        var root = new RootCommand(CommandText.Portal) { HelpName = "./kenko" };
        root.Options.OfType<HelpOption>().Single().Description = CommandText.HelpOption;
        root.Options.OfType<VersionOption>().Single().Description = CommandText.VersionOption;
        root.Options.Add(frame.Data);
        root.Subcommands.Add(ServeCommand.Build(frame));
        root.Subcommands.Add(SocietyCommands.Build(frame));
        root.Subcommands.Add(MembersCommand.Build(frame));
        root.Subcommands.Add(ClaimsCommand.Build(frame));
        root.Subcommands.Add(DrugsCommand.Build(frame));
        root.Subcommands.Add(NoticesCommand.Build(frame));
        root.Subcommands.Add(NewsCommand.Build(frame));
        root.Subcommands.Add(PeopleCommand.Build(frame));
        root.Subcommands.Add(FiguresCommand.Build(frame));
        root.Subcommands.Add(LettersCommand.Build(frame));
        root.Subcommands.Add(AccountCommands.Build(frame));
        root.Subcommands.Add(MailCommands.Build(frame));
        root.Subcommands.Add(AuditCommand.Build(frame));
        root.Subcommands.Add(UpkeepCommands.BuildBackup(frame));
        root.Subcommands.Add(UpkeepCommands.BuildRestore(frame));
        root.Subcommands.Add(UpkeepCommands.BuildMigrate(frame));
        root.Subcommands.Add(DemoCommand.Build(frame));
        return root;
    }

    private static string PathOf(CommandResult result) => result.Parent is CommandResult parent
        ? $"{PathOf(parent)} {result.Command.Name}"
        : "./kenko";
}
