namespace KenkoPortal.Tests.Support;

/// <summary>A clock that stands still until a test moves it. Timers, delays and time-outs that hang on it fire when it is moved past them.</summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock _sync = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now;
    private TimeSpan _elapsed;

    /// <param name="start">Now; a Monday morning in Tokyo where none is given.</param>
    public FakeClock(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2026, 10, 5, 1, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public DateTimeOffset Now => GetUtcNow();

    /// <summary>Whether something sleeps until the clock is moved.</summary>
    public bool IsWaitedFor
    {
        get
        {
            lock (_sync)
            {
                return _timers.Exists(timer => timer.Due is not null);
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_sync)
        {
            return _now;
        }
    }

    /// <summary>Does not go back when the wall clock is set back.</summary>
    public override long GetTimestamp()
    {
        lock (_sync)
        {
            return _elapsed.Ticks;
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time)
    {
        lock (_sync)
        {
            _now += time;
            _elapsed += time;
        }

        Fire();
    }

    /// <summary>Sets the wall clock, back too, while no time passes.</summary>
    public void Set(DateTimeOffset now)
    {
        lock (_sync)
        {
            _now = now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_sync)
        {
            _timers.Add(timer);
        }

        Fire();
        return timer;
    }

    private void Fire()
    {
        while (true)
        {
            FakeTimer? due;
            lock (_sync)
            {
                due = _timers.Where(t => t.Due <= _elapsed).MinBy(t => t.Due);
                due?.Next();
            }

            if (due is null)
            {
                return;
            }

            due.Invoke();
        }
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._sync)
            {
                _period = period;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._elapsed + dueTime;
            }

            return true;
        }

        public void Next() => Due = _period > TimeSpan.Zero ? Due + _period : null;

        public void Invoke() => callback(state);

        public void Dispose()
        {
            lock (clock._sync)
            {
                Due = null;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
