using System.Text;
using KenkoPortal.Pdf.Writing;

namespace KenkoPortal.Pdf.Fonts;

/// <summary>
/// A font as one document uses it: CIDs are given out in the order of first use, and the subset is written when the document ends.
/// One glyph that stands for two different texts gets two CIDs, so that each is read back as it was written.
/// </summary>
internal sealed class DocumentFont
{
    private readonly TrueTypeFont _font;
    private readonly Dictionary<int, int> _byCodePoint = [];
    private readonly Dictionary<string, int> _byText = new(StringComparer.Ordinal);
    private readonly List<ushort> _glyphs = [0];
    private readonly List<string> _texts = [""];

    public DocumentFont(TrueTypeFont font, int index, int objectNumber)
    {
        _font = font;
        Index = index;
        ObjectNumber = objectNumber;
    }

    public int Index { get; }

    public int ObjectNumber { get; }

    public int Cid(in StackGlyph glyph)
    {
        if (glyph.Text is null)
        {
            return _byCodePoint.TryGetValue(glyph.CodePoint, out var cid)
                ? cid
                : _byCodePoint[glyph.CodePoint] = Add(glyph.Glyph, Rune.IsValid(glyph.CodePoint) ? new Rune(glyph.CodePoint).ToString() : "\uFFFD");
        }
        return _byText.TryGetValue(glyph.Text, out var sequence) ? sequence : _byText[glyph.Text] = Add(glyph.Glyph, glyph.Text);
    }

    public void Write(ObjectWriter objects)
    {
        var (cidFont, descriptor, file, unicode) = (objects.Reserve(), objects.Reserve(), objects.Reserve(), objects.Reserve());
        var name = $"{Tag(Index)}+{_font.PostScriptName}";
        var subset = SubsetBuilder.Build(_font, _glyphs);
        objects.WriteCompressed(file, $"/Length1 {subset.Length}", subset);
        objects.WriteCompressed(unicode, "", ToUnicode());

        var body = new ByteBuffer();
        body.Raw("<</Type/Font/Subtype/Type0/BaseFont/"u8).Ascii(name).Raw("/Encoding/Identity-H/DescendantFonts["u8)
            .Reference(cidFont).Raw("]/ToUnicode "u8).Reference(unicode).Raw(">>"u8);
        objects.Write(ObjectNumber, body);

        body.Clear();
        body.Raw("<</Type/Font/Subtype/CIDFontType2/BaseFont/"u8).Ascii(name)
            .Raw("/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity/FontDescriptor "u8)
            .Reference(descriptor).Raw("/DW 1000/W["u8);
        for (var cid = 0; cid < _glyphs.Count; cid++)
        {
            // Runs of glyphs that are not one em wide; the ideographs need no entry.
            if (Thousandths(_font.Advance(_glyphs[cid])) == 1000)
            {
                continue;
            }
            body.Integer(cid).Raw("["u8);
            for (; cid < _glyphs.Count && Thousandths(_font.Advance(_glyphs[cid])) is var width and not 1000; cid++)
            {
                body.Number(width).Raw((byte)' ');
            }
            body.Raw("]"u8);
        }
        body.Raw("]>>"u8);
        objects.Write(cidFont, body);

        body.Clear();
        body.Raw("<</Type/FontDescriptor/FontName/"u8).Ascii(name).Raw("/Flags 4/ItalicAngle 0/StemV 80/FontBBox["u8)
            .Numbers(Thousandths(_font.Box.Left), Thousandths(_font.Box.Bottom), Thousandths(_font.Box.Right), Thousandths(_font.Box.Top))
            .Raw("]/Ascent "u8).Number(Thousandths(_font.Ascent)).Raw("/Descent "u8).Number(Thousandths(_font.Descent))
            .Raw("/CapHeight "u8).Number(Thousandths(_font.CapHeight)).Raw("/FontFile2 "u8).Reference(file).Raw(">>"u8);
        objects.Write(descriptor, body);
    }

    private double Thousandths(int units) => Math.Round(1000.0 * units / _font.UnitsPerEm, 3);

    private int Add(ushort glyph, string text)
    {
        if (_glyphs.Count > ushort.MaxValue)
        {
            throw new InvalidOperationException("A document uses at most 65,535 different glyphs of one font.");
        }
        _glyphs.Add(glyph);
        _texts.Add(text);
        return _glyphs.Count - 1;
    }

    private ReadOnlySpan<byte> ToUnicode()
    {
        // The form of a ToUnicode CMap: ISO 32000-1, 9.10.3; at most 100 entries a block.
        var map = new ByteBuffer(_glyphs.Count * 16);
        map.Raw("""
            /CIDInit/ProcSet findresource begin
            12 dict begin
            begincmap
            /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def
            /CMapName/Adobe-Identity-UCS def
            /CMapType 2 def
            1 begincodespacerange
            <0000><FFFF>
            endcodespacerange

            """u8);
        for (var cid = 1; cid < _texts.Count;)
        {
            var end = Math.Min(cid + 100, _texts.Count);
            map.Integer(end - cid).Raw(" beginbfchar\n"u8);
            for (; cid < end; cid++)
            {
                map.Raw((byte)'<').Hex16(cid).Raw("><"u8).Utf16Hex(_texts[cid]).Raw(">\n"u8);
            }
            map.Raw("endbfchar\n"u8);
        }
        map.Raw("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"u8);
        return map.Span;
    }

    // Six capitals mark a subset (9.6.4); the font's number in the document makes them differ.
    private static string Tag(int index)
    {
        Span<char> tag = stackalloc char[6];
        for (var i = 5; i >= 0; i--)
        {
            tag[i] = (char)('A' + (index % 26));
            index /= 26;
        }
        return new string(tag);
    }
}
