using System.Collections.Concurrent;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Smtp;
using KenkoPortal.Web.Infrastructure.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Tests.Support;

/// <summary>The mail listener on a free port of this machine, before the database of a portal: what is acknowledged there is a row here.</summary>
public sealed class MailDoor : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MailDoor(WebApplication app, int port) => (_app, Port) = (app, port);

    public int Port { get; }

    /// <summary>Log lines of level Error and above.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    /// <param name="portal">The portal's services.</param>
    /// <param name="settings">Of the section <c>Mail:Inbound</c>.</param>
    public static Task<MailDoor> OpenAsync(IServiceProvider portal, params (string Name, string Value)[] settings) => OpenAsync(portal, TimeProvider.System, settings);

    /// <param name="portal">The portal's services.</param>
    /// <param name="clock">What the limits of time are measured by.</param>
    /// <param name="settings">Of the section <c>Mail:Inbound</c>.</param>
    public static async Task<MailDoor> OpenAsync(IServiceProvider portal, TimeProvider clock, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Append(("Port", "0")).Append(("Session:HostName", "mx.minato.test"))
            .Select(s => KeyValuePair.Create($"{InboundMailListener.Section}:{s.Item1}", (string?)s.Item2)));
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(portal.GetRequiredService<InboundMailIntake>()).AddInboundMail();
        builder.WebHost.ConfigureKestrel(k => k.ListenSmtp());
        builder.Logging.ClearProviders();
        var app = builder.Build();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var door = new MailDoor(app, new Uri(address).Port);
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(new ErrorLog(door.Errors));
        return door;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
