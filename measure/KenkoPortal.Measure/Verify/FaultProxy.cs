using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace KenkoPortal.Measure.Verify;

/// <summary>What the proxy does to one connection.</summary>
internal enum WireFault
{
    None,

    /// <summary>Closes it after some bytes, in either direction, in the middle of whatever is being said.</summary>
    Cut,

    /// <summary>Passes nothing on after some bytes, and holds the connection open.</summary>
    Stall,

    /// <summary>Passes on a few bytes at a time, with pauses.</summary>
    Trickle,
}

/// <summary>Stands between the portal and its relay on loopback and does to connections what networks do.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Seeded _numbers;
    private readonly ConcurrentDictionary<WireFault, int> _done = new();
    private readonly ConcurrentDictionary<Task, bool> _passing = new();
    private readonly Task _work;

    /// <param name="target">Port of the relay on loopback.</param>
    /// <param name="seed">Which faults come when.</param>
    public FaultProxy(int target, ulong seed)
    {
        (_target, _numbers) = (target, new Seeded(seed));
        _listener.Start(500);
        _work = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>While this is true, new connections are left alone.</summary>
    public bool IsCalm { get; set; }

    /// <summary>Connections by what was done to them.</summary>
    public IReadOnlyDictionary<WireFault, int> Done => _done;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _work;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var fault = IsCalm ? WireFault.None : (WireFault)_numbers.Next(4);
                // A mail of the portal's takes some 1,800 bytes there and 250 back: the first few are where most faults shall be.
                var limit = _numbers.Next(3) == 0 ? _numbers.Next(200) : _numbers.Next(8000);
                var isBackward = _numbers.Next(2) == 0;
                _done.AddOrUpdate(fault, 1, (_, count) => count + 1);
                var passing = PassAsync(client, fault, isBackward ? int.MaxValue : limit, isBackward ? limit / 8 : int.MaxValue);
                _passing.TryAdd(passing, true);
                _ = passing.ContinueWith(done => _passing.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(_passing.Keys);
        }
    }

    private async Task PassAsync(TcpClient client, WireFault fault, int forward, int backward)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, _target, end.Token);
            var there = CopyAsync(near.GetStream(), far.GetStream(), fault, forward, end.Token);
            var back = CopyAsync(far.GetStream(), near.GetStream(), fault, backward, end.Token);
            await Task.WhenAny(there, back);
            await end.CancelAsync();
            await Task.WhenAll(there, back);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side left; the other is let go with it.
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, WireFault fault, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[fault is WireFault.Trickle ? 7 : 4096];
        var passed = 0;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                {
                    return;
                }

                var part = fault is WireFault.Cut or WireFault.Stall ? Math.Min(read, limit - passed) : read;
                await to.WriteAsync(buffer.AsMemory(0, part), cancellationToken);
                passed += part;
                if (part < read)
                {
                    if (fault is WireFault.Stall)
                    {
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                    }

                    return;
                }

                if (fault is WireFault.Trickle && passed < 2000)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side left.
        }
    }
}
