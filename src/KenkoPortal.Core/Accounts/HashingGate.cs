
namespace KenkoPortal.Core.Accounts;

/// <summary>Too many wait for the processor. The answer is 503 with Retry-After (row A11).</summary>
public sealed class PortalBusyException() : Exception("The queue for password hashing is full.");

/// <summary>
/// Lets (cores − 1) hashes run at a time and a bounded number wait, so that a storm of logins never stops the pages of those who
/// only read. Without it a login storm took a stock portal's pages from a thousand a second to six.
/// </summary>
/// <remarks>Whoever is through with a hash takes the next one itself: in a storm, where threads are waited for, a place would else stand empty in between.</remarks>
public sealed class HashingGate
{
    private static readonly int Places = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly Lock _sync = new();
    private readonly LinkedList<Action> _waiting = new();
    private int _taken;

    /// <summary>How many may wait; at 25 ms a hash the last of them waits some five seconds on one core.</summary>
    public int QueueLength { get; init; } = 200 * Places;

    /// <summary>Whether <see cref="RunAsync"/> ended without a hash: the queue was full, or who waited gave up. What was counted for the attempt is given back then.</summary>
    public static bool NeverBegan(Exception exception) => exception is PortalBusyException or OperationCanceledException;

    /// <summary>Hashes when there is a place. Who gives up while waiting leaves the queue; a hash that has begun is finished.</summary>
    /// <exception cref="PortalBusyException">The queue is full.</exception>
    public async Task<T> RunAsync<T>(Func<T> hash, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var place = Enter(() => Run(hash, done));
        await using var leaving = cancellationToken.UnsafeRegister(
            _ =>
            {
                if (TryLeave(place))
                {
                    done.SetCanceled(cancellationToken);
                }
            },
            state: null);
        return await done.Task;
    }

    private LinkedListNode<Action> Enter(Action hash)
    {
        lock (_sync)
        {
            if (_taken < Places)
            {
                // A thread of its own: a storm keeps it for as long as it lasts, and the pages need those of the pool. Nothing of the request that began it goes along.
                new Thread(() => RunAll(hash)) { IsBackground = true, Name = "hashing" }.UnsafeStart();
                _taken++;
                return new LinkedListNode<Action>(hash);
            }

            return _waiting.Count < QueueLength ? _waiting.AddLast(hash) : throw new PortalBusyException();
        }
    }

    private bool TryLeave(LinkedListNode<Action> place)
    {
        lock (_sync)
        {
            if (place.List is null)
            {
                return false;
            }

            _waiting.Remove(place);
            return true;
        }
    }

    /// <summary>The first, and then whatever waits.</summary>
    private void RunAll(Action first)
    {
        for (var hash = first; hash is not null; hash = TryTake())
        {
            hash();
        }
    }

    /// <summary>The next that waits; without one the place is given back.</summary>
    private Action? TryTake()
    {
        lock (_sync)
        {
            if (_waiting.First is not { } first)
            {
                _taken--;
                return null;
            }

            _waiting.RemoveFirst();
            return first.Value;
        }
    }

    private static void Run<T>(Func<T> hash, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(hash());
        }
        catch (Exception exception)
        {
            done.SetException(exception);
        }
    }
}
