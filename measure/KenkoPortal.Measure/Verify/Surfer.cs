using System.Net;
using System.Net.Sockets;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>
/// Members' browsers and phones on addresses of their own: 127.0.0.0/8 is all this machine, so each client binds another source address,
/// and the portal's limits for one address stay on.
/// </summary>
internal sealed class Surfer(Uri origin, int smtpPort)
{
    private static int s_addresses;

    /// <summary>Where the mail listener is, for programs.</summary>
    public string SmtpEndpoint => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"127.0.0.1:{smtpPort}");

    /// <summary>A source address that nobody had before (16 million of them).</summary>
    public static IPAddress NextAddress()
    {
        var number = Interlocked.Increment(ref s_addresses);
        return new IPAddress([127, (byte)(1 + ((number >> 16) % 254)), (byte)(number >> 8), (byte)number]);
    }

    /// <summary>A browser with cookies and an address of its own.</summary>
    /// <param name="patience">After this time a request is given up.</param>
    public Visitor Browser(TimeSpan? patience = null)
    {
        var limit = patience ?? TimeSpan.FromSeconds(20);
        return new Visitor(new Patience(Bound(NextAddress(), limit), limit), origin.Authority, null);
    }

    /// <summary>Sends an empty mail.</summary>
    /// <returns>The last reply code; null where the connection broke, so that nobody knows what became of it.</returns>
    public async Task<int?> SendMailAsync(string from, string to, CancellationToken cancellationToken, IPAddress? address = null)
    {
        try
        {
            using var client = new TcpClient(new IPEndPoint(address ?? NextAddress(), 0)) { NoDelay = true };
            await client.ConnectAsync(IPAddress.Loopback, smtpPort, cancellationToken);
            await using var wire = new SmtpWire(client.GetStream(), cancellationToken);
            if (await wire.ReadReplyAsync() is not 220)
            {
                return null;
            }

            foreach (var command in new[] { "EHLO phone.test", $"MAIL FROM:<{from}>", $"RCPT TO:<{to}>", "DATA" })
            {
                await wire.SayAsync(command);
                if (await wire.ReadReplyAsync() is not (>= 200 and < 400) and var refusal)
                {
                    return refusal;
                }
            }

            await wire.SayAsync($"From: <{from}>\r\nTo: <{to}>\r\n\r\n.");
            var end = await wire.ReadReplyAsync();
            if (end is not null)
            {
                await wire.SayAsync("QUIT");
            }

            return end;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return null;
        }
    }

    /// <summary>Gives a request up after a time, as <see cref="TimeoutException"/>.</summary>
    private sealed class Patience(HttpMessageHandler inner, TimeSpan limit) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            late.CancelAfter(limit);
            try
            {
                var response = await base.SendAsync(request, late.Token);
                await response.Content.LoadIntoBufferAsync(late.Token);
                return response;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException();
            }
        }
    }

    private static SocketsHttpHandler Bound(IPAddress address, TimeSpan patience) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = patience,
        ResponseDrainTimeout = patience,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = async (context, token) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
