using KenkoPortal.Core.Common;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Smtp;
using Microsoft.Extensions.Logging.Abstractions;

namespace KenkoPortal.Tests.Smtp;

public sealed class EnvelopeBatcherTests
{
    private static readonly Envelope Some = new(EmailAddress.Parse("a@example.jp"), [], AutomaticMailSigns.None, null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Those_who_wait_share_the_next_commit_and_hear_of_it_only_then()
    {
        var batches = new List<int>();
        var first = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        await using var batcher = New(async (envelopes, _) =>
        {
            batches.Add(envelopes.Count);
            started.TrySetResult();
            await first.Task;
        });
        var one = batcher.KeepAsync(Some, Token).AsTask();
        await started.Task;
        var others = Enumerable.Range(0, 50).Select(_ => batcher.KeepAsync(Some, Token).AsTask()).ToList();
        Assert.False(one.IsCompleted);
        first.SetResult();
        Assert.True(await one);
        Assert.All(await Task.WhenAll(others), Assert.True);
        Assert.Equal([1, 50], batches);
    }

    [Fact]
    public async Task A_commit_that_fails_fails_its_batch_and_not_the_next()
    {
        var fails = true;
        await using var batcher = New((_, _) => fails ? throw new IOException("disk") : Task.CompletedTask);
        Assert.False(await batcher.KeepAsync(Some, Token));
        fails = false;
        Assert.True(await batcher.KeepAsync(Some, Token));
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_not_committed_later()
    {
        var gate = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var committed = 0;
        var batcher = New(
            async (envelopes, _) =>
            {
                started.TrySetResult();
                await gate.Task;
                committed += envelopes.Count;
            },
            o => o.Patience = TimeSpan.FromMilliseconds(50));
        var one = batcher.KeepAsync(Some, Token).AsTask();
        await started.Task;
        Assert.False(await batcher.KeepAsync(Some, Token));
        Assert.False(await one);
        gate.SetResult();
        await batcher.DisposeAsync();
        Assert.Equal(1, committed);
    }

    [Fact]
    public async Task A_full_queue_and_an_ended_one_refuse_at_once()
    {
        var gate = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        var batcher = New(
            (_, _) =>
            {
                started.TrySetResult();
                return gate.Task;
            },
            o => o.MaxWaiting = 1);
        var one = batcher.KeepAsync(Some, Token).AsTask();
        await started.Task;
        var two = batcher.KeepAsync(Some, Token).AsTask();
        Assert.False(await batcher.KeepAsync(Some, Token));
        gate.SetResult();
        await batcher.DisposeAsync();
        Assert.True(await one);
        Assert.True(await two);
        Assert.False(await batcher.KeepAsync(Some, Token));
    }

    [Fact]
    public async Task A_commit_that_hangs_is_told_to_stop()
    {
        await using var batcher = New(
            (_, token) => Task.Delay(Timeout.Infinite, token), o => o.CommitTimeout = TimeSpan.FromMilliseconds(20));
        Assert.False(await batcher.KeepAsync(Some, Token));
    }

    private static EnvelopeBatcher<Envelope> New(EnvelopeCommit<Envelope> commit, Action<EnvelopeBatcherOptions>? configure = null)
    {
        var options = new EnvelopeBatcherOptions();
        configure?.Invoke(options);
        return new EnvelopeBatcher<Envelope>(commit, options, TimeProvider.System, NullLogger<EnvelopeBatcher<Envelope>>.Instance);
    }
}
