namespace KenkoPortal.BrowserTests.Support;

/// <summary>The machine's clock, set forward as far as a test says. Timers go on at their real pace, so that jobs run.</summary>
public sealed class AdjustableClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);
}
