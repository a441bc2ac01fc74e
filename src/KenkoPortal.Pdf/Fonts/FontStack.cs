using System.Globalization;
using System.Text;

namespace KenkoPortal.Pdf.Fonts;

/// <summary>
/// Fonts in order of preference. A character that the first one lacks is drawn from the next one that has it; one that none
/// has is drawn as 〓 (the printer's mark for a missing sort) and reported by the document.
/// A variation selector chooses the first font that lists the sequence, and is dropped where none does; a mark that combines with the character
/// before it is drawn as the composed character where a font has that; invisible format characters are dropped. Safe for several threads.
/// </summary>
public sealed class FontStack
{
    private const int Geta = 0x3013;
    private const long Known = 1L << 62;

    private readonly TrueTypeFont[] _fonts;

    // [code point / 256][code point % 256] → Known | missing | font | glyph. Writes of a long are atomic, and every thread would write the same.
    private readonly long[]?[] _cache = new long[]?[0x1100];

    /// <param name="fonts">The fonts, the preferred one first. They stay the caller's to dispose.</param>
    public FontStack(params TrueTypeFont[] fonts)
    {
        if (fonts.Length is 0 or > 255)
        {
            throw new ArgumentException("A font stack holds 1 to 255 fonts.", nameof(fonts));
        }
        _fonts = [.. fonts];
    }

    /// <summary>The fonts, the preferred one first.</summary>
    public IReadOnlyList<TrueTypeFont> Fonts => _fonts;

    /// <summary>The ascent of the first font in ems.</summary>
    public double Ascent => (double)_fonts[0].Ascent / _fonts[0].UnitsPerEm;

    /// <summary>The width of a line of text.</summary>
    /// <param name="text">The text; line breaks count as blanks.</param>
    /// <param name="size">The type size in points.</param>
    /// <param name="spacing">Points added behind each glyph but the last.</param>
    /// <returns>Points.</returns>
    public double Measure(ReadOnlySpan<char> text, double size, double spacing = 0)
    {
        var ems = 0.0;
        var count = 0;
        foreach (var glyph in Glyphs(text))
        {
            ems += glyph.Ems;
            count++;
        }
        return (ems * size) + (Math.Max(0, count - 1) * spacing);
    }

    /// <summary>Whether some font of the stack has the character.</summary>
    public bool Has(Rune character) => !Find(character.Value).Missing;

    internal GlyphEnumerator Glyphs(ReadOnlySpan<char> text) => new(this, text);

    private StackGlyph Find(int codePoint)
    {
        var page = _cache[codePoint >> 8] ??= new long[256];
        var slot = page[codePoint & 0xFF];
        if (slot == 0)
        {
            page[codePoint & 0xFF] = slot = Resolve(codePoint);
        }
        var font = (int)(slot >> 16) & 0xFF;
        return Make(font, (ushort)slot, codePoint, (slot >> 32 & 1) != 0);
    }

    private StackGlyph Make(int font, ushort glyph, int codePoint, bool missing = false, string? text = null) =>
        new(_fonts[font], glyph, (double)_fonts[font].Advance(glyph) / _fonts[font].UnitsPerEm, codePoint, text, missing);

    private long Resolve(int codePoint)
    {
        if (First(codePoint, out var font, out var glyph))
        {
            return Known | ((long)font << 16) | glyph;
        }
        // Blanks of other widths look like a blank; they are no missing character.
        if (Rune.IsValid(codePoint) && Rune.IsWhiteSpace(new Rune(codePoint)) && First(' ', out font, out glyph))
        {
            return Known | ((long)font << 16) | glyph;
        }
        First(Geta, out font, out glyph);
        return Known | (1L << 32) | ((long)font << 16) | glyph;
    }

    private bool First(int codePoint, out int font, out ushort glyph)
    {
        for (font = 0; font < _fonts.Length; font++)
        {
            glyph = _fonts[font].Glyph(codePoint);
            if (glyph != 0)
            {
                return true;
            }
        }
        (font, glyph) = (0, 0);
        return false;
    }

    /// <summary>Walks through a text glyph by glyph.</summary>
    internal ref struct GlyphEnumerator(FontStack stack, ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public StackGlyph Current { get; private set; }

        public readonly GlyphEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (!_rest.IsEmpty)
            {
                Rune.DecodeFromUtf16(_rest, out var rune, out var used);
                var first = _rest[..used];
                _rest = _rest[used..];
                if (rune.Value is '\t' or '\n' or '\r')
                {
                    rune = new Rune(' ');
                }
                if (IsInvisible(rune.Value))
                {
                    continue;
                }
                Current = _rest.IsEmpty || !MayJoin(_rest[0]) ? stack.Find(rune.Value) : Joined(rune, first);
                return true;
            }
            return false;
        }

        private StackGlyph Joined(Rune rune, ReadOnlySpan<char> first)
        {
            Rune.DecodeFromUtf16(_rest, out var next, out var used);
            if (IsVariationSelector(next.Value))
            {
                var sequence = string.Concat(first, _rest[..used]);
                _rest = _rest[used..];
                for (var font = 0; font < stack._fonts.Length; font++)
                {
                    var glyph = stack._fonts[font].Variation(rune.Value, next.Value);
                    if (glyph != 0)
                    {
                        return stack.Make(font, glyph, rune.Value, text: sequence);
                    }
                }
                return stack.Find(rune.Value);
            }
            if (Rune.GetUnicodeCategory(next) is UnicodeCategory.NonSpacingMark)
            {
                // Only this pair is composed: normalizing a whole name would change compatibility ideographs into others.
                var pair = string.Concat(first, _rest[..used]);
                var composed = pair.Normalize(NormalizationForm.FormC);
                if (Rune.TryGetRuneAt(composed, 0, out var single) && single.Utf16SequenceLength == composed.Length
                    && stack.Find(single.Value) is { Missing: false } glyph)
                {
                    _rest = _rest[used..];
                    return glyph;
                }
            }
            return stack.Find(rune.Value);
        }

        private static bool MayJoin(char next) =>
            next is (>= '\u0300' and <= '\u036F') or '\u3099' or '\u309A' or (>= '\uFE00' and <= '\uFE0F') or '\uDB40';

        private static bool IsVariationSelector(int value) => value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

        // Controls, and the characters of Unicode's Default_Ignorable_Code_Point that stand in real texts.
        private static bool IsInvisible(int value) => value
            is < 0x20 or (>= 0x7F and <= 0x9F) or 0xAD or 0x34F or 0x61C
            or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F)
            or 0xFEFF or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);
    }
}

/// <param name="Font">Where it is drawn from.</param>
/// <param name="Glyph">Its number in that font.</param>
/// <param name="Ems">Its advance in ems.</param>
/// <param name="CodePoint">The character that it stands for.</param>
/// <param name="Text">What it stands for where that is more than one code point.</param>
/// <param name="Missing">Whether it is the mark for a character that no font has.</param>
internal readonly record struct StackGlyph(TrueTypeFont Font, ushort Glyph, double Ems, int CodePoint, string? Text, bool Missing);
