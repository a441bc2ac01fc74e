namespace KenkoPortal.Measure.Verify;

/// <summary>Clients wait here while the portal is down, and whoever takes it down waits until they are all here.</summary>
internal sealed class Gate
{
    private readonly Lock _sync = new();
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private bool _isOpen;

    /// <summary>Waits until it is open, does it, and is gone when it is done.</summary>
    public async Task PassAsync(Func<Task> act, CancellationToken cancellationToken)
    {
        while (!TryEnter(out var opened))
        {
            await opened.WaitAsync(cancellationToken);
        }

        try
        {
            await act();
        }
        finally
        {
            Leave();
        }
    }

    public void Open()
    {
        lock (_sync)
        {
            _isOpen = true;
            _opened.TrySetResult();
        }
    }

    /// <summary>Lets nobody in any more; done when those inside have left.</summary>
    public Task CloseAsync()
    {
        lock (_sync)
        {
            _isOpen = false;
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_inside == 0)
            {
                _empty.SetResult();
            }

            return _empty.Task;
        }
    }

    private bool TryEnter(out Task opened)
    {
        lock (_sync)
        {
            opened = _opened.Task;
            _inside += _isOpen ? 1 : 0;
            return _isOpen;
        }
    }

    private void Leave()
    {
        lock (_sync)
        {
            if (--_inside == 0 && !_isOpen)
            {
                _empty.TrySetResult();
            }
        }
    }
}
