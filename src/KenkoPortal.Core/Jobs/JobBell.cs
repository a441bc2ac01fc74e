
namespace KenkoPortal.Core.Jobs;

/// <summary>Wakes the jobs of this process after a commit that gave them work. A job that sleeps anyway looks again by itself.</summary>
public sealed class JobBell
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Take this before looking for work, then wait on it when there was none.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Ring() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
