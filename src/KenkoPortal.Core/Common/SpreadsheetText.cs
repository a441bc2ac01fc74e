using System.Text;

namespace KenkoPortal.Core.Common;

/// <summary>
/// Text for files that people open in a spreadsheet. A cell that begins with a character by which a spreadsheet knows a formula, or skips to
/// one, gets an apostrophe before it (row F3; OWASP, CSV Injection), the full-width characters too, which Japanese spreadsheets take alike.
/// </summary>
public static class SpreadsheetText
{
    private const string Starters = "=+-@\t\r\n＝＋－＠−";

    /// <summary>A text that no spreadsheet runs.</summary>
    public static string Harmless(string text) => text.Length > 0 && Starters.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    /// <summary>A text that no spreadsheet runs when it is pasted: a quotation mark at its beginning would take the cells behind it along, to the next one.</summary>
    public static string HarmlessPasted(string text) => text.StartsWith('"') ? "'" + text : Harmless(text);

    /// <summary>A line of a CSV file (RFC 4180), every cell quoted where it must be.</summary>
    public static void AppendCsv(StringBuilder file, params ReadOnlySpan<string> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            var cell = Harmless(cells[i]);
            file.Append(i > 0 ? "," : "").Append(cell.AsSpan().IndexOfAny(",\"\r\n\t") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }

        file.Append("\r\n");
    }

    /// <summary>A line of tab-separated text to paste: what would break the line or the column becomes a blank.</summary>
    public static void AppendTabbed(StringBuilder file, params ReadOnlySpan<string> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            file.Append(i > 0 ? "\t" : "");
            foreach (var character in HarmlessPasted(cells[i].TrimStart('\t', '\r', '\n')))
            {
                file.Append(char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character);
            }
        }

        file.Append("\r\n");
    }

    /// <summary>UTF-8 with a byte order mark, without which spreadsheets take Japanese for something else.</summary>
    public static byte[] Encode(StringBuilder file) => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(file.ToString())];
}
