using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace KenkoPortal.Core.Common;

/// <summary>Makes the next items of a sequence on another thread while the last one is used.</summary>
internal static class ReadingAhead
{
    /// <param name="items">What takes time to make. It is enumerated once, on one thread at a time.</param>
    /// <param name="most">How many may wait to be used.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The same items in the same order; what goes wrong in making one is thrown in its place.</returns>
    public static async IAsyncEnumerable<T> ReadAheadAsync<T>(this IEnumerable<T> items, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var made = Channel.CreateBounded<T>(new BoundedChannelOptions(most) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var making = Task.Run(() => MakeAsync(items, made.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var item in made.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }

            await making;
        }
        finally
        {
            // Nothing goes on, with files open, after its user has left.
            await stop.CancelAsync();
            await making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task MakeAsync<T>(IEnumerable<T> items, ChannelWriter<T> made, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var item in items)
            {
                await made.WriteAsync(item, cancellationToken);
            }
        }
        finally
        {
            made.Complete();
        }
    }
}
