namespace KenkoPortal.Core.Mail;

/// <summary>Sends over a relay. It keeps one connection and uses it again while messages follow each other; a connection that
/// went stale in between costs no message its try. Calls at the same time wait for each other.</summary>
public sealed class SmtpSender(SmtpOptions options, TimeProvider clock) : IMailTransport, IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private SmtpConnection? connection;
    private long usedAt;

    public async Task<DeliveryResult> SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await CloseOldAsync();
            var isReused = connection is not null;
            var result = await TryAsync(message, cancellationToken);
            // Nothing of the message was said yet where the old connection failed at its first command.
            return isReused && connection is null && result is DeliveryResult.Deferred { Step: DeliveryStep.Sender, Code: 0 or 421 }
                ? await TryAsync(message, cancellationToken)
                : result;
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        await CloseAsync();
        turn.Dispose();
    }

    private async Task<DeliveryResult> TryAsync(MailMessage message, CancellationToken cancellationToken)
    {
        if (connection is null)
        {
            var (opened, failure) = await SmtpConnection.OpenAsync(options, clock, cancellationToken);
            if (opened is null)
            {
                return failure!;
            }

            connection = opened;
        }

        try
        {
            return await connection.SendAsync(message, cancellationToken);
        }
        finally
        {
            usedAt = clock.GetTimestamp();
            if (!connection.IsUsable)
            {
                await CloseAsync();
            }
        }
    }

    private async Task CloseOldAsync()
    {
        if (connection is not null
            && (connection.Messages >= options.MaxMessagesPerConnection || clock.GetElapsedTime(usedAt) >= options.KeepOpen))
        {
            await CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        if (connection is { } old)
        {
            connection = null;
            await old.DisposeAsync();
        }
    }
}
