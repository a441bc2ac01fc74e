using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Printing;
using KenkoPortal.Design.TagHelpers;
using KenkoPortal.Smtp;
using KenkoPortal.Staff.Web;
using KenkoPortal.Web.Infrastructure.Hosting;
using Microsoft.Extensions.Logging.Console;

namespace KenkoPortal.Web.Commands;

/// <summary>
/// <c>serve</c>: migrates, loads the demo where there is nothing yet, serves pages, mail and jobs, and prints <c>READY</c> once it answers.
/// Development is for the machine itself and listens on loopback alone; Production refuses to start while something is missing.
/// </summary>
internal static class ServeCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Build(CommandFrame frame)
    {
        var port = CommandFrame.Number("--port", "PORT", CommandText.ServePort);
        var smtpPort = CommandFrame.Number("--smtp-port", "PORT", CommandText.ServeSmtpPort);
        var production = new Option<bool>("--production") { Description = CommandText.ServeProduction };
        var empty = new Option<bool>("--empty") { Description = CommandText.ServeEmpty };
        var demo = new Option<string?>("--demo") { Description = CommandText.ServeDemo, HelpName = "DIR" };
        var command = new Command("serve", CommandText.Serve) { port, smtpPort, production, empty, demo };
        frame.SetAction(command, run => ServeAsync(run, new Wishes(
            run.Value(port), run.Value(smtpPort), run.Value(production), run.Value(empty) || run.Value(production) ? null : run.Value(demo))));
        return command;
    }

    private static async Task<int> ServeAsync(CommandRun run, Wishes wishes)
    {
        run.RefuseUnusableConnections();
        await SettleAsync(run, wishes);
        var options = run.Options;
        var builder = run.CreateBuilder(wishes.IsProduction);
        // Standard output is for what people and scripts read; the log has standard error for itself.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (!wishes.IsProduction)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
        }

        builder.AddServing();
        await using var app = builder.Build();
        var migrating = Task.Run(() => app.Services.GetRequiredService<Migrator>().MigrateAsync(run.Cancellation));
        _ = FirstPage.LoadAsync(app);
        app.UsePortal();
        _ = FirstPage.RenderAsync(app);
        await migrating;
        string[] unbound = await app.Services.GetRequiredService<Migrator>().IsServingRoleBoundAsync(run.Cancellation) ? [] : [CommandText.ServingRoleUnbound];
        if (wishes.IsProduction)
        {
            ProductionCheck.Refuse([.. unbound, .. ProductionCheck.FaultsOfSocieties(await run.AllSocietiesAsync(app.Services))]);
        }
        else
        {
            Array.ForEach(unbound, run.Complain);
            await MoveOriginsAsync(run, app.Services, options);
        }

        if (!LetterFonts.AreInstalled())
        {
            run.Complain(CommandText.ServeNoFonts.With(PrintingText.FontsMissing));
        }

        var demo = await DemoSociety.LoadAsync(run, app.Services, options, wishes.DemoFolder);
        await app.StartAsync(run.Cancellation);
        await AnswersAsync(run, options, wishes.IsProduction);
        run.Say($"READY http://localhost:{options.Port}");
        if (!wishes.IsProduction && demo is not null)
        {
            await demo.TellAsync(run, app.Services, options.Port);
        }

        await run.Surroundings.Output.FlushAsync(CancellationToken.None);
        await app.WaitForShutdownAsync(run.Cancellation);
        return PortalCommandLine.Done;
    }

    /// <summary>Puts the wishes into the settings and refuses what cannot go well, before anything is written.</summary>
    private static async Task SettleAsync(CommandRun run, Wishes wishes)
    {
        var given = run.Configuration;
        if (wishes.IsProduction)
        {
            await CheckProductionAsync(run, given);
        }
        else
        {
            RefuseOtherAddresses(given);
            if (ProductionCheck.FaultOfProxies(run.Options) is { } fault)
            {
                throw new PortalInputException(fault);
            }
        }

        var pages = wishes.IsProduction ? IPAddress.Parse(run.Options.BindAddress) : IPAddress.Loopback;
        var mail = given.GetSection(InboundMailListener.Section).Get<SmtpListenerOptions>() ?? new SmtpListenerOptions();
        if (!IPAddress.TryParse(mail.BindAddress, out var mailAddress))
        {
            throw new PortalInputException(CommandText.BadBindAddress.With(mail.BindAddress));
        }

        var staff = given.GetSection(StaffOptions.Section).Get<StaffOptions>() ?? new StaffOptions();
        if (!IPAddress.TryParse(staff.BindAddress, out var staffAddress))
        {
            throw new PortalInputException(CommandText.BadBindAddress.With(staff.BindAddress));
        }

        if (staff.Port is { } staffPort)
        {
            FreePort(staffAddress, staffPort, $"{StaffOptions.Section}__{nameof(StaffOptions.Port)}");
        }

        Set(run, PortalOptions.Section, nameof(PortalOptions.Port), FreePort(pages, wishes.Port ?? run.Options.Port, "--port"));
        Set(run, InboundMailListener.Section, nameof(SmtpListenerOptions.Port), FreePort(mailAddress, wishes.SmtpPort ?? mail.Port, "--smtp-port"));
    }

    private static async Task CheckProductionAsync(CommandRun run, IConfiguration given)
    {
        var options = run.Options;
        List<string> faults = [.. ProductionCheck.FaultsOfSettings(given, options), .. ProductionCheck.FaultsOfFiles(options)];
        if (faults.Count > 0 && await TryOpenAsync(run) is { } portal)
        {
            // Everything that is missing is named at once: the societies too, where they can be read already.
            await using (portal)
            {
                faults.AddRange(ProductionCheck.FaultsOfSocieties(await run.AllSocietiesAsync(portal.Services)));
            }
        }

        ProductionCheck.Refuse(faults);
    }

    private static async Task<WebApplication?> TryOpenAsync(CommandRun run)
    {
        try
        {
            return await run.OpenAsync(Opening.Existing);
        }
        catch (Exception exception) when (exception is PortalInputException or System.Data.Common.DbException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Development has no mail relay, no https and a page that shows every mail: nobody but this machine may reach it.</summary>
    private static void RefuseOtherAddresses(IConfiguration given)
    {
        string[] addresses = [$"{PortalOptions.Section}:{nameof(PortalOptions.BindAddress)}", $"{InboundMailListener.Section}:{nameof(SmtpListenerOptions.BindAddress)}", $"{StaffOptions.Section}:{nameof(StaffOptions.BindAddress)}"];
        var others = addresses.Where(name => given[name] is { Length: > 0 } value && !(IPAddress.TryParse(value, out var address) && IPAddress.IsLoopback(address)))
            .Concat(given.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint.Path))
            .Select(name => name.Replace(":", "__", StringComparison.Ordinal)).ToList();
        if (others.Count > 0)
        {
            throw new PortalInputException(CommandText.DevelopmentLoopback.With(string.Join(", ", others)));
        }
    }

    /// <summary>Societies on localhost whose links lead to where <c>serve</c> answered before follow it to its new port.</summary>
    private static async Task MoveOriginsAsync(CommandRun run, IServiceProvider services, PortalOptions options)
    {
        var place = new ServingPlace(options.Port, int.Parse(run.Settings[$"{InboundMailListener.Section}:{nameof(SmtpListenerOptions.Port)}"]!, System.Globalization.CultureInfo.InvariantCulture));
        if (ServingPlace.Read(options.DataDirectory) is { } before && before.Port != place.Port)
        {
            foreach (var society in (await run.AllSocietiesAsync(services)).Where(s => s.Host == "localhost" && s.Origin == before.Origin))
            {
                await SocietyCommands.ChangeAsync(services, society, new Dictionary<string, string>(StringComparer.Ordinal) { ["origin"] = place.Origin }, run.Cancellation);
                run.Say(CommandText.OriginMoved.With(society.Key, place.Origin));
            }
        }

        place.Write(options.DataDirectory);
    }

    private static void Set(CommandRun run, string section, string name, int value) =>
        run.Settings[$"{section}:{name}"] = value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The port itself, or a free one for 0. Kestrel would tell the same, but only after the demo was loaded for that port.</summary>
    private static int FreePort(IPAddress address, int port, string option)
    {
        if (port is < 0 or > 65535)
        {
            throw new PortalInputException(CommandText.PortRange.With(option, port));
        }

        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException exception)
        {
            throw new PortalInputException(exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => CommandText.PortInUse.With(port, option),
                SocketError.AccessDenied => CommandText.PortDenied.With(port, option),
                _ => CommandText.PortFailed.With(address, port),
            });
        }
    }

    /// <summary>
    /// Asks ourselves for /healthz; the database answered when it was migrated. Over a bare socket: an HTTP client is nothing that serving needs otherwise,
    /// and loading one takes as long as a page.
    /// </summary>
    private static async Task AnswersAsync(CommandRun run, PortalOptions options, bool isProduction)
    {
        var bound = isProduction ? IPAddress.Parse(options.BindAddress) : IPAddress.Loopback;
        var address = bound.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        limit.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(address, options.Port), limit.Token);
            await socket.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), limit.Token);
            if (await socket.ReceiveAsync(new byte[512], limit.Token) > 0)
            {
                return;
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException && !run.Cancellation.IsCancellationRequested)
        {
        }

        run.Complain(CommandText.NotReady.With(new UriBuilder(Uri.UriSchemeHttp, address.ToString(), options.Port).Uri));
    }

    /// <summary>What the command line asks for.</summary>
    private sealed record Wishes(int? Port, int? SmtpPort, bool IsProduction, string? DemoFolder);
}
