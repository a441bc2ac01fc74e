using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KenkoPortal.Smtp;

/// <summary>Receives mail on a Kestrel endpoint: one <see cref="SmtpSession"/> a connection. Its log and its counters hold
/// counts and reply codes, no address of anybody.</summary>
public sealed partial class SmtpConnectionHandler : ConnectionHandler
{
    /// <summary>
    /// Counters: <c>smtp.inbound.sessions</c> by last reply code, <c>smtp.inbound.kept</c>, <c>smtp.inbound.refused</c>, <c>smtp.inbound.put_off</c> (<see cref="RecipientVerdict.TooMany"/>).
    /// </summary>
    public const string MeterName = "KenkoPortal.Smtp";

    private readonly SmtpListenerOptions _options;
    private readonly ISmtpHost _host;
    private readonly SmtpConnectionGate _gate;
    private readonly SmtpCertificate _certificate;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Counter<int> _sessions;
    private readonly Counter<int> _kept;
    private readonly Counter<int> _refused;
    private readonly Counter<int> _putOff;

    public SmtpConnectionHandler(
        IOptions<SmtpListenerOptions> options,
        ISmtpHost host,
        SmtpConnectionGate gate,
        SmtpCertificate certificate,
        TimeProvider clock,
        IMeterFactory meters,
        ILogger<SmtpConnectionHandler> logger)
    {
        _options = options.Value;
        _host = host;
        _gate = gate;
        _certificate = certificate;
        _clock = clock;
        _logger = logger;
        var meter = meters.Create(MeterName);
        _sessions = meter.CreateCounter<int>("smtp.inbound.sessions");
        _kept = meter.CreateCounter<int>("smtp.inbound.kept");
        _refused = meter.CreateCounter<int>("smtp.inbound.refused");
        _putOff = meter.CreateCounter<int>("smtp.inbound.put_off");
    }

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var remote = connection.RemoteEndPoint is IPEndPoint endPoint ? endPoint.Address : IPAddress.None;
        using var place = _gate.TryEnter(remote);
        if (place is null)
        {
            await TurnAwayAsync(connection);
            return;
        }

        var tls = _certificate.Current();
        var session = new SmtpSession(_options.Session, tls is not null, _host, _clock, remote);
        await using var dialogue = new SmtpDialogue(connection, session, tls, _options, _clock);
        try
        {
            await dialogue.RunAsync();
        }
        catch (AuthenticationException)
        {
            // What came after STARTTLS was no TLS, or no version that we speak.
            LogBroken(nameof(AuthenticationException));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ConnectionAbortedException or ObjectDisposedException)
        {
            // The peer left. Nothing that was acknowledged depends on it.
            LogBroken(e.GetType().Name);
            connection.Abort();
        }
        finally
        {
            _sessions.Add(1, new KeyValuePair<string, object?>("code", session.LastCode));
            _kept.Add(session.Kept);
            _refused.Add(session.Errors);
            _putOff.Add(session.PutOff);
            LogEnded(session.Kept, session.Errors, session.LastCode, session.IsSecure);
        }
    }

    private async Task TurnAwayAsync(ConnectionContext connection)
    {
        _sessions.Add(1, new KeyValuePair<string, object?>("code", SmtpReply.TooManyConnections.Code));
        using var limit = new CancellationTokenSource(_options.LingerTimeout, _clock);
        try
        {
            SmtpReply.TooManyConnections.WriteTo(connection.Transport.Output);
            await connection.Transport.Output.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Mail session over: {Kept} kept, {Errors} refused, last reply {Code}, TLS {IsSecure}")]
    private partial void LogEnded(int kept, int errors, int code, bool isSecure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Mail session broken off: {Error}")]
    private partial void LogBroken(string error);
}
