using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace KenkoPortal.Measure.Support;

/// <summary>How a portal is started.</summary>
public sealed record PortalWishes
{
    /// <summary>Production unless a measurement needs otherwise: what is measured is what members get.</summary>
    public bool IsProduction { get; init; } = true;

    /// <summary>Port of the relay on this machine; null: nobody listens there, and mails wait.</summary>
    public int? RelayPort { get; init; }

    /// <summary>Further settings of its environment.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>What goes before the program, such as <c>faketime -f +1d</c>.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>How long it may take until it says READY.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>A portal that serves as a process of its own, as <c>./run --production</c> starts it.</summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private PortalProcess(Child child, int port, int smtpPort, TimeSpan readyAfter) =>
        (Child, Port, SmtpPort, ReadyAfter) = (child, port, smtpPort, readyAfter);

    public Child Child { get; }

    public int Port { get; }

    public int SmtpPort { get; }

    /// <summary>From its start until it said READY.</summary>
    public TimeSpan ReadyAfter { get; }

    /// <summary>Where the pages are reached on this machine. One society answers under every host.</summary>
    public string Origin => $"http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    public int Pid => Child.Pid;

    /// <summary>Starts it and waits until it says READY.</summary>
    public static async Task<PortalProcess> StartAsync(Ground ground, PortalStore store, PortalWishes? wishes = null)
    {
        wishes ??= new PortalWishes();
        var (port, smtpPort) = (FreePort(), FreePort());
        var child = Launch(ground, store, wishes, port, smtpPort);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ground.Cancellation);
        late.CancelAfter(wishes.Patience);
        try
        {
            while (await child.Output.ReadLineAsync(late.Token) is { } line)
            {
                if (line.StartsWith("READY ", StringComparison.Ordinal))
                {
                    return new PortalProcess(child, port, smtpPort, child.Age);
                }
            }
        }
        catch (OperationCanceledException) when (!ground.Cancellation.IsCancellationRequested)
        {
            throw new MeasureException($"the portal was not ready after {wishes.Patience.TotalSeconds:F0} s");
        }

        await child.DisposeAsync();
        throw new MeasureException($"the portal did not start: {await File.ReadAllTextAsync(child.ErrorFile, CancellationToken.None)}");
    }

    /// <summary>Starts it and waits for nothing: for who measures the start itself.</summary>
    public static Child Launch(Ground ground, PortalStore store, PortalWishes wishes, int port, int smtpPort)
    {
        var settings = new Dictionary<string, string?>(store.Settings, StringComparer.Ordinal)
        {
            // Port 9 is discard's, and nobody's: a relay that is down.
            ["Mail__Smtp__Host"] = "127.0.0.1",
            ["Mail__Smtp__Port"] = (wishes.RelayPort ?? 9).ToString(CultureInfo.InvariantCulture),
            ["Mail__Smtp__Tls"] = "None",
            ["Portal__KnownProxies"] = "none",
            // All senders are on this machine, which is one peer.
            ["Mail__Inbound__Rates__PeerPerHour"] = "100000000",
            ["Mail__Inbound__Rates__DomainPerHour"] = "100000000",
            // A run may fall into the night.
            ["Mail__NoticeHours__From"] = "00:00",
            ["Mail__NoticeHours__Until"] = "23:59:59",
        };
        foreach (var (name, value) in wishes.Settings)
        {
            settings[name] = value;
        }

        return Child.Start(
            ground,
            [
                .. wishes.Before, "dotnet", Path.Combine(ground.Portal, "KenkoPortal.Web.dll"), "serve",
                "--port", port.ToString(CultureInfo.InvariantCulture), "--smtp-port", smtpPort.ToString(CultureInfo.InvariantCulture),
                .. wishes.IsProduction ? ["--production"] : new[] { "--empty" },
            ],
            settings);
    }

    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => Child.Kill();

    /// <summary>SIGTERM.</summary>
    public Task StopAsync() => Child.StopAsync();

    public ValueTask DisposeAsync() => Child.DisposeAsync();
}
