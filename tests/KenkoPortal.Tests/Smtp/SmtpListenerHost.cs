using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Smtp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Tests.Smtp;

/// <summary>The listener on a free port of this machine, as the portal hosts it, with a list in place of the database.</summary>
internal sealed class SmtpListenerHost : IAsyncDisposable
{
    private const string Section = "Smtp";

    private readonly WebApplication _app;

    private SmtpListenerHost(WebApplication app) => _app = app;

    public ConcurrentQueue<ReceivedEnvelope<Envelope>> Envelopes { get; } = [];

    public ConcurrentQueue<string> Log { get; } = [];

    public Func<Task> BeforeCommit { get; set; } = () => Task.CompletedTask;

    public int Commits { get; private set; }

    public int Port { get; private set; }

    public static async Task<SmtpListenerHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Append(("Port", "0")).Append(("Session:HostName", "mx.kenpo.example"))
            .Select(s => KeyValuePair.Create($"{Section}:{s.Item1}", (string?)s.Item2)));
        SmtpListenerHost? host = null;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSmtpListener<Envelope>(
            Section,
            services => new InboundMailHost(Dialogue.JudgeAsync, services.GetRequiredService<EnvelopeBatcher<Envelope>>().KeepAsync),
            _ => (envelopes, _) => host!.CommitAsync(envelopes));
        builder.WebHost.ConfigureKestrel(k => k.ListenSmtp());
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace);
        host = new SmtpListenerHost(builder.Build());
        host._app.Services.GetRequiredService<ILoggerFactory>().AddProvider(new Recorder(host.Log));
        await host._app.StartAsync();
        var address = host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        host.Port = new Uri(address).Port;
        return host;
    }

    public async Task<Peer> ConnectAsync()
    {
        var peer = await Peer.ConnectAsync(Port);
        Assert.StartsWith("220 ", await peer.HearAsync(), StringComparison.Ordinal);
        return peer;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task CommitAsync(IReadOnlyList<ReceivedEnvelope<Envelope>> envelopes)
    {
        await BeforeCommit();
        Commits++;
        foreach (var envelope in envelopes)
        {
            Envelopes.Enqueue(envelope);
        }
    }

    /// <summary>A client on a socket.</summary>
    internal sealed class Peer : IAsyncDisposable
    {
        private readonly TcpClient _client = new();
        private Stream _stream = Stream.Null;
        private StreamReader _reader = StreamReader.Null;

        public static async Task<Peer> ConnectAsync(int port)
        {
            var peer = new Peer();
            await peer._client.ConnectAsync("127.0.0.1", port);
            peer._client.ReceiveTimeout = 30_000;
            peer.Use(peer._client.GetStream());
            return peer;
        }

        public async Task SendAsync(string text) => await SendAsync(Encoding.Latin1.GetBytes(text));

        public async Task SendAsync(byte[] bytes)
        {
            await _stream.WriteAsync(bytes);
            await _stream.FlushAsync();
        }

        /// <summary>The next reply's last line; empty at the end.</summary>
        public async Task<string> HearAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (true)
            {
                var line = await _reader.ReadLineAsync(limit.Token);
                if (line is null || line.Length < 4 || line[3] == ' ')
                {
                    return line ?? "";
                }
            }
        }

        public async Task<string> SayAsync(string line)
        {
            await SendAsync(line + "\r\n");
            return await HearAsync();
        }

        public async Task<string> SendMailAsync(string sender = "taro@example.jp", string recipient = Dialogue.Here)
        {
            await SayAsync("EHLO c");
            await SayAsync($"MAIL FROM:<{sender}>");
            await SayAsync($"RCPT TO:<{recipient}>");
            await SayAsync("DATA");
            return await SayAsync("Subject: x\r\n\r\n.");
        }

        public async Task StartTlsAsync(X509Certificate2 certificate)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(certificate);
            var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust });
            Use(tls);
        }

        public ValueTask DisposeAsync()
        {
            _client.Dispose();
            return ValueTask.CompletedTask;
        }

        private void Use(Stream newStream)
        {
            _stream = newStream;
            _reader = new StreamReader(newStream, Encoding.Latin1);
        }
    }

    private sealed class Recorder(ConcurrentQueue<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
