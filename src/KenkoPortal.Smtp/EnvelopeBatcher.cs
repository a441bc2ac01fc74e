using System.ComponentModel.DataAnnotations;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Smtp;

/// <summary>An envelope on its way into the database.</summary>
/// <typeparam name="TEnvelope">What the host stores of a message.</typeparam>
/// <param name="Id">Version 7: sorts by time of receipt.</param>
public sealed record ReceivedEnvelope<TEnvelope>(Guid Id, DateTimeOffset ReceivedAt, TEnvelope Envelope);

/// <summary>Puts several envelopes into the database in one transaction; it has returned only when they are on disk.</summary>
public delegate Task EnvelopeCommit<TEnvelope>(IReadOnlyList<ReceivedEnvelope<TEnvelope>> envelopes, CancellationToken cancellationToken);

/// <summary>How envelopes share a commit.</summary>
public sealed class EnvelopeBatcherOptions
{
    /// <summary>Envelopes in one commit at most.</summary>
    [Range(1, 10_000)]
    public int MaxBatch { get; set; } = 256;

    /// <summary>Envelopes waiting at most; the next one is refused at once.</summary>
    [Range(1, 100_000)]
    public int MaxWaiting { get; set; } = 2000;

    /// <summary>How long a session waits for its envelope to be on disk. A sender waits ten minutes (RFC 5321 §4.5.3.2.6).</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After this time a commit is told to stop.</summary>
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>Puts the envelopes of many sessions on disk in few commits: whoever comes while one commit runs shares the next.
/// True is said only after the commit that holds the envelope has returned.</summary>
/// <remarks>An envelope whose session gave up is taken out of the queue. If its commit was under way already it may be on disk
/// although its sender heard 451 and sends it again: at least once, never lost.</remarks>
public sealed partial class EnvelopeBatcher<TEnvelope> : IAsyncDisposable
{
    private readonly EnvelopeCommit<TEnvelope> _commit;
    private readonly EnvelopeBatcherOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Channel<Waiting> _queue;
    private readonly Task _work;

    public EnvelopeBatcher(EnvelopeCommit<TEnvelope> commit, EnvelopeBatcherOptions options, TimeProvider clock, ILogger<EnvelopeBatcher<TEnvelope>> logger)
    {
        _commit = commit;
        _options = options;
        _clock = clock;
        _logger = logger;
        _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(options.MaxWaiting) { SingleReader = true });
        _work = Task.Run(WorkAsync);
    }

    /// <summary>Waits until the envelope is on disk. False: it is not, or it is not known in time.</summary>
    public async ValueTask<bool> KeepAsync(TEnvelope envelope, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var waiting = new Waiting(new ReceivedEnvelope<TEnvelope>(Guid.CreateVersion7(now), now, envelope));
        if (!_queue.Writer.TryWrite(waiting))
        {
            return false;
        }

        try
        {
            return await waiting.Done.Task.WaitAsync(_options.Patience, _clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            waiting.TryTake();
        }
    }

    /// <summary>Takes no more, commits what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _work;
    }

    private async Task WorkAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            var batch = new List<Waiting>();
            while (batch.Count < _options.MaxBatch && _queue.Reader.TryRead(out var waiting))
            {
                if (waiting.TryTake())
                {
                    batch.Add(waiting);
                }
            }

            if (batch.Count == 0)
            {
                continue;
            }

            var isKept = await CommitAsync(batch.ConvertAll(w => w.Envelope));
            foreach (var waiting in batch)
            {
                waiting.Done.TrySetResult(isKept);
            }
        }
    }

    private async Task<bool> CommitAsync(List<ReceivedEnvelope<TEnvelope>> envelopes)
    {
        using var limit = new CancellationTokenSource(_options.CommitTimeout, _clock);
        try
        {
            await _commit(envelopes, limit.Token);
            return true;
        }
        catch (Exception e)
        {
            // The type only: a database error may quote the values of the row.
            LogFailed(envelopes.Count, e.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} received envelopes could not be kept ({Error}); their senders were asked to try again")]
    private partial void LogFailed(int count, string error);

    private sealed class Waiting(ReceivedEnvelope<TEnvelope> envelope)
    {
        private int _taken;

        public ReceivedEnvelope<TEnvelope> Envelope { get; } = envelope;

        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>True for the first that asks: the commit, or the session that gives up.</summary>
        public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;
    }
}
