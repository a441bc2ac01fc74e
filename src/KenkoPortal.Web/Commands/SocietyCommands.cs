using System.CommandLine;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Societies;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>society add</c>, <c>society list</c>, <c>society set</c>.</summary>
internal static class SocietyCommands
{
    public static Command Build(CommandFrame frame) =>
        new("society", CommandText.Society) { Add(frame), List(frame), Set(frame) };

    private static Command Add(CommandFrame frame)
    {
        var command = new Command("add", CommandText.SocietyAdd);
        var key = CommandFrame.Required(command, "--key", "KEY", CommandText.SocietyKey);
        Option<string>[] settings =
        [
            CommandFrame.Required(command, "--insurer-number", "8DIGITS", CommandText.SocietyInsurerNumber),
            CommandFrame.Required(command, "--name", "NAME", CommandText.SocietyName),
            CommandFrame.Required(command, "--host", "HOST", CommandText.SocietyHost),
            CommandFrame.Required(command, "--mail-from", "ADDRESS", CommandText.SocietyMailFrom),
            CommandFrame.Required(command, "--registration-address", "ADDRESS", CommandText.SocietyRegistrationAddress),
            Setting(command, "origin", "URL", CommandText.SocietyOrigin),
            Setting(command, "staff-mail", "ADDRESS", CommandText.SocietyStaffMail),
            Setting(command, "bounce-domain", "DOMAIN", CommandText.SocietyBounceDomain),
            Setting(command, "postal-code", "CODE", CommandText.SocietyPostalCode),
            Setting(command, "address", "TEXT", CommandText.SocietyAddress),
            Setting(command, "tel", "TEL", CommandText.SocietyTel),
            Setting(command, "title", "TEXT", CommandText.SocietyTitle),
        ];
        frame.SetAction(command, async run =>
        {
            var given = settings.Where(s => run.IsGiven(s)).ToDictionary(s => s.Name[2..], s => run.Value(s) ?? "", StringComparer.Ordinal);
            var options = run.Options;
            var society = SocietySettings.Create(run.Value(key)!, given, host => ServingPlace.DefaultOrigin(host, options.DataDirectory, options.Port));
            await using var portal = await run.OpenAsync(Opening.Creating);
            await AddAsync(portal.Services, society, run.Cancellation);
            run.Say(CommandText.SocietyAdded.With(society.Key, society.Name, society.Origin));
            NoteOrigin(run, society);
            NoteContact(run, society);
            return PortalCommandLine.Done;
        });
        return command;
    }

    /// <summary>Adds a society, as the system's user.</summary>
    public static async Task AddAsync(IServiceProvider services, Society society, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        CommandRun.Act(scope.ServiceProvider.GetRequiredService<CurrentActor>());
        await scope.ServiceProvider.GetRequiredService<SocietySettings>().AddAsync(society, cancellationToken);
    }

    private static Command List(CommandFrame frame)
    {
        var command = new Command("list", CommandText.SocietyList);
        frame.SetAction(command, async run =>
        {
            await using var portal = await run.OpenAsync(Opening.Existing);
            var all = await run.AllSocietiesAsync(portal.Services);
            if (all.Count == 0)
            {
                run.Say(SocietyText.NoneYet);
                run.ComplainPlace();
            }

            foreach (var society in all)
            {
                run.Say(society.Key);
                foreach (var (name, value) in SocietySettings.ValuesOf(society))
                {
                    run.Say($"  {name,-20}  {value}".TrimEnd());
                }
            }

            return PortalCommandLine.Done;
        });
        return command;
    }

    private static Command Set(CommandFrame frame)
    {
        var key = new Argument<string>("KEY") { Description = CommandText.SocietyKey };
        var settings = new Argument<string[]>("NAME=VALUE")
        {
            Description = CommandText.SocietySetSettings.With(string.Join(", ", SocietySettings.Names)), Arity = ArgumentArity.OneOrMore,
        };
        var announced = new Option<string?>("--announced") { Description = OpeningText.OptionAnnounced, HelpName = "ARTICLE" };
        var people = CommandFrame.Number("--people", "N", OpeningText.OptionPeople);
        var command = new Command("set", CommandText.SocietySet) { key, settings, announced, people };
        frame.SetAction(command, async run =>
        {
            var changes = Parse(run.Value(settings)!);
            await using var portal = await run.OpenAsync(Opening.Existing);
            var society = await run.FindSocietyAsync(portal.Services, run.Value(key));
            await using var scope = portal.Services.GetRequiredService<SocietyScopes>().Open(society, CommandRun.Act);
            var service = scope.ServiceProvider.GetRequiredService<SocietySettings>();
            var openings = await service.OpeningsAsync(changes, run.Value(announced), run.Cancellation);
            Confirm(run, openings, run.Value(people));
            await service.ChangeAsync(changes, run.Value(announced), run.Cancellation);
            run.Say(CommandText.SocietyChanged.With(society.Key, string.Join(", ", changes.Keys)));
            if (changes.ContainsKey("origin") || changes.ContainsKey("host"))
            {
                NoteOrigin(run, await run.FindSocietyAsync(portal.Services, society.Key));
            }

            return PortalCommandLine.Done;
        });
        return command;
    }

    /// <summary>Changes settings that open nothing, as the system's user.</summary>
    public static async Task ChangeAsync(
        IServiceProvider services, Society society, IReadOnlyDictionary<string, string> changes, CancellationToken cancellationToken)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, CommandRun.Act);
        await scope.ServiceProvider.GetRequiredService<SocietySettings>().ChangeAsync(changes, cancellationToken);
    }

    /// <summary>What opens members' data to others is confirmed by somebody who has read how many people it concerns.</summary>
    /// <exception cref="PortalInputException">Nobody confirmed it.</exception>
    private static void Confirm(CommandRun run, IReadOnlyList<SettingOpening> openings, int? people)
    {
        if (openings.Count == 0)
        {
            return;
        }

        foreach (var opening in openings)
        {
            var format = opening.Name == SocietySettings.DiscloseByDefault ? OpeningText.Start : OpeningText.Guardian;
            run.Complain(format.With(JapanTime.Date(opening.From), opening.People, opening.Article));
        }

        var concerned = openings.Sum(o => o.People);
        var isConfirmed = people is { } given ? given == concerned : run.Surroundings.IsAgreed(OpeningText.Ask, OpeningText.Yes);
        if (!isConfirmed)
        {
            throw new PortalInputException(OpeningText.Unconfirmed.With(concerned));
        }
    }

    private static Option<string> Setting(Command command, string name, string helpName, string description)
    {
        var option = new Option<string>($"--{name}") { Description = description, HelpName = helpName };
        command.Options.Add(option);
        return option;
    }

    private static Dictionary<string, string> Parse(string[] settings)
    {
        var changes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var at = setting.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                throw new PortalInputException(CommandText.SettingForm.With(setting));
            }

            if (!changes.TryAdd(setting[..at], setting[(at + 1)..]))
            {
                throw new PortalInputException(CommandText.SettingTwice.With(setting[..at]));
            }
        }

        return changes;
    }

    private static void NoteOrigin(CommandRun run, Society society)
    {
        if (!society.Origin.StartsWith("https://", StringComparison.Ordinal))
        {
            run.Say(CommandText.OriginIsPlain.With(society.Origin));
        }

        if (new Uri(society.Origin).Host != society.Host)
        {
            run.Say(CommandText.OriginElsewhere.With(society.Key, society.Origin, society.Host));
        }
    }

    /// <summary>Tells that letters would name nobody to ask.</summary>
    public static void NoteContact(CommandRun run, Society society)
    {
        if (society.Address is null || society.Tel is null)
        {
            run.Complain(CommandText.NoContact.With(society.Key));
        }
    }
}
