using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Authentication;
using KenkoPortal.Core.InboundMail;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace KenkoPortal.Web.Infrastructure.Smtp;

/// <summary>Receives mail on a Kestrel endpoint: one <see cref="SmtpSession"/> a connection. Its log and its counters hold
/// counts and reply codes, no address of anybody.</summary>
public sealed partial class SmtpConnectionHandler : ConnectionHandler
{
    /// <summary>
    /// Counters: <c>smtp.inbound.sessions</c> by last reply code, <c>smtp.inbound.kept</c>, <c>smtp.inbound.refused</c>, <c>smtp.inbound.put_off</c> (a rate was reached, row M12).
    /// </summary>
    public const string MeterName = "KenkoPortal.Smtp";

    private readonly SmtpListenerOptions options;
    private readonly RecipientJudge judge;
    private readonly EnvelopeBatcher batcher;
    private readonly SmtpConnectionGate gate;
    private readonly SmtpCertificate certificate;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly Counter<int> sessions;
    private readonly Counter<int> kept;
    private readonly Counter<int> refused;
    private readonly Counter<int> putOff;

    public SmtpConnectionHandler(
        IOptions<SmtpListenerOptions> options,
        RecipientJudge judge,
        EnvelopeBatcher batcher,
        SmtpConnectionGate gate,
        SmtpCertificate certificate,
        TimeProvider clock,
        IMeterFactory meters,
        ILogger<SmtpConnectionHandler> logger)
    {
        this.options = options.Value;
        this.judge = judge;
        this.batcher = batcher;
        this.gate = gate;
        this.certificate = certificate;
        this.clock = clock;
        this.logger = logger;
        var meter = meters.Create(MeterName);
        sessions = meter.CreateCounter<int>("smtp.inbound.sessions");
        kept = meter.CreateCounter<int>("smtp.inbound.kept");
        refused = meter.CreateCounter<int>("smtp.inbound.refused");
        putOff = meter.CreateCounter<int>("smtp.inbound.put_off");
    }

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var remote = connection.RemoteEndPoint is IPEndPoint endPoint ? endPoint.Address : IPAddress.None;
        using var place = gate.TryEnter(remote);
        if (place is null)
        {
            await TurnAwayAsync(connection);
            return;
        }

        var tls = certificate.Current();
        var session = new SmtpSession(options.Session, tls is not null, judge, batcher.KeepAsync, clock, remote);
        await using var dialogue = new SmtpDialogue(connection, session, tls, options, clock);
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
            sessions.Add(1, new KeyValuePair<string, object?>("code", session.LastCode));
            kept.Add(session.Kept);
            refused.Add(session.Errors);
            putOff.Add(session.PutOff);
            LogEnded(session.Kept, session.Errors, session.LastCode, session.IsSecure);
        }
    }

    private async Task TurnAwayAsync(ConnectionContext connection)
    {
        sessions.Add(1, new KeyValuePair<string, object?>("code", SmtpReply.TooManyConnections.Code));
        using var limit = new CancellationTokenSource(options.LingerTimeout, clock);
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
