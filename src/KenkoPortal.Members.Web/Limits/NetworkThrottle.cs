using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace KenkoPortal.Members.Web.Limits;

/// <summary>How much a source may do in a minute.</summary>
public sealed record NetworkRate(int Attempts, int Failures)
{
    public static NetworkRate Usual { get; } = new(NetworkThrottle.AttemptsPerMinute, NetworkThrottle.FailuresPerMinute);

    /// <summary>Of an office's address.</summary>
    public static NetworkRate OfOffice(int attempts) => new(attempts, attempts / 3);
}

/// <summary>A counter: what is counted, of whom, and how much is allowed.</summary>
public sealed record NetworkCount(string Purpose, UInt128 Source, NetworkRate Rate);

/// <summary>
/// Counts attempts and failures of one network address (IPv6: per /64), device, mailed link or account, in a sliding minute, in
/// this process (row A6). The account's own count is in the database; this one only keeps a single source from using up the processor.
/// </summary>
public sealed class NetworkThrottle(TimeProvider clock)
{
    public const int AttemptsPerMinute = 30;
    public const int FailuresPerMinute = 10;
    public const int LinkPostsPerMinute = 60;

    /// <summary>Pages and files that a member may open in a minute: ten a second, which nobody reads (row M12).</summary>
    public const int LooksPerMinute = 600;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Purpose, UInt128 Source), Counter> _counters = new();
    private long _sweepAt;

    public static NetworkCount CountOf(string purpose, IPAddress? address, NetworkRate rate) => new(purpose, SourceOf(address), rate);

    /// <summary>The counter of a mailed link that lives: a household registers under one, and each last step may be sent several times.</summary>
    public static NetworkCount LinkOf(Guid linkId) => CountOf("link", linkId) with { Rate = new NetworkRate(LinkPostsPerMinute, FailuresPerMinute) };

    /// <summary>The counter of a device or an account, wherever it comes from.</summary>
    public static NetworkCount CountOf(string purpose, Guid id) => new(purpose, MemoryMarshal.Read<UInt128>(id.ToByteArray()), NetworkRate.Usual);

    /// <summary>The counter of a member's looks.</summary>
    public static NetworkCount LooksOf(Guid accountId) => new("look", MemoryMarshal.Read<UInt128>(accountId.ToByteArray()), new NetworkRate(LooksPerMinute, int.MaxValue));

    /// <summary>Counts an attempt.</summary>
    /// <returns>Null when it may go on, else how long to wait.</returns>
    public TimeSpan? TryAttempt(NetworkCount count)
    {
        var now = clock.GetUtcNow();
        Sweep(now);
        return CounterOf(count).TryAttempt(now, count.Rate);
    }

    /// <summary>Whether an attempt would be refused; nothing is counted.</summary>
    public bool IsFull(NetworkCount count) => CounterOf(count).WaitAt(clock.GetUtcNow(), count.Rate) is not null;

    /// <summary>Counts the attempt as failed.</summary>
    public void CountFailure(NetworkCount count) => CounterOf(count).CountFailure(clock.GetUtcNow(), count.Rate);

    /// <summary>Whether a refusal is the first of its source in a minute: a flood must not fill the log.</summary>
    public bool IsToTell(NetworkCount count) => CounterOf(count).IsToTell(clock.GetUtcNow());

    private Counter CounterOf(NetworkCount count) => _counters.GetOrAdd((count.Purpose, count.Source), _ => new Counter());

    private static UInt128 SourceOf(IPAddress? address)
    {
        var actual = address is null ? IPAddress.IPv6None : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        actual.TryWriteBytes(bytes, out var length);
        if (actual.AddressFamily == AddressFamily.InterNetworkV6)
        {
            bytes[8..].Clear();
        }
        else
        {
            bytes[15] = 4;
        }

        return MemoryMarshal.Read<UInt128>(bytes[..Math.Max(length, 16)]);
    }

    /// <summary>Once a minute, forgets those who were quiet.</summary>
    private void Sweep(DateTimeOffset now)
    {
        var due = Volatile.Read(ref _sweepAt);
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref _sweepAt, (now + Window).UtcTicks, due) != due)
        {
            return;
        }

        foreach (var (key, counter) in _counters)
        {
            if (counter.IsQuietAt(now))
            {
                _counters.TryRemove(key, out _);
            }
        }
    }

    private sealed class Counter
    {
        private readonly Queue<DateTimeOffset> _attempts = new();
        private readonly Queue<DateTimeOffset> _failures = new();
        private readonly Lock _gate = new();

        private DateTimeOffset? _toldAt;

        public bool IsToTell(DateTimeOffset now)
        {
            lock (_gate)
            {
                if (_toldAt is { } at && now - at < Window && at <= now)
                {
                    return false;
                }

                _toldAt = now;
                return true;
            }
        }

        public TimeSpan? WaitAt(DateTimeOffset now, NetworkRate rate)
        {
            lock (_gate)
            {
                Forget(now);
                var full = _failures.Count >= rate.Failures ? _failures : _attempts.Count >= rate.Attempts ? _attempts : null;
                return full is null ? null : full.Peek() + Window - now;
            }
        }

        public TimeSpan? TryAttempt(DateTimeOffset now, NetworkRate rate)
        {
            lock (_gate)
            {
                if (WaitAt(now, rate) is { } wait)
                {
                    return wait;
                }

                _attempts.Enqueue(now);
                return null;
            }
        }

        public void CountFailure(DateTimeOffset now, NetworkRate rate)
        {
            lock (_gate)
            {
                Forget(now);
                _failures.Enqueue(now);
                while (_failures.Count > rate.Failures)
                {
                    _failures.Dequeue();
                }
            }
        }

        public bool IsQuietAt(DateTimeOffset now)
        {
            lock (_gate)
            {
                Forget(now);
                return _attempts.Count == 0 && _failures.Count == 0 && !(now - _toldAt < Window);
            }
        }

        private void Forget(DateTimeOffset now)
        {
            foreach (var queue in new[] { _attempts, _failures })
            {
                while (queue.TryPeek(out var at) && (now - at >= Window || at > now + Window))
                {
                    queue.Dequeue();
                }
            }
        }
    }
}
