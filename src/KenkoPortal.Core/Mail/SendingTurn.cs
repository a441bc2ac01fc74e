namespace KenkoPortal.Core.Mail;

/// <summary>
/// Keeps the lanes of this process from both having a mail between the relay's 250 and its mark in the database, so that a crash
/// makes one duplicate at most. An account mail does not wait for long behind a notice that the relay chews on.
/// </summary>
public sealed class SendingTurn : IDisposable
{
    private static readonly TimeSpan AccountPatience = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _one = new(1, 1);

    public async Task<T> TakeAsync<T>(MailLane lane, Func<Task<T>> sendAndMark, CancellationToken cancellationToken)
    {
        var isMine = lane is MailLane.Account
            ? await _one.WaitAsync(AccountPatience, cancellationToken)
            : await _one.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);
        try
        {
            return await sendAndMark();
        }
        finally
        {
            if (isMine)
            {
                _one.Release();
            }
        }
    }

    public void Dispose() => _one.Dispose();
}
