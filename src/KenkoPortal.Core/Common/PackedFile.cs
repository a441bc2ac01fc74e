using System.IO.Compression;
using System.Text;

namespace KenkoPortal.Core.Common;

/// <summary>
/// A zip that somebody gave. Every byte that its entries unpack to counts while it is read (row F5), so that a small file cannot fill the memory or the
/// disk. Entries that share packed bytes count each.
/// </summary>
public sealed class PackedFile : IDisposable
{
    private readonly ZipArchive _zip;
    private readonly long _mostBytes;
    private long _bytes;

    private PackedFile(ZipArchive zip, long mostBytes) => (_zip, _mostBytes) = (zip, mostBytes);

    public IReadOnlyList<ZipArchiveEntry> Entries => _zip.Entries;

    /// <summary>Unpacked bytes that were read so far.</summary>
    public long Unpacked => Interlocked.Read(ref _bytes);

    /// <param name="file">Can seek: a zip's directory stands at its end.</param>
    /// <param name="limits">What it may unpack to.</param>
    /// <param name="names">Encoding of entry names that do not say that they are UTF-8.</param>
    /// <exception cref="InvalidDataException">It is no zip.</exception>
    /// <exception cref="UnpackedTooMuchException">Its directory alone breaks the limits.</exception>
    public static PackedFile Open(Stream file, UnpackedLimits limits, Encoding? names = null)
    {
        if (!file.CanSeek)
        {
            throw new ArgumentException("A zip is read from its end.", nameof(file));
        }

        var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true, names);
        try
        {
            var most = limits.BytesFor(file.Length);
            if (zip.Entries.Count > limits.MostEntries)
            {
                throw new UnpackedTooMuchException("The file has too many entries.");
            }

            var declared = 0L;
            foreach (var entry in zip.Entries)
            {
                declared += Math.Max(0, entry.Length);
                if (declared > most)
                {
                    throw new UnpackedTooMuchException("The file says that it unpacks to too much.");
                }
            }

            return new PackedFile(zip, most);
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    /// <summary>An entry of this file, forward only.</summary>
    public Stream Open(ZipArchiveEntry entry) => new CountedStream(entry.Open(), this);

    public void Dispose() => _zip.Dispose();

    private int Count(int read) => Interlocked.Add(ref _bytes, read) <= _mostBytes
        ? read
        : throw new UnpackedTooMuchException("The file unpacks to too much.");

    private sealed class CountedStream(Stream unpacked, PackedFile file) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => file.Count(unpacked.Read(buffer));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            file.Count(await unpacked.ReadAsync(buffer, cancellationToken));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                unpacked.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
