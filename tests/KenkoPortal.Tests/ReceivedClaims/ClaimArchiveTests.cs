using System.IO.Compression;
using System.Text;
using KenkoPortal.Claims;
using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.ReceivedClaims;

/// <summary>Deliveries as ZIP, and files of which a part is missing or another kind, on the command line.</summary>
public sealed class ClaimArchiveTests
{
    private const string Folder = "202606/06990014/0_COMMON001/";

    private static byte[] Claims => ClaimText.OfInsurer().Of("910000001").Of("910000002").Bytes();

    [Theory, OnEveryDatabase]
    public async Task FindingQ2_A_zip_of_a_delivery_is_taken_as_its_folder_would_be(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var zip = Zip(desk, ("納品/" + Folder + "11_RECODEINFO_MED.CSV", Claims), ("納品/" + Folder + "15_RECODEINFO_NUR.CSV", []), ("納品/" + Folder + "お知らせ.TXT", "x"u8.ToArray()));

        var shown = await desk.RunAsync("claims", "show", zip);
        var seen = await desk.DoAsync("claims", "import", zip, "--dry-run");
        var taken = await desk.DoAsync("claims", "import", zip);
        var again = await desk.DoAsync("claims", "import", zip);

        Assert.Contains("910000002 医科外来 2026-04", shown.Output, StringComparison.Ordinal);
        Assert.Contains("新しい 2 件", seen.Output, StringComparison.Ordinal);
        Assert.Contains("新しい 2 件", taken.Output, StringComparison.Ordinal);
        Assert.Contains($"空のファイルです: {zip}/納品/{Folder}15_RECODEINFO_NUR.CSV", taken.Error, StringComparison.Ordinal);
        Assert.Contains("お知らせ.TXT", taken.Error, StringComparison.Ordinal);
        Assert.Contains("変わりなし 2 件", again.Output, StringComparison.Ordinal);
        Assert.All(await desk.ClaimsAsync(), claim => Assert.Equal(new TreatmentMonth(2026, 6), claim.DeliveredMonth));
    }

    [Theory]
    [InlineData("../11_RECODEINFO_MED.CSV", "外を指すファイル名")]
    [InlineData("a/../../11_RECODEINFO_MED.CSV", "外を指すファイル名")]
    [InlineData("..\\11_RECODEINFO_MED.CSV", "外を指すファイル名")]
    [InlineData("/11_RECODEINFO_MED.CSV", "外を指すファイル名")]
    [InlineData("C:\\11_RECODEINFO_MED.CSV", "外を指すファイル名")]
    [InlineData("inner.zip", "圧縮ファイルがあります")]
    [InlineData("inner.7Z", "圧縮ファイルがあります")]
    public async Task FindingQ2_A_zip_with_a_path_that_leads_out_or_an_archive_in_it_is_refused(string name, string words)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        await RefusedAsync(desk, Zip(desk, (Folder + "11_RECODEINFO_MED.CSV", Claims), (name, Claims)), words);
    }

    [Fact]
    public async Task FindingQ2_A_zip_with_a_link_or_a_password_is_refused()
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        var link = Zip(desk, entry => entry.ExternalAttributes = unchecked((int)0xA1FF0000), (Folder + "11_RECODEINFO_MED.CSV", Claims));
        await RefusedAsync(desk, link, "リンクがあります");
        var locked = Zip(desk, (Folder + "11_RECODEINFO_MED.CSV", Claims));
        Patch(locked, bytes => bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 8] |= 1);
        await RefusedAsync(desk, locked, "パスワード付き");
    }

    /// <summary>Where the directory says that it is small, no more than that comes out, and the checksum tells.</summary>
    [Theory]
    [InlineData(false, "200 倍")]
    [InlineData(true, "壊れているか")]
    public async Task FindingQ2_A_zip_that_unpacks_to_more_than_200_times_itself_is_refused_whatever_its_directory_says(bool isLying, string words)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        byte[] bomb = [.. Claims, .. new byte[64 << 20]];
        var zip = Zip(desk, CompressionLevel.SmallestSize, _ => { }, (Folder + "11_RECODEINFO_MED.CSV", bomb));
        if (isLying)
        {
            Patch(zip, bytes => BitConverter.TryWriteBytes(bytes.AsSpan(bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 24), 1000));
        }

        await RefusedAsync(desk, zip, words);
    }

    [Fact]
    public async Task FindingQ2_A_zip_with_too_many_entries_is_refused_before_they_are_read()
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        var zip = Zip(desk, [.. Enumerable.Range(0, ClaimArchive.MaxEntries + 1).Select(i => ($"{i}.TXT", Array.Empty<byte>()))]);
        await RefusedAsync(desk, zip, "1 万を超えています");
    }

    [Fact]
    public async Task FindingQ2_A_zip_that_is_cut_or_damaged_is_refused_and_nothing_of_the_run_is_taken()
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        var good = await desk.ClaimsFileAsync(ClaimText.OfInsurer().Of("910000009"));
        var zip = Zip(desk, CompressionLevel.NoCompression, _ => { }, (Folder + "11_RECODEINFO_MED.CSV", Claims));
        var whole = await File.ReadAllBytesAsync(zip, TestContext.Current.CancellationToken);

        // A digit of the number in the first claim: the claims would read well.
        Patch(zip, bytes => bytes[bytes.AsSpan().IndexOf("910000001"u8)] = (byte)'8');
        await RefusedAsync(desk, zip, "壊れているか", good);
        foreach (var left in new[] { 30, whole.Length / 2, whole.Length - 30 })
        {
            await File.WriteAllBytesAsync(zip, whole[..left], TestContext.Current.CancellationToken);
            await RefusedAsync(desk, zip, "壊れているか", good);
        }
    }

    [Fact]
    public async Task FindingQ2_A_zip_or_a_folder_without_claims_says_what_it_wants()
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        await RefusedAsync(desk, Zip(desk, ("a.txt", "x"u8.ToArray())), "11_RECODEINFO_MED.CSV");
        Zip(desk, (Folder + "11_RECODEINFO_MED.CSV", Claims));
        var folder = Directory.CreateDirectory(desk.File("folder")).FullName;
        File.Move(desk.File("delivery.zip"), Path.Combine(folder, "delivery.zip"));
        await RefusedAsync(desk, folder, "ZIP は、そのファイルを指定すると");
    }

    [Theory]
    [InlineData("HI,1,202605,13,1,1234567\r\nRE,1,1112,202604\r\nHG,1\r\n", "返戻のファイル")]
    [InlineData("IR,1,13,1,1234567,,x,202604,00,\r\nRE,1,1112,202604\r\nRR,1,1,1\r\nRS,1,1200\r\n", "労災のレセプト")]
    public async Task FindingQ2_A_file_of_another_kind_is_refused_by_what_it_is(string text, string words)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(DatabaseKind.Sqlite);
        await RefusedAsync(desk, desk.File("RECEIPTC.HEN", text), words);
    }

    [Theory, OnEveryDatabase]
    public async Task Clerk15_A_file_cut_at_a_line_end_is_refused_by_name_and_nothing_of_the_run_is_taken(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var good = await desk.ClaimsFileAsync(ClaimText.OfInsurer().Of("910000009"));
        var cut = desk.File("11_RECODEINFO_MED.CSV");
        await File.WriteAllBytesAsync(cut, ClaimText.Encode(ClaimText.OfInsurer().Of("910000001").Of("910000002").Lines), TestContext.Current.CancellationToken);
        await RefusedAsync(desk, cut, "11_RECODEINFO_MED.CSV: ファイルが途中で切れています", good);
        await File.WriteAllBytesAsync(cut, ClaimText.OfProvider().Own("IR").Own("RE").Own("HO", (1, SocietyClaims.Insurer)).Bytes(), TestContext.Current.CancellationToken);
        await RefusedAsync(desk, cut, "最後の GO レコードがない", good);
    }

    [Theory, OnEveryDatabase]
    public async Task FindingF4_Each_part_of_a_file_is_taken_with_its_institution_and_what_is_left_unread_is_refused(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        ClaimText Part(ClaimText text, string code) => text.Own("IR", (4, code)).Own("RE").Own("HO", (1, SocietyClaims.Insurer)).Raw("GO,1,1000,99");
        await desk.TakeAsync(Part(Part(ClaimText.OfProvider(), "1100077"), "1100078"), "RECEIPTC.UKE");
        Assert.Equal(["1311100077", "1311100078"], (await desk.ClaimsAsync()).Select(claim => claim.InstitutionKey).Order());

        var file = await desk.ClaimsFileAsync(Part(ClaimText.OfProvider(), "1100079").Own("RE").Own("HO"), "MORE.UKE");
        foreach (var dryRun in new string[][] { [], ["--dry-run"] })
        {
            var refused = await desk.RunAsync(["claims", "import", file, .. dryRun]);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("どの医療機関のものか分からない行が 2 行", refused.Error, StringComparison.Ordinal);
        }

        var shown = await desk.RunAsync("claims", "show", file);
        Assert.Equal(1, shown.ExitCode);
        Assert.Contains("読まなかった行 2 行", shown.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await desk.ClaimsAsync()).Count);
    }

    private static async Task RefusedAsync(CommandDesk desk, string path, string words, params string[] others)
    {
        foreach (var command in new string[][] { ["import"], ["import", "--dry-run"], ["show"] })
        {
            var refused = await desk.RunAsync(["claims", command[0], .. others, path, .. command[1..]]);
            Assert.Equal(1, refused.ExitCode);
            if (command[0] == "import")
            {
                Assert.Contains(words, refused.Error, StringComparison.Ordinal);
            }
        }

        Assert.Equal(0, await desk.ReadAsync(db => db.ReceivedClaims.CountAsync()));
    }

    private static string Zip(CommandDesk desk, params (string Name, byte[] Content)[] entries) => Zip(desk, _ => { }, entries);

    private static string Zip(CommandDesk desk, Action<ZipArchiveEntry> change, params (string Name, byte[] Content)[] entries) => Zip(desk, CompressionLevel.Fastest, change, entries);

    /// <summary>As Windows packs: names in CP932.</summary>
    private static string Zip(CommandDesk desk, CompressionLevel level, Action<ZipArchiveEntry> change, params (string Name, byte[] Content)[] entries)
    {
        var path = desk.File("delivery.zip");
        File.Delete(path);
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create, leaveOpen: false, CodePagesEncodingProvider.Instance.GetEncoding(932));
        foreach (var (name, content) in entries)
        {
            var entry = zip.CreateEntry(name, level);
            change(entry);
            using var stream = entry.Open();
            stream.Write(content);
        }

        return path;
    }

    private static void Patch(string path, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(path);
        change(bytes);
        File.WriteAllBytes(path, bytes);
    }
}
