using System.Text;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>
/// The beginning of a message as it came, for a person to read as text. It is not parsed, decoded or unpacked: what is not printable becomes a dot,
/// so that nothing in it can act on who shows it.
/// </summary>
public sealed class MessageSource
{
    /// <summary>Kept of a message, in characters.</summary>
    public const int MostCharacters = 16 * 1024;

    private readonly StringBuilder _text = new();

    /// <summary>Takes the next line, without CRLF and with its stuffed dot removed.</summary>
    public void AddLine(ReadOnlySpan<byte> line)
    {
        var left = MostCharacters - _text.Length;
        if (left <= 0)
        {
            return;
        }

        // UTF-8 where it is; else replacement characters, which say that it was not.
        foreach (var rune in Encoding.UTF8.GetString(line).EnumerateRunes())
        {
            if (left-- <= 0)
            {
                break;
            }

            _text.Append(rune.Value == '\t' ? " " : IsShown(rune) ? rune.ToString() : ".");
        }

        _text.Append('\n');
    }

    public override string ToString() => _text.ToString();

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Surrogate
        or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator
        or System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.OtherNotAssigned);
}
