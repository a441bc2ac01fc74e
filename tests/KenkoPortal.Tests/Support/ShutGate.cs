using KenkoPortal.Core.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Support;

/// <summary>Keeps every place for hashing taken until it is opened, and on demand every place in the queue as well.</summary>
public sealed class ShutGate : IAsyncDisposable
{
    private readonly ManualResetEventSlim _open = new();
    private readonly List<Task<bool>> _holders;

    public ShutGate(WebPortal portal, bool isQueueFull)
    {
        var gate = portal.Services.GetRequiredService<HashingGate>();
        var places = Math.Max(1, Environment.ProcessorCount - 1) + (isQueueFull ? gate.QueueLength : 0);
        _holders = [.. Enumerable.Range(0, places).Select(_ => gate.RunAsync(() => _open.Wait(TimeSpan.FromMinutes(1)), CancellationToken.None))];
    }

    public async Task OpenAsync()
    {
        _open.Set();
        await Task.WhenAll(_holders);
    }

    public async ValueTask DisposeAsync()
    {
        await OpenAsync();
        _open.Dispose();
    }
}
