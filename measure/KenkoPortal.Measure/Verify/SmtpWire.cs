using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace KenkoPortal.Measure.Verify;

/// <summary>Lines and messages of SMTP over a stream, for both ends.</summary>
internal sealed class SmtpWire(Stream stream, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly PipeReader _input = PipeReader.Create(stream);

    public async Task SayAsync(string lines)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(lines + "\r\n"), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>The next line without its end; null where the other side has closed.</summary>
    public async Task<string?> ReadLineAsync() => await ReadToAsync("\r\n"u8.ToArray()) is { } bytes ? Encoding.ASCII.GetString(bytes) : null;

    /// <summary>A reply's code, its last line read; null where the other side has closed.</summary>
    public async Task<int?> ReadReplyAsync()
    {
        while (await ReadLineAsync() is { } line)
        {
            if (line.Length >= 3 && (line.Length == 3 || line[3] == ' ')
                && int.TryParse(line.AsSpan(0, 3), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var code))
            {
                return code;
            }
        }

        return null;
    }

    /// <summary>A message to its lone dot, with CRLF at the end and without dot-stuffing; null where the other side has closed.</summary>
    public async Task<byte[]?> ReadMessageAsync()
    {
        var bytes = new ArrayBufferWriter<byte>();
        while (await ReadToAsync("\r\n"u8.ToArray()) is { } line)
        {
            if (line is [(byte)'.'])
            {
                return bytes.WrittenSpan.ToArray();
            }

            bytes.Write(line is [(byte)'.', ..] ? line.AsSpan(1) : line);
            bytes.Write("\r\n"u8);
        }

        return null;
    }

    /// <summary>Until the other side closes; what it says is dropped.</summary>
    public async Task WaitForEndAsync()
    {
        while (await _input.ReadAsync(cancellationToken) is { IsCompleted: false } read)
        {
            _input.AdvanceTo(read.Buffer.End);
        }
    }

    public ValueTask DisposeAsync() => _input.CompleteAsync();

    private async Task<byte[]?> ReadToAsync(byte[] end)
    {
        while (true)
        {
            var read = await _input.ReadAsync(cancellationToken);
            if (TryCut(read.Buffer, end, out var line))
            {
                _input.AdvanceTo(read.Buffer.GetPosition(line.Length + end.Length));
                return line;
            }

            _input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private static bool TryCut(ReadOnlySequence<byte> buffer, byte[] end, out byte[] line)
    {
        var reader = new SequenceReader<byte>(buffer);
        var found = reader.TryReadTo(out ReadOnlySequence<byte> bytes, end);
        line = found ? bytes.ToArray() : [];
        return found;
    }
}
