using KenkoPortal.Core.Data;

namespace KenkoPortal.Tests.Data;

public sealed class SharedLookTests
{
    private readonly List<TaskCompletionSource<int>> _looks = [];

    private SharedLook<int> Look => field ??= new SharedLook<int>(() =>
    {
        var look = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _looks.Add(look);
        return look.Task;
    });

    [Fact]
    public async Task Who_asks_while_a_look_is_on_its_way_shares_the_next_one()
    {
        var first = Look.TakeAsync();
        Task<int>[] meanwhile = [Look.TakeAsync(), Look.TakeAsync(), Look.TakeAsync()];
        Assert.Single(_looks);

        _looks[0].SetResult(1);
        Assert.Equal(1, await first);
        await SecondAsync();
        Assert.All(meanwhile, m => Assert.False(m.IsCompleted));
        _looks[1].SetResult(2);
        var answers = await Task.WhenAll(meanwhile);
        Assert.All(answers, a => Assert.Equal(2, a));
        Assert.Equal(2, _looks.Count);

        var later = Look.TakeAsync();
        _looks[2].SetResult(3);
        Assert.Equal(3, await later);
    }

    [Fact]
    public async Task A_look_that_failed_is_told_to_those_who_asked_for_it_and_to_no_others()
    {
        var first = Look.TakeAsync();
        var next = Look.TakeAsync();
        _looks[0].SetException(new InvalidOperationException("gone"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await SecondAsync();
        _looks[1].SetResult(2);
        Assert.Equal(2, await next);
    }

    private async Task SecondAsync()
    {
        while (_looks.Count < 2)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
