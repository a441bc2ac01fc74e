using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace KenkoPortal.Smtp;

/// <summary>Carries bytes between one connection and its session, and holds the time limits: whoever is slower than they
/// allow hears 421, and whoever does not even read that is cut off.</summary>
internal sealed class SmtpDialogue : IAsyncDisposable
{
    private const int LingerBytes = 256 * 1024;

    private readonly ConnectionContext _connection;
    private readonly SmtpSession _session;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly SmtpListenerOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _startedAt;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _stopping;
    private SslStream? _tls;
    private PipeReader _input;
    private PipeWriter _output;
    private volatile bool _isStopping;
    private volatile bool _isWriting;
    private TimeSpan _deadline;
    private TimeSpan _stepAt;
    private TimeSpan _keptAt;
    private TimeSpan _readAt;
    private int _steps;
    private int _kept;

    public SmtpDialogue(
        ConnectionContext connection, SmtpSession session, SslStreamCertificateContext? certificate, SmtpListenerOptions options, TimeProvider clock)
    {
        _connection = connection;
        _session = session;
        _certificate = certificate;
        _options = options;
        _clock = clock;
        _input = connection.Transport.Input;
        _output = connection.Transport.Output;
        _startedAt = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.Register(OnStopping) ?? default;
    }

    private TimeSpan Now => _clock.GetElapsedTime(_startedAt);

    public async Task RunAsync()
    {
        _session.Greet(_output);
        if (!await FlushAsync())
        {
            return;
        }

        var next = SmtpNext.Read;
        while (next is not SmtpNext.Close)
        {
            var read = await ReadAsync();
            if (read.IsCanceled && (_isStopping || Now >= _deadline))
            {
                _input.AdvanceTo(read.Buffer.Start);
                _session.End(_output, _isStopping ? SmtpReply.Stopping : SmtpReply.TimedOut);
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

        if (_session.LastCode != SmtpReply.Bye.Code)
        {
            await LingerAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync();
        await _timer.DisposeAsync();
        if (_tls is not null)
        {
            await _tls.DisposeAsync();
        }
    }

    private async ValueTask<ReadResult> ReadAsync()
    {
        UpdateDeadline();
        var left = _deadline - Now;
        _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        var read = await _input.ReadAsync();
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _readAt = Now;
        return read;
    }

    private async ValueTask<SmtpNext> FeedAsync(ReadOnlySequence<byte> buffer)
    {
        var next = SmtpNext.Read;
        var at = buffer.Start;
        foreach (var piece in buffer)
        {
            var progress = await _session.ReceiveAsync(piece, _output, _connection.ConnectionClosed);
            at = buffer.GetPosition(progress.Consumed, at);
            next = progress.Next;
            if (next is not SmtpNext.Read)
            {
                break;
            }
        }

        _input.AdvanceTo(at);
        return next;
    }

    private async ValueTask<bool> FlushAsync()
    {
        var flushing = _output.FlushAsync();
        if (!flushing.IsCompleted)
        {
            _isWriting = true;
            _timer.Change(_options.CommandTimeout, Timeout.InfiniteTimeSpan);
        }

        var flushed = await flushing;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _isWriting = false;
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }

    private async Task StartTlsAsync()
    {
        var stream = new SslStream(new DuplexPipeStream(_connection.Transport), leaveInnerStreamOpen: true);
        _tls = stream;
        using var limit = new CancellationTokenSource(_options.CommandTimeout, _clock);
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _certificate }, limit.Token);
        _input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        _output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        _session.TlsStarted();
    }

    private void UpdateDeadline()
    {
        var now = Now;
        if (_session.Steps != _steps)
        {
            _steps = _session.Steps;
            _stepAt = now;
        }

        if (_session.Kept != _kept)
        {
            _kept = _session.Kept;
            _keptAt = now;
        }

        // In DATA the last step was the command DATA itself.
        _deadline = _session.State is SmtpState.Data
            ? Earlier(_stepAt + _options.DataTimeout, Earlier(Later(_readAt, _stepAt) + _options.DataIdleTimeout, RateDeadline()))
            : Earlier(_stepAt + _options.CommandTimeout, _keptAt + _options.SessionTimeout);
    }

    private TimeSpan RateDeadline() =>
        _stepAt + _options.DataGrace + TimeSpan.FromSeconds(_session.MessageBytes / (double)_options.MinDataRate);

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private async Task LingerAsync()
    {
        using var limit = new CancellationTokenSource(_options.LingerTimeout, _clock);
        try
        {
            // Closing with bytes unread would reset the connection, and the reply might be lost with it.
            for (var dropped = 0L; dropped < LingerBytes;)
            {
                var read = await _input.ReadAsync(limit.Token);
                dropped += read.Buffer.Length;
                _input.AdvanceTo(read.Buffer.End);
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
        if (_isWriting)
        {
            _connection.Abort(new ConnectionAbortedException("The client does not read."));
        }
        else
        {
            _input.CancelPendingRead();
        }
    }

    private void OnStopping()
    {
        _isStopping = true;
        _input.CancelPendingRead();
    }
}
