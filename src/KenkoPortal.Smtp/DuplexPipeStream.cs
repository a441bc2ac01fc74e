using System.Buffers;
using System.IO.Pipelines;

namespace KenkoPortal.Smtp;

/// <summary>A connection's two pipes as one stream, for <see cref="System.Net.Security.SslStream"/>. Bytes that the pipe
/// already holds come first: what a client sent behind its STARTTLS is read as TLS, and fails as TLS.</summary>
internal sealed class DuplexPipeStream(IDuplexPipe pipe) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await pipe.Input.ReadAsync(cancellationToken);
            if (read.Buffer.IsEmpty && !read.IsCompleted)
            {
                pipe.Input.AdvanceTo(read.Buffer.End);
                continue;
            }

            // With an empty buffer SslStream only asks whether something is there: then nothing may be taken.
            var taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
            taken.CopyTo(buffer.Span);
            pipe.Input.AdvanceTo(taken.End);
            return (int)taken.Length;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await pipe.Output.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken) => await pipe.Output.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
