using CsvHelper;

namespace KenkoPortal.Core.Members.Import;

/// <summary>Judges the quotation marks of a row that the CSV reader calls malformed.</summary>
internal static class ListQuotes
{
    /// <summary>The first field whose quotation marks are wrong, from 0; -1 where only text formulas have them.</summary>
    /// <param name="csv">At the row.</param>
    /// <param name="reason">Why the row is malformed.</param>
    public static int FirstBadlyQuoted(CsvReader csv, CsvMalformedReason reason)
    {
        for (var i = 0; i < csv.FieldCount; i++)
        {
            var raw = csv.GetRawSpan(i);
            if (reason != CsvMalformedReason.UnterminatedQuote && IsTextFormula(raw))
            {
                continue;
            }

            var isWhole = raw.Length >= 2 && raw[0] == '"' && raw[^1] == '"';
            if (isWhole ? HasSingleQuote(raw[1..^1]) : raw.Contains((byte)'"'))
            {
                return i;
            }
        }

        // What is left are text formulas alone.
        return reason == CsvMalformedReason.UnterminatedQuote ? 0 : -1;
    }

    /// <summary><c>="00123"</c>: how spreadsheets are made to keep zeros. The quotation marks stand inside the cell, and are not doubled.</summary>
    private static bool IsTextFormula(ReadOnlySpan<byte> raw) =>
        raw.Length >= 3 && raw[0] == '=' && raw[1] == '"' && raw[^1] == '"' && !raw[2..^1].ContainsAny((byte)'"', (byte)'=');

    private static bool HasSingleQuote(ReadOnlySpan<byte> inner)
    {
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '"' && (++i == inner.Length || inner[i] != '"'))
            {
                return true;
            }
        }

        return false;
    }
}
