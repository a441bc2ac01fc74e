using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Pdf;
using KenkoPortal.Pdf.Fonts;

namespace KenkoPortal.Tests.Pdf;

public sealed class PdfDocumentTests(InstalledFonts fonts) : IClassFixture<InstalledFonts>
{
    private TextStyle Style => new(new FontStack(fonts.Gothic, fonts.Mincho), 12);

    [Fact]
    public void What_is_drawn_can_be_read_back_rare_characters_too()
    {
        const string names = "𠮷田 髙橋 山﨑 神戸 渡邉 葛󠄀城";
        using var file = new PdfFile(PdfFile.Draw(page => page.Text(50, 100, names, Style)));
        file.RequireSound();
        // 神 (U+FA19) is another character than 神; normalization must not take it away.
        Assert.Contains(names, file.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_gives_a_sound_document()
    {
        var style = Style;
        var output = new MemoryStream();
        var document = new PdfDocument(output, PdfFile.Options);
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
        {
            using (var page = document.AddPage(PageSize.A4))
            {
                page.Paragraph(50, 50, 300, 14, text ?? "", style);
            }
            return true;
        }).QuickCheckThrowOnFailure();
        using (var page = document.AddPage(PageSize.A4))
        {
            page.Text(50, 50, "\uD842 \uDFB7 \uFFFF \0 \u202E\U000E0100\u3099\u200D", style);
        }
        document.Finish();
        using var file = new PdfFile(output.ToArray());
        file.RequireSound();
    }

    [Fact]
    public void A_character_that_no_font_has_is_drawn_as_geta_and_reported_by_page()
    {
        using var output = new MemoryStream();
        var document = new PdfDocument(output, PdfFile.Options);
        foreach (var text in (string[])["健康", "\uE000と\U0001F9FF", "健康", "\uE000"])
        {
            using var page = document.AddPage(PageSize.A4);
            page.Text(50, 50, text, Style);
            page.Text(50, 70, text, Style);
        }
        document.Finish();
        Assert.Equal(["\uE000", "\U0001F9FF"], document.MissingCharacters.Select(missing => missing.Character), StringComparer.Ordinal);
        Assert.Equal([1, 3], document.MissingCharacters[0].Pages);
        Assert.Equal([1], document.MissingCharacters[1].Pages);
    }

    [Fact]
    public void A_missing_character_looks_like_geta()
    {
        using var missing = new PdfFile(PdfFile.Draw(page => page.Text(50, 100, "\uE000", Style)));
        using var geta = new PdfFile(PdfFile.Draw(page => page.Text(50, 100, "〓", Style)));
        Assert.Equal(Pixels(geta), Pixels(missing));
        using var blank = new PdfFile(PdfFile.Draw(page => page.Text(50, 100, " ", Style)));
        Assert.NotEqual(Pixels(blank), Pixels(missing), StringComparer.Ordinal);

        static string Pixels(PdfFile file)
        {
            var picture = file.Path + ".page";
            PdfFile.Output("pdftoppm", "-r", "50", "-gray", "-singlefile", file.Path, picture);
            return Convert.ToHexString(File.ReadAllBytes(picture + ".pgm"));
        }
    }

    [Theory]
    [InlineData("か\u3099", "が")]
    [InlineData("ハ\u309A", "パ")]
    [InlineData("e\u0301", "é")]
    public void A_mark_joins_its_character(string decomposed, string composed)
    {
        var stack = new FontStack(fonts.Gothic);
        Assert.Equal(stack.Measure(composed, 10), stack.Measure(decomposed, 10));
        using var file = new PdfFile(PdfFile.Draw(page => page.Text(50, 100, decomposed, Style)));
        Assert.Contains(composed, file.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variation_selector_takes_no_room_and_is_not_missing()
    {
        using var output = new MemoryStream();
        var document = new PdfDocument(output, PdfFile.Options);
        using (var page = document.AddPage(PageSize.A4))
        {
            // The first is listed in the fonts, the others are not.
            Assert.Equal(12, page.Text(50, 100, "葛\U000E0100", Style), 6);
            Assert.Equal(12, page.Text(50, 120, "葛\U000E01EF", Style), 6);
            Assert.Equal(Style.Measure("あ"), page.Text(50, 140, "あ\uFE0F", Style), 6);
        }
        document.Finish();
        Assert.Empty(document.MissingCharacters);
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes() => Assert.Equal(Sample(), Sample());

    [Fact]
    public void Only_the_time_that_is_given_makes_a_difference()
    {
        var text = Encoding.Latin1.GetString(Sample());
        Assert.Contains("2026-11-22T09:30:00+09:00", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Fonts_are_embedded_as_subsets_with_a_way_back_to_the_text()
    {
        using var file = new PdfFile(Sample());
        file.RequireSound();
        var fontLines = PdfFile.Output("pdffonts", file.Path).Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.Equal(2, fontLines.Length);
        Assert.All(fontLines, line => Assert.Matches(@"^[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes", line));
        // Some 60 KB of hinting program and outlines, not the fonts' 50 MB.
        Assert.InRange(new FileInfo(file.Path).Length, 1_000, 60_000);
    }

    [Fact]
    public void The_document_is_tagged_and_says_its_language_and_title()
    {
        using var file = new PdfFile(Sample());
        var info = PdfFile.Output("pdfinfo", file.Path);
        Assert.Matches(@"(?m)^Title: +試験$", info);
        Assert.Matches(@"(?m)^Tagged: +yes$", info);
        var structure = PdfFile.Output("pdfinfo", "-struct-text", file.Path);
        Assert.Matches(@"(?s)Document\s+Sect.+H1.+見出し.+P.+前の文.+Figure.+P.+型紙.+P.+後の文", structure);
        // Lines and page numbers are no part of what is read.
        Assert.DoesNotContain("飾り", structure, StringComparison.Ordinal);
        Assert.Contains("飾り", file.Text(), StringComparison.Ordinal);

        var json = PdfFile.Output("qpdf", "--json=2", "--json-key=qpdf", file.Path);
        Assert.Contains("\"/Lang\": \"u:ja-JP\"", json, StringComparison.Ordinal);
        Assert.Contains("\"/DisplayDocTitle\": true", json, StringComparison.Ordinal);
        Assert.Contains("\"/Marked\": true", json, StringComparison.Ordinal);
        Assert.Contains("\"/Alt\": \"u:市松模様\"", json, StringComparison.Ordinal);
        Assert.Contains("\"/ParentTree\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stencil_is_written_once_and_read_on_every_page()
    {
        using var output = new MemoryStream();
        var document = new PdfDocument(output, PdfFile.Options);
        var stencil = document.CreateStencil(PageSize.A4);
        using (stencil.Begin(PdfTag.Paragraph))
        {
            stencil.Text(50, 100, "どのページにもある文", Style);
        }
        for (var i = 0; i < 100; i++)
        {
            using var page = document.AddPage(PageSize.A4, stencil);
            using var paragraph = page.Begin(PdfTag.Paragraph);
            page.Text(50, 120, $"番号{i}。", Style);
        }
        document.Finish();
        using var file = new PdfFile(output.ToArray());
        file.RequireSound();
        Assert.Equal(100, file.Text().Split("どのページにもある文").Length - 1);
        var structure = PdfFile.Output("pdfinfo", "-struct-text", file.Path);
        Assert.Equal(100, structure.Split("どのページにもある文").Length - 1);
        Assert.Contains("番号99。", structure, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => stencil.Text(0, 0, "遅い", Style));
    }

    [Fact]
    public async Task Finished_pages_leave_the_memory_and_the_stream_is_only_written()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var output = new AsynchronousSink();
        var document = new PdfDocument(output, PdfFile.Options);
        var waiting = 0;
        for (var i = 0; i < 1_000; i++)
        {
            using (var page = document.AddPage(PageSize.A4))
            {
                page.Text(50, 100, $"{i}ページ目", Style);
            }
            waiting = Math.Max(waiting, document.Waiting);
            await document.FlushAsync(cancellation);
            Assert.Equal(0, document.Waiting);
        }
        await document.FinishAsync(cancellation);
        Assert.InRange(waiting, 1, 20_000);
        using var file = new PdfFile(output.Written.ToArray());
        file.RequireSound();
        Assert.Contains("Pages:           1000", PdfFile.Output("pdfinfo", file.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_of_squares_is_drawn_as_it_was_handed_in()
    {
        var modules = new bool[8, 8];
        for (var i = 0; i < 64; i++)
        {
            modules[i / 8, i % 8] = (i * 37 % 64) < 30;
        }
        using var output = new MemoryStream();
        var document = new PdfDocument(output, PdfFile.Options);
        var bitmap = document.AddBitmap(modules);
        using (var page = document.AddPage(new PageSize(80, 80)))
        {
            page.Draw(bitmap, 0, 0, 80, 80, "模様");
        }
        document.Finish();
        using var file = new PdfFile(output.ToArray());
        PdfFile.Output("pdftoppm", "-r", "72", "-gray", "-singlefile", file.Path, file.Path);
        var pixels = File.ReadAllBytes(file.Path + ".pgm")[^6400..];
        for (var i = 0; i < 64; i++)
        {
            Assert.Equal(modules[i / 8, i % 8] ? 0 : 255, pixels[((i / 8 * 10) + 5) * 80 + (i % 8 * 10) + 5]);
        }
    }

    [Fact]
    public void Mistakes_in_the_order_are_refused()
    {
        var document = new PdfDocument(Stream.Null, PdfFile.Options);
        Assert.Throws<InvalidOperationException>(document.Finish);
        var page = document.AddPage(PageSize.A4);
        Assert.Throws<InvalidOperationException>(() => document.AddPage(PageSize.A4));
        Assert.Throws<InvalidOperationException>(() => document.Begin(PdfTag.Section));
        var outer = page.Begin(PdfTag.Division);
        var inner = page.Begin(PdfTag.Paragraph);
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        outer.Dispose();
        Assert.Throws<InvalidOperationException>(page.ReadStencil);
        var foreign = new PdfDocument(Stream.Null, PdfFile.Options).AddBitmap(new bool[1, 1]);
        Assert.Throws<ArgumentException>(() => page.Draw(foreign, 0, 0, 1, 1, null));
        page.Dispose();
        document.Finish();
        Assert.Throws<InvalidOperationException>(() => document.AddPage(PageSize.A4));
    }

    private byte[] Sample()
    {
        using var output = new MemoryStream();
        var document = new PdfDocument(output, PdfFile.Options);
        var stencil = document.CreateStencil(PageSize.A4);
        using (stencil.Begin(PdfTag.Paragraph))
        {
            stencil.Text(50, 200, "型紙", Style);
        }
        var checks = document.AddBitmap(new[,] { { true, false }, { false, true } });
        using (document.Begin(PdfTag.Section))
        using (var page = document.AddPage(PageSize.A4, stencil))
        {
            page.Line(50, 60, 500, 60, 1, dash: 3);
            page.Rectangle(50, 300, 100, 50, PdfColor.Gray(0.9), new PdfColor(0.1, 0.2, 0.8), 1, radius: 5);
            page.Text(300, 800, "飾り", Style, TextAlignment.Center);
            using (page.Begin(PdfTag.Heading1))
            {
                page.Text(50, 50, "見出し", Style);
            }
            using (page.Begin(PdfTag.Paragraph))
            {
                page.Text(50, 80, "前の文", Style);
            }
            page.Draw(checks, 50, 100, 40, 40, "市松模様");
            page.ReadStencil();
            using (page.Begin(PdfTag.Paragraph))
            {
                page.Text(500, 220, "後の文𠮷", Style with { Spacing = 0.5 }, TextAlignment.Right);
            }
        }
        document.Finish();
        return output.ToArray();
    }

    /// <summary>A stream like the body of a response: no seeking, no reading, no synchronous writing.</summary>
    private sealed class AsynchronousSink : Stream
    {
        public MemoryStream Written { get; } = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Written.WriteAsync(buffer, cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
