using System.CommandLine;
using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary>What the commands share: the options that mean the same everywhere, and how an action is run.</summary>
internal sealed class CommandFrame(CommandSurroundings surroundings)
{
    /// <summary>Understood before and behind every command.</summary>
    public Option<string?> Data { get; } = new("--data") { Description = CommandText.OptionData, HelpName = "DIR", Recursive = true };

    public Option<string?> Society { get; } = new("--society") { Description = CommandText.OptionSociety, HelpName = "KEY" };

    /// <summary>An option without which the command cannot be run.</summary>
    public static Option<string> Required(Command command, string name, string helpName, string description)
    {
        var option = new Option<string>(name) { Description = CommandText.Required.With(description), HelpName = helpName };
        command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(option) is null)
            {
                result.AddError(CommandText.OptionRequired.With(name));
            }
        });
        return option;
    }

    /// <summary>The <c>--month</c> that a command must be given; <see cref="CommandRun.Month"/> reads it.</summary>
    public static Option<string> Month(Command command)
    {
        var option = Required(command, "--month", "YYYY-MM", CommandText.Month);
        Check(option, text => TreatmentMonth.TryParse(text, out _), CommandText.MonthForm);
        return option;
    }

    /// <summary>A value that cannot be read is a wrong call, like an option that there is not.</summary>
    /// <param name="option">Whose value.</param>
    /// <param name="isReadable">Judges it.</param>
    /// <param name="format">What to say where it is not; {0} is what was typed.</param>
    public static void Check(Option option, Predicate<string> isReadable, string format) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !isReadable(token.Value))
        {
            result.AddError(format.With(PlainText.Shown(token.Value)));
        }
    });

    /// <summary>Files and folders, one or more. What begins as an option does is a mistyped one, unless such a file is there.</summary>
    public static Argument<string[]> Paths(string description)
    {
        var paths = new Argument<string[]>("PATH") { Description = description, Arity = ArgumentArity.OneOrMore };
        paths.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value.StartsWith('-') && !Path.Exists(t.Value)))
            {
                result.AddError(CommandText.Unknown.With(PlainText.Shown(token.Value)));
            }
        });
        return paths;
    }

    /// <summary>An option that is a whole number.</summary>
    public static Option<int?> Number(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            if (result.Tokens is not [var token])
            {
                return null;
            }

            if (int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            result.AddError(CommandText.NumberForm.With(name, PlainText.Shown(token.Value)));
            return null;
        },
    };

    public void SetAction(Command command, Func<CommandRun, Task<int>> action) =>
        command.SetAction((parsed, _) => action(new CommandRun(parsed, this, surroundings)));
}
