using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using KenkoPortal.Claims.Reading;

namespace KenkoPortal.Claims;

/// <summary>Why the ZIP of a delivery is not read.</summary>
public enum ClaimArchiveFault
{
    /// <summary>It is cut off or damaged, or packed in a way that this program does not know.</summary>
    Damaged,

    /// <summary>It is encrypted.</summary>
    Encrypted,

    /// <summary>It is larger than <see cref="ClaimArchive.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>It has more than <see cref="ClaimArchive.MaxEntries"/> entries, or a directory of more bytes than so many need.</summary>
    TooManyEntries,

    /// <summary>What was unpacked is more than <see cref="ClaimArchive.MaxRatio"/> times what it was unpacked from.</summary>
    TooDense,

    /// <summary>More than <see cref="ClaimArchive.MaxUnpacked"/> was unpacked.</summary>
    TooMuch,

    /// <summary>An entry's path leads out of the archive, or cannot be one.</summary>
    BadPath,

    /// <summary>An entry is a link.</summary>
    Link,

    /// <summary>An entry is an archive itself.</summary>
    Nested,
}

/// <summary>A ZIP that is not read. The message says in Japanese what is wrong and what to do.</summary>
public sealed class ClaimArchiveException : IOException
{
    /// <param name="fault">Why.</param>
    /// <param name="place">The archive's path, with the entry's behind it where one is at fault.</param>
    /// <param name="cause">What the unpacking threw.</param>
    public ClaimArchiveException(ClaimArchiveFault fault, string place, Exception? cause = null)
        : base(string.Format(CultureInfo.InvariantCulture, ClaimFaultText.ResourceManager.GetString("Zip" + fault, CultureInfo.CurrentUICulture)!, place), cause) => Fault = fault;

    /// <summary>Why.</summary>
    public ClaimArchiveFault Fault { get; }
}

/// <summary>
/// The ZIP of a delivery, read as the folder would be: nothing is written to disk, entries are unpacked while they are read, and those that are no claims are
/// not unpacked at all. Limits count what is really unpacked, not what the archive says of itself. Names are CP932 unless the archive marks them as UTF-8.
/// </summary>
public sealed class ClaimArchive : IDisposable
{
    /// <summary>The largest archive.</summary>
    public const long MaxBytes = 2L << 30;

    /// <summary>The most entries.</summary>
    public const int MaxEntries = 10_000;

    /// <summary>How many times what it was packed to an entry, and all of them together, may be.</summary>
    public const int MaxRatio = 200;

    /// <summary>The most that is unpacked in all.</summary>
    public const long MaxUnpacked = 8L << 30;

    /// <summary>So little is let through whatever its ratio.</summary>
    private const long Small = 1 << 20;

    /// <summary>Bytes of the directory: 10,000 entries with names of usual length need a tenth.</summary>
    private const long MaxDirectory = 16L << 20;

    private static readonly string[] Archives = [".zip", ".7z", ".rar", ".lzh", ".cab", ".tar", ".gz", ".tgz", ".bz2", ".xz"];

    private readonly string _path;
    private readonly long _packed;
    private readonly FileStream _file;
    private readonly ZipArchive _zip;
    private readonly Dictionary<ZipArchiveEntry, long> _unpacked = [];
    private long _total;

    private ClaimArchive(string path, FileStream file, ZipArchive zip)
    {
        (_path, _file, _zip, _packed) = (path, file, zip, file.Length);
        var claims = new List<ClaimSource>();
        var ignored = new List<string>();
        foreach (var (name, entry) in Files().OrderBy(found => found.Name, StringComparer.Ordinal))
        {
            if (ClaimDelivery.IsClaimFile(System.IO.Path.GetFileName(name)))
            {
                claims.Add(new ClaimSource(NameOf(name), System.IO.Path.Combine(System.IO.Path.ChangeExtension(path, null), name), entry.Length, () => Unpack(entry, NameOf(name))));
            }
            else
            {
                ignored.Add(NameOf(name));
            }
        }

        (Claims, Ignored) = (claims, ignored);
    }

    /// <summary>The files with claims, in the order of their paths. They can be opened until the archive is closed, one at a time.</summary>
    public IReadOnlyList<ClaimSource> Claims { get; }

    /// <summary>The files that are left out for their names, in the same order.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Whether a file begins as a ZIP does.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool IsArchive(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Span<byte> begin = stackalloc byte[4];
        return FileRecognition.Other(begin[..file.ReadAtLeast(begin, 4, throwOnEndOfStream: false)]) == ClaimFaultKind.PackedFile;
    }

    /// <summary>Opens a ZIP and judges its directory.</summary>
    /// <exception cref="ClaimArchiveException">It is not to be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ClaimArchive Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        ZipArchive? zip = null;
        try
        {
            if (file.Length > MaxBytes)
            {
                throw new ClaimArchiveException(ClaimArchiveFault.TooLarge, path);
            }

            ZipDirectory.RefuseMoreThan(MaxEntries, MaxDirectory, file, path);
            zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true, CodePagesEncodingProvider.Instance.GetEncoding(932));
            return new ClaimArchive(path, file, zip);
        }
        catch (InvalidDataException exception)
        {
            zip?.Dispose();
            file.Dispose();
            throw new ClaimArchiveException(ClaimArchiveFault.Damaged, path, exception);
        }
        catch
        {
            zip?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _zip.Dispose();
        _file.Dispose();
    }

    private string NameOf(string entry) => $"{_path}/{entry}";

    private IEnumerable<(string Name, ZipArchiveEntry Entry)> Files()
    {
        const int UnixKind = 0xF000;
        const int UnixLink = 0xA000;
        foreach (var entry in _zip.Entries)
        {
            var name = entry.FullName.Replace('\\', '/');
            if (name.Length == 0 || name[0] == '/' || name is [_, ':', ..] || name.Any(char.IsControl) || name.Split('/').Contains(".."))
            {
                throw new ClaimArchiveException(ClaimArchiveFault.BadPath, _path);
            }

            if (((entry.ExternalAttributes >> 16) & UnixKind) == UnixLink)
            {
                throw new ClaimArchiveException(ClaimArchiveFault.Link, NameOf(name));
            }

            if (name[^1] == '/')
            {
                continue;
            }

            if (Archives.Contains(System.IO.Path.GetExtension(name), StringComparer.OrdinalIgnoreCase))
            {
                throw new ClaimArchiveException(ClaimArchiveFault.Nested, NameOf(name));
            }

            if (entry.IsEncrypted)
            {
                throw new ClaimArchiveException(ClaimArchiveFault.Encrypted, NameOf(name));
            }

            yield return (name, entry);
        }
    }

    private Stream Unpack(ZipArchiveEntry entry, string name)
    {
        try
        {
            return new UnpackedEntry(entry.Open(), entry.Crc32, unpacked => Count(entry, name, unpacked), exception => new ClaimArchiveException(ClaimArchiveFault.Damaged, name, exception));
        }
        catch (InvalidDataException exception)
        {
            throw new ClaimArchiveException(ClaimArchiveFault.Damaged, name, exception);
        }
    }

    /// <summary>What is read once more, after a deadlock say, counts once.</summary>
    private void Count(ZipArchiveEntry entry, string name, long unpacked)
    {
        var before = _unpacked.GetValueOrDefault(entry);
        if (unpacked > before)
        {
            _unpacked[entry] = unpacked;
            _total += unpacked - before;
        }

        if (unpacked > Math.Max(Small, entry.CompressedLength * MaxRatio) || _total > Math.Max(Small, _packed * MaxRatio))
        {
            throw new ClaimArchiveException(ClaimArchiveFault.TooDense, name);
        }

        if (_total > MaxUnpacked)
        {
            throw new ClaimArchiveException(ClaimArchiveFault.TooMuch, name);
        }
    }
}

/// <summary>Looks at a ZIP's directory before the class library does, which would take all of it into memory.</summary>
file static class ZipDirectory
{
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int EntryLength = 46;

    public static void RefuseMoreThan(int entries, long bytes, FileStream file, string path)
    {
        if (Begin(file) is not { } at || at < 0 || at > file.Length)
        {
            throw new ClaimArchiveException(ClaimArchiveFault.Damaged, path);
        }

        var (begin, count) = (at, 0);
        Span<byte> head = stackalloc byte[EntryLength];
        while (true)
        {
            file.Position = at;
            if (file.ReadAtLeast(head, EntryLength, throwOnEndOfStream: false) < EntryLength || !head.StartsWith("PK\x01\x02"u8))
            {
                break;
            }

            at += EntryLength + BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) + BinaryPrimitives.ReadUInt16LittleEndian(head[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(head[32..]);
            if (++count > entries || at - begin > bytes)
            {
                throw new ClaimArchiveException(ClaimArchiveFault.TooManyEntries, path);
            }
        }

        file.Position = 0;
    }

    /// <summary>Where the directory begins.</summary>
    private static long? Begin(FileStream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, EndLength + ushort.MaxValue + LocatorLength)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || end + EndLength > tail.Length)
        {
            return null;
        }

        var offset = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        if (offset != uint.MaxValue)
        {
            return offset;
        }

        var locator = end - LocatorLength;
        if (locator < 0 || !tail.AsSpan(locator).StartsWith("PK\x06\x07"u8))
        {
            return null;
        }

        var place = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(locator + 8));
        var wide = new byte[56];
        if (place < 0 || place > file.Length - wide.Length)
        {
            return null;
        }

        file.Position = place;
        file.ReadExactly(wide);
        return wide.AsSpan().StartsWith("PK\x06\x06"u8) ? BinaryPrimitives.ReadInt64LittleEndian(wide.AsSpan(48)) : null;
    }
}

/// <summary>What comes out of an entry: counted while it is read, and compared with the archive's sum at its end.</summary>
file sealed class UnpackedEntry(Stream inner, uint expected, Action<long> told, Func<Exception?, ClaimArchiveException> damaged) : Stream
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value =>
    {
        var sum = (uint)value;
        for (var bit = 0; bit < 8; bit++)
        {
            sum = (sum & 1) == 1 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
        }

        return sum;
    })];

    private uint _sum = uint.MaxValue;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = inner.Read(buffer);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw damaged(exception);
        }

        if (read == 0 && buffer.Length > 0 && ~_sum != expected)
        {
            throw damaged(null);
        }

        var sum = _sum;
        foreach (var value in buffer[..read])
        {
            sum = Table[(byte)(sum ^ value)] ^ (sum >> 8);
        }

        (_sum, _read) = (sum, _read + read);
        told(_read);
        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
