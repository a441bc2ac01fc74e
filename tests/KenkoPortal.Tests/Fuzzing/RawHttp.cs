using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace KenkoPortal.Tests.Fuzzing;

/// <summary>An answer as its bytes came.</summary>
internal sealed record RawAnswer(int Status, string Head, string Body);

/// <summary>
/// HTTP/1.1 by hand over one kept connection: sends bytes that no client library would let pass, and reads whole answers. A client
/// that heard nothing at all tells so.
/// </summary>
internal sealed class RawHttp(Uri origin) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private Socket? _socket;
    private byte[] _buffer = new byte[64 * 1024];
    private int _filled;

    /// <summary>Sends a request and reads its answer.</summary>
    /// <returns>Null when the connection was closed without one.</returns>
    public async Task<RawAnswer?> SendAsync(byte[] request, bool isHead = false)
    {
        using var limit = new CancellationTokenSource(Patience);
        var isFresh = _socket is null;
        var answer = await TryAsync(request, isHead, limit.Token);
        if (answer is null && !isFresh)
        {
            // The server had closed the kept connection; that is its right. A fresh one owes an answer.
            answer = await TryAsync(request, isHead, limit.Token);
        }

        return answer;
    }

    /// <summary>Sends what may be no whole request, or more than one, and stops speaking; hears the first answer.</summary>
    /// <returns>Null when there was none, which nobody owes to half a request.</returns>
    public static async Task<RawAnswer?> SendBrokenAsync(Uri origin, byte[] request)
    {
        using var http = new RawHttp(origin);
        using var limit = new CancellationTokenSource(Patience);
        return await http.TryAsync(request, isHead: true, limit.Token, isLast: true);
    }

    public void Dispose() => _socket?.Dispose();

    private async Task<RawAnswer?> TryAsync(byte[] request, bool isHead, CancellationToken cancellationToken, bool isLast = false)
    {
        try
        {
            if (_socket is null)
            {
                _filled = 0;
                _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await _socket.ConnectAsync(origin.Host, origin.Port, cancellationToken);
            }

            await _socket.SendAsync(request, cancellationToken);
            if (isLast)
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // Refused while we still spoke: the answer may be there all the same.
        }

        try
        {
            var answer = await ReadAsync(isHead, cancellationToken);
            if (answer is null || answer.Head.Contains("Connection: close", StringComparison.OrdinalIgnoreCase))
            {
                Close();
            }

            return answer;
        }
        catch (SocketException)
        {
            Close();
            return null;
        }
        catch (OperationCanceledException)
        {
            Close();
            throw;
        }
    }

    private async Task<RawAnswer?> ReadAsync(bool isHead, CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync(cancellationToken))
            {
                return null;
            }
        }

        var head = Encoding.Latin1.GetString(_buffer, 0, end);
        Drop(end + 4);
        var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        if (isHead || status is 204 or 304 || status < 200)
        {
            return new RawAnswer(status, head, "");
        }

        if (HeaderOf(head, "Transfer-Encoding") is "chunked")
        {
            return new RawAnswer(status, head, await ChunksAsync(cancellationToken));
        }

        var length = int.Parse(HeaderOf(head, "Content-Length") ?? "0", CultureInfo.InvariantCulture);
        return new RawAnswer(status, head, Encoding.UTF8.GetString(await TakeAsync(length, cancellationToken)));
    }

    private async Task<string> ChunksAsync(CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        while (true)
        {
            int end;
            while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n"u8)) < 0)
            {
                await MoreAsync(cancellationToken);
            }

            var length = int.Parse(Encoding.ASCII.GetString(_buffer, 0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Drop(end + 2);
            body.Write((await TakeAsync(length + 2, cancellationToken)).AsSpan(0, length));
            if (length == 0)
            {
                return Encoding.UTF8.GetString(body.ToArray());
            }
        }
    }

    private async Task<byte[]> TakeAsync(int length, CancellationToken cancellationToken)
    {
        while (_filled < length)
        {
            await MoreAsync(cancellationToken);
        }

        var bytes = _buffer.AsSpan(0, length).ToArray();
        Drop(length);
        return bytes;
    }

    private async Task MoreAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(cancellationToken))
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var length = await _socket!.ReceiveAsync(_buffer.AsMemory(_filled), cancellationToken);
        _filled += length;
        return length > 0;
    }

    private void Drop(int length)
    {
        Buffer.BlockCopy(_buffer, length, _buffer, 0, _filled - length);
        _filled -= length;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
        _filled = 0;
    }

    private static string? HeaderOf(string head, string name) => head.Split("\r\n")
        .FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
