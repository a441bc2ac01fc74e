using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using KenkoPortal.Core.InboundMail;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace KenkoPortal.Web.Infrastructure.Smtp;

/// <summary>Carries bytes between one connection and its session, and holds the time limits: whoever is slower than they
/// allow hears 421, and whoever does not even read that is cut off.</summary>
internal sealed class SmtpDialogue : IAsyncDisposable
{
    private const int LingerBytes = 256 * 1024;

    private readonly ConnectionContext connection;
    private readonly SmtpSession session;
    private readonly SslStreamCertificateContext? certificate;
    private readonly SmtpListenerOptions options;
    private readonly TimeProvider clock;
    private readonly long startedAt;
    private readonly ITimer timer;
    private readonly CancellationTokenRegistration stopping;
    private SslStream? tls;
    private PipeReader input;
    private PipeWriter output;
    private volatile bool isStopping;
    private volatile bool isWriting;
    private TimeSpan deadline;
    private TimeSpan stepAt;
    private TimeSpan keptAt;
    private TimeSpan readAt;
    private int steps;
    private int kept;

    public SmtpDialogue(
        ConnectionContext connection, SmtpSession session, SslStreamCertificateContext? certificate, SmtpListenerOptions options, TimeProvider clock)
    {
        this.connection = connection;
        this.session = session;
        this.certificate = certificate;
        this.options = options;
        this.clock = clock;
        input = connection.Transport.Input;
        output = connection.Transport.Output;
        startedAt = clock.GetTimestamp();
        timer = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.Register(OnStopping) ?? default;
    }

    private TimeSpan Now => clock.GetElapsedTime(startedAt);

    public async Task RunAsync()
    {
        session.Greet(output);
        if (!await FlushAsync())
        {
            return;
        }

        var next = SmtpNext.Read;
        while (next is not SmtpNext.Close)
        {
            var read = await ReadAsync();
            if (read.IsCanceled && (isStopping || Now >= deadline))
            {
                input.AdvanceTo(read.Buffer.Start);
                session.End(output, isStopping ? SmtpReply.Stopping : SmtpReply.TimedOut);
                await FlushAsync();
                return;
            }

            next = await FeedAsync(read.Buffer);
            if (!await FlushAsync() || (read.IsCompleted && next is SmtpNext.Read))
            {
                return;
            }

            if (next is SmtpNext.StartTls)
            {
                await StartTlsAsync();
            }
        }

        if (session.LastCode != SmtpReply.Bye.Code)
        {
            await LingerAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.DisposeAsync();
        await timer.DisposeAsync();
        if (tls is not null)
        {
            await tls.DisposeAsync();
        }
    }

    private async ValueTask<ReadResult> ReadAsync()
    {
        UpdateDeadline();
        var left = deadline - Now;
        timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        var read = await input.ReadAsync();
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        readAt = Now;
        return read;
    }

    private async ValueTask<SmtpNext> FeedAsync(ReadOnlySequence<byte> buffer)
    {
        var next = SmtpNext.Read;
        var at = buffer.Start;
        foreach (var piece in buffer)
        {
            var progress = await session.ReceiveAsync(piece, output, connection.ConnectionClosed);
            at = buffer.GetPosition(progress.Consumed, at);
            next = progress.Next;
            if (next is not SmtpNext.Read)
            {
                break;
            }
        }

        input.AdvanceTo(at);
        return next;
    }

    private async ValueTask<bool> FlushAsync()
    {
        var flushing = output.FlushAsync();
        if (!flushing.IsCompleted)
        {
            isWriting = true;
            timer.Change(options.CommandTimeout, Timeout.InfiniteTimeSpan);
        }

        var flushed = await flushing;
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        isWriting = false;
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }

    private async Task StartTlsAsync()
    {
        var stream = new SslStream(new DuplexPipeStream(connection.Transport), leaveInnerStreamOpen: true);
        tls = stream;
        using var limit = new CancellationTokenSource(options.CommandTimeout, clock);
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = certificate }, limit.Token);
        input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        session.TlsStarted();
    }

    private void UpdateDeadline()
    {
        var now = Now;
        if (session.Steps != steps)
        {
            steps = session.Steps;
            stepAt = now;
        }

        if (session.Kept != kept)
        {
            kept = session.Kept;
            keptAt = now;
        }

        // In DATA the last step was the command DATA itself.
        deadline = session.State is SmtpState.Data
            ? Earlier(stepAt + options.DataTimeout, Earlier(Later(readAt, stepAt) + options.DataIdleTimeout, RateDeadline()))
            : Earlier(stepAt + options.CommandTimeout, keptAt + options.SessionTimeout);
    }

    private TimeSpan RateDeadline() =>
        stepAt + options.DataGrace + TimeSpan.FromSeconds(session.MessageBytes / (double)options.MinDataRate);

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private async Task LingerAsync()
    {
        using var limit = new CancellationTokenSource(options.LingerTimeout, clock);
        try
        {
            // Closing with bytes unread would reset the connection, and the reply might be lost with it.
            for (var dropped = 0L; dropped < LingerBytes;)
            {
                var read = await input.ReadAsync(limit.Token);
                dropped += read.Buffer.Length;
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Long enough.
        }
    }

    private void OnTimer()
    {
        if (isWriting)
        {
            connection.Abort(new ConnectionAbortedException("The client does not read."));
        }
        else
        {
            input.CancelPendingRead();
        }
    }

    private void OnStopping()
    {
        isStopping = true;
        input.CancelPendingRead();
    }
}
