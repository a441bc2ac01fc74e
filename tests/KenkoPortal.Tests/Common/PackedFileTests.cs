using System.IO.Compression;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.Common;

/// <summary>Row F5 (finding S12) for whatever is a zip.</summary>
public sealed class PackedFileTests
{
    private const int Megabyte = 1024 * 1024;
    private static readonly UnpackedLimits Limits = new(16 * Megabyte, 20, 10);

    [Fact]
    public void F5_A_file_that_says_that_it_unpacks_to_too_much_is_refused_before_it_is_read()
    {
        Assert.Throws<UnpackedTooMuchException>(() => PackedFile.Open(Zip(("a", 17 * Megabyte)), Limits));
        Assert.Throws<UnpackedTooMuchException>(() => PackedFile.Open(Zip(("a", 5 * Megabyte)), Limits));
        Assert.Throws<UnpackedTooMuchException>(() => PackedFile.Open(Zip([.. Enumerable.Range(0, 11).Select(i => ($"{i}", 1))]), Limits));
    }

    [Fact]
    public void F5_What_is_unpacked_counts_while_it_is_read_over_all_entries_and_again()
    {
        using var file = PackedFile.Open(Zip(("a", 3 * Megabyte)), Limits);
        Assert.Equal(3 * Megabyte, ReadAll(file));
        Assert.Throws<UnpackedTooMuchException>(() => ReadAll(file));
        Assert.InRange(file.Unpacked, 4 * Megabyte, 5 * Megabyte);
    }

    [Fact]
    public async Task F5_A_directory_that_lies_gives_no_more_than_the_limit()
    {
        var zip = Zip(("a", 40 * Megabyte)).ToArray();
        var real = BitConverter.GetBytes(40 * Megabyte);
        for (int at; (at = zip.AsSpan().IndexOf(real)) >= 0;)
        {
            BitConverter.TryWriteBytes(zip.AsSpan(at), 100);
        }

        using var file = PackedFile.Open(new MemoryStream(zip), Limits);
        await using var entry = file.Open(file.Entries[0]);
        var (buffer, read) = (new byte[Megabyte], 0L);
        try
        {
            for (int count; (count = await entry.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0;)
            {
                read += count;
            }
        }
        catch (Exception exception) when (exception is UnpackedTooMuchException or InvalidDataException)
        {
        }

        Assert.InRange(read, 0, 5 * Megabyte);
    }

    private static long ReadAll(PackedFile file)
    {
        var read = 0L;
        foreach (var entry in file.Entries)
        {
            using var stream = file.Open(entry);
            var buffer = new byte[Megabyte];
            for (int count; (count = stream.Read(buffer, 0, buffer.Length)) > 0;)
            {
                read += count;
            }
        }

        return read;
    }

    private static MemoryStream Zip(params (string Name, int Length)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, length) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(new byte[length]);
            }
        }

        stream.Position = 0;
        return stream;
    }
}
