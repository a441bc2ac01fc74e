using KenkoPortal.Core.Accounts;

namespace KenkoPortal.Tests.Accounts;

/// <summary>Row A11 of docs/security.md: how many hashes run and wait.</summary>
public sealed class HashingGateTests
{
    private static readonly int Places = Math.Max(1, Environment.ProcessorCount - 1);

    [Fact]
    public async Task A11_As_many_run_as_there_are_places_and_all_that_wait_have_their_turn_in_order()
    {
        var gate = new HashingGate();
        var (running, most, order) = (0, 0, new List<int>());
        using var open = new ManualResetEventSlim();
        var first = Enumerable.Range(0, Places).Select(_ => gate.RunAsync(() => open.Wait(TimeSpan.FromSeconds(20)), CancellationToken.None)).ToList();
        var others = Enumerable.Range(0, 100).Select(i => gate.RunAsync(() => Count(i), TestContext.Current.CancellationToken)).ToList();
        open.Set();

        Assert.All(await Task.WhenAll(first), Assert.True);
        Assert.Equal(Enumerable.Range(0, 100), await Task.WhenAll(others));
        Assert.InRange(most, 1, Places);
        if (Places == 1)
        {
            Assert.Equal(Enumerable.Range(0, 100), order);
        }

        int Count(int i)
        {
            lock (order)
            {
                most = Math.Max(most, ++running);
                order.Add(i);
            }

            Thread.Yield();
            lock (order)
            {
                running--;
            }

            return i;
        }
    }

    [Fact]
    public async Task A11_Who_gives_up_while_waiting_leaves_the_queue_to_others_and_is_never_hashed()
    {
        var gate = new HashingGate { QueueLength = 1 };
        using var open = new ManualResetEventSlim();
        var first = Enumerable.Range(0, Places).Select(_ => gate.RunAsync(() => open.Wait(TimeSpan.FromSeconds(20)), CancellationToken.None)).ToList();
        using var patience = new CancellationTokenSource();
        var hashed = false;
        var waiting = gate.RunAsync(() => hashed = true, patience.Token);
        await Assert.ThrowsAsync<PortalBusyException>(() => gate.RunAsync(() => true, CancellationToken.None));

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var next = gate.RunAsync(() => true, CancellationToken.None);
        open.Set();
        await Task.WhenAll(first);
        Assert.True(await next);
        Assert.False(hashed);
    }

    [Fact]
    public async Task A_hash_that_fails_gives_its_place_back()
    {
        var gate = new HashingGate();
        for (var i = 0; i < Places; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => gate.RunAsync<bool>(() => throw new InvalidOperationException(), CancellationToken.None));
        }

        Assert.True(await gate.RunAsync(() => true, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }
}
