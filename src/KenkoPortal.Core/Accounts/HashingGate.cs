namespace KenkoPortal.Core.Accounts;

/// <summary>Too many wait for the processor. The answer is 503 with Retry-After (row A11).</summary>
public sealed class PortalBusyException() : Exception("The queue for password hashing is full.");

/// <summary>
/// Lets (cores − 1) hashes run at a time and a bounded number wait, so that a storm of logins never stops the pages of those who
/// only read. Without it a login storm took a stock portal's pages from a thousand a second to six.
/// </summary>
public sealed class HashingGate : IDisposable
{
    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount - 1));
    private int _waiting;

    /// <summary>How many may wait; at 25 ms a hash the last of them waits some five seconds on one core.</summary>
    public int QueueLength { get; init; } = 200 * Math.Max(1, Environment.ProcessorCount - 1);

    /// <exception cref="PortalBusyException">The queue is full.</exception>
    public async Task<T> RunAsync<T>(Func<T> hash, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > QueueLength)
        {
            Interlocked.Decrement(ref _waiting);
            throw new PortalBusyException();
        }

        try
        {
            await _slots.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await Task.Run(hash, CancellationToken.None);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();
}
