namespace KenkoPortal.Core.Data;

/// <summary>
/// A question that many ask at once and that has one answer at a time. It is on its way once at most; who asks meanwhile waits for the next,
/// which begins when the first is back and answers all of them. So nobody gets an answer that was looked up before they asked.
/// </summary>
public sealed class SharedLook<T>(Func<Task<T>> look)
{
    private readonly Lock _gate = new();
    private Task<T>? _running;
    private Task<T>? _next;

    /// <summary>An answer that was looked up after this call. A failure of the look is that of all who share it.</summary>
    public Task<T> TakeAsync()
    {
        lock (_gate)
        {
            if (_next is not null)
            {
                return _next;
            }

            return _running is { IsCompleted: false } ? _next = LookAfterAsync(_running) : _running = look();
        }
    }

    private async Task<T> LookAfterAsync(Task<T> running)
    {
        // Its failure is told to those who asked for it.
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            (_running, _next) = (_next, null);
        }

        return await look();
    }
}
