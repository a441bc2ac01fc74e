using System.CommandLine;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Societies;

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
                foreach (var (name, value) in SettingsOf(society))
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
        var command = new Command("set", CommandText.SocietySet) { key, settings };
        frame.SetAction(command, async run =>
        {
            var changes = Parse(run.Value(settings)!);
            await using var portal = await run.OpenAsync(Opening.Existing);
            var society = await run.FindSocietyAsync(portal.Services, run.Value(key));
            await ChangeAsync(portal.Services, society, changes, run.Cancellation);
            run.Say(CommandText.SocietyChanged.With(society.Key, string.Join(", ", changes.Keys)));
            if (changes.ContainsKey("origin") || changes.ContainsKey("host"))
            {
                NoteOrigin(run, await run.FindSocietyAsync(portal.Services, society.Key));
            }

            return PortalCommandLine.Done;
        });
        return command;
    }

    /// <summary>Changes settings, as the system's user.</summary>
    public static async Task ChangeAsync(
        IServiceProvider services, Society society, IReadOnlyDictionary<string, string> changes, CancellationToken cancellationToken)
    {
        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, CommandRun.Act);
        await scope.ServiceProvider.GetRequiredService<SocietySettings>().ChangeAsync(changes, cancellationToken);
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

    private static IEnumerable<(string Name, object? Value)> SettingsOf(Society society) =>
    [
        ("insurer-number", society.InsurerNumber),
        ("name", society.Name),
        ("title", society.Title),
        ("host", society.Host),
        ("origin", society.Origin),
        ("mail-from", society.MailFrom),
        ("registration-address", society.RegistrationAddress),
        ("staff-mail", society.StaffMail),
        ("bounce-domain", society.BounceDomain),
        ("postal-code", society.PostalCode),
        ("address", society.Address),
        ("tel", society.Tel),
        ("provisional-days", society.ProvisionalDays),
        ("guardian-age", society.GuardianAge),
        ("disclose-by-default", society.DiscloseByDefault ? "yes" : "no"),
        ("notice-day", society.NoticeDay),
        ("notice-years", society.NoticeYears),
        ("generic-least-yen", society.GenericLeastYen),
        ("generic-least-days", society.GenericLeastDays),
        ("generic-least-age", society.GenericLeastAge),
        ("generic-excluded", society.GenericExcluded),
        ("mail-asks-per-hour", society.MailAsksPerHour),
    ];
}
