using System.Diagnostics;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Verify;

/// <summary>
/// A store, a relay and a portal between them that may be killed and started again on the same ports, so that clients who wait for it
/// find it where it was.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>What the specification allows from the start to the first answer.</summary>
    public static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(5);

    private readonly Ground _ground;
    private readonly Func<int, PortalWishes, PortalWishes> _change;
    private readonly int _port = PortalProcess.FreePort();
    private readonly int _smtpPort = PortalProcess.FreePort();
    private Child? _portal;

    private Stage(Ground ground, PortalStore store, Society society, RelaySink relay, Func<int, PortalWishes, PortalWishes> change)
    {
        (_ground, Store, Society, Relay, _change) = (ground, store, society, relay, change);
        People = new Residents(store.Services, society);
    }

    public PortalStore Store { get; }

    public Society Society { get; }

    public RelaySink Relay { get; }

    public Residents People { get; }

    public PortalKeys Keys => Store.Services.GetRequiredService<PortalKeys>();

    /// <summary>Times from each start to the first answer.</summary>
    public Times Starts { get; } = new();

    public Child Portal => _portal ?? throw new InvalidOperationException("The portal has not been started.");

    public Surfer Surfer => new(new Uri($"http://127.0.0.1:{_port}"), _smtpPort);

    /// <param name="ground">Where the run stands.</param>
    /// <param name="kind">Which database.</param>
    /// <param name="change">How the portal is started otherwise than usual; told the number of the start, from 1.</param>
    /// <param name="store">A store that is there already.</param>
    public static async Task<Stage> SetAsync(
        Ground ground, DatabaseKind kind, Func<int, PortalWishes, PortalWishes>? change = null, PortalStore? store = null)
    {
        store ??= await PortalStore.CreateAsync(ground, kind);
        var society = await store.SocietyAsync();
        return ground.Own(new Stage(ground, store, society, ground.Own(new RelaySink()), change ?? ((_, wishes) => wishes)));
    }

    /// <summary>Starts the portal, waits until it says READY and has answered a page, and notes how long that took.</summary>
    /// <exception cref="MeasureException">It does not start.</exception>
    public async Task<TimeSpan> StartAsync()
    {
        var wishes = _change(Starts.Count + 1, new PortalWishes { RelayPort = Relay.Port });
        _portal = PortalProcess.Launch(_ground, Store, wishes, _port, _smtpPort);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_ground.Cancellation);
        late.CancelAfter(wishes.Patience);
        try
        {
            while (await _portal.Output.ReadLineAsync(late.Token) is { } line)
            {
                if (line.StartsWith("READY ", StringComparison.Ordinal))
                {
                    // At a fast clock half a minute's patience of the server with a slow visitor is over before the visitor has spoken.
                    var status = wishes.Settings.ContainsKey(FastTime.Variable) ? System.Net.HttpStatusCode.OK : (await Surfer.Browser().OpenAsync("/login")).Status;
                    var took = _portal.Age;
                    Starts.Add(took);
                    return status == System.Net.HttpStatusCode.OK ? took : throw new MeasureException($"the first page after the start was {(int)status}");
                }
            }
        }
        catch (OperationCanceledException) when (!_ground.Cancellation.IsCancellationRequested)
        {
            throw new MeasureException($"the portal was not ready after {wishes.Patience.TotalSeconds:F0} s");
        }

        await _portal.DisposeAsync();
        throw new MeasureException($"the portal did not start: {await File.ReadAllTextAsync(_portal.ErrorFile, CancellationToken.None)}");
    }

    /// <summary>Starts the portal and kills it before it is ready.</summary>
    public async Task StartAndKillAsync(TimeSpan after)
    {
        _portal = PortalProcess.Launch(_ground, Store, _change(Starts.Count + 1, new PortalWishes { RelayPort = Relay.Port }), _port, _smtpPort);
        await Task.Delay(after, TimeProvider.System, _ground.Cancellation);
        await KillAsync();
    }

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        Portal.Kill();
        await Portal.WaitAsync(_ground.Cancellation);
        await Portal.DisposeAsync();
    }

    /// <summary>SIGTERM, and waits until the process has ended in order.</summary>
    public async Task StopAsync()
    {
        await Portal.StopAsync();
        await Portal.DisposeAsync();
    }

    /// <summary>Reads as the society.</summary>
    public Task<T> ReadAsync<T>(Func<PortalContext, Task<T>> read) => People.ReadAsync(read);

    /// <summary>Waits until something is so; false where it is not after the time.</summary>
    public async Task<bool> UntilAsync(TimeSpan most, Func<Task<bool>> isSo)
    {
        var startedAt = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(startedAt) > most)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _ground.Cancellation);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_portal is not null)
        {
            await _portal.DisposeAsync();
        }
    }
}
