using System.Text;
using KenkoPortal.Pdf.Fonts;

namespace KenkoPortal.Tests.Pdf;

public sealed class TrueTypeFontTests(InstalledFonts fonts) : IClassFixture<InstalledFonts>
{
    [Theory]
    [InlineData("あ")]
    [InlineData("健")]
    [InlineData("髙")]
    [InlineData("﨑")]
    [InlineData("〓")]
    public void The_gothic_has_ordinary_and_several_rare_characters(string character) =>
        Assert.True(fonts.Gothic.Has(character.EnumerateRunes().Single()));

    [Fact]
    public void A_supplementary_character_is_found_by_the_fallback_only()
    {
        var rune = new Rune(0x20BB7);
        Assert.False(fonts.Gothic.Has(rune));
        Assert.True(fonts.Mincho.Has(rune));
        Assert.True(new FontStack(fonts.Gothic, fonts.Mincho).Has(rune));
    }

    [Fact]
    public void The_name_in_the_file_is_the_PostScript_name()
    {
        Assert.Equal("BIZUDPGothic-Regular", fonts.Gothic.PostScriptName);
        Assert.Equal(2048, fonts.Gothic.UnitsPerEm);
        Assert.True(fonts.Gothic.Ascent > 0 && fonts.Gothic.Descent < 0);
    }

    [Fact]
    public void An_ideograph_is_one_em_wide_and_spacing_stands_between_glyphs_only()
    {
        var stack = new FontStack(fonts.Gothic);
        Assert.Equal(20, stack.Measure("健康", 10), 6);
        Assert.Equal(22, stack.Measure("健康", 10, spacing: 2), 6);
        Assert.Equal(0, stack.Measure("", 10, spacing: 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(200)]
    [InlineData(100_000)]
    public void A_file_that_ends_too_early_is_refused(int length)
    {
        var path = Path.GetTempFileName();
        try
        {
            _ = fonts.Gothic;
            var whole = File.ReadAllBytes(new FontFolders().Find("BIZUDPGothic-Regular.ttf")!);
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<FontFormatException>(() => TrueTypeFont.Open(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_font_whose_maker_forbids_embedding_is_refused()
    {
        _ = fonts.Gothic;
        var bytes = File.ReadAllBytes(new FontFolders().Find("BIZUDPGothic-Regular.ttf")!);
        var os2 = Enumerable.Range(0, bytes[5]).Select(i => 12 + (16 * i)).Single(at => Encoding.ASCII.GetString(bytes, at, 4) == "OS/2");
        var table = (bytes[os2 + 8] << 24) | (bytes[os2 + 9] << 16) | (bytes[os2 + 10] << 8) | bytes[os2 + 11];
        bytes[table + 9] = 2;
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            Assert.Contains("fsType", Assert.Throws<FontFormatException>(() => TrueTypeFont.Open(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_font_that_is_not_there_is_named_with_the_folders_searched()
    {
        var folders = new FontFolders("/no/such/folder", "", null);
        Assert.Equal("/no/such/folder", folders.Folders[0]);
        var missing = Assert.Throws<FontNotFoundException>(() => folders.Open("NoSuchFont-Regular.ttf"));
        Assert.Equal("NoSuchFont-Regular.ttf", missing.FileName);
        Assert.Contains("/no/such/folder", missing.Message, StringComparison.Ordinal);
    }
}
