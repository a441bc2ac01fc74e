using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.Members.Import;

/// <summary>Lists that are no text of bytes: they become CSV in UTF-8, in memory, with each row on its own line as in the file.</summary>
internal static class ListConversion
{
    /// <summary>UTF-16, as Excel saves 「Unicode テキスト」: with a byte order mark, little-endian or big-endian.</summary>
    public static Stream OfUtf16(Stream file)
    {
        file.Position = 0;
        using var reader = new StreamReader(file, Encoding.Unicode, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var text = new MemoryStream();
        using (var writer = new StreamWriter(text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true))
        {
            var buffer = new char[32 * 1024];
            for (int read; (read = reader.Read(buffer)) > 0;)
            {
                writer.Write(buffer, 0, read);
            }
        }

        return text;
    }

    /// <summary>The first sheet of a workbook that is shown.</summary>
    /// <returns>Null where it cannot be read.</returns>
    public static Stream? OfWorkbook(Stream file)
    {
        file.Position = 0;
        try
        {
            using var table = WorkbookTable.Open(file);
            var text = new MemoryStream();
            using var writer = new StreamWriter(text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
            if (table.NextSheet())
            {
                WriteRows(table, writer);
            }

            writer.Flush();
            return text;
        }
        catch (Exception exception) when (exception is UnpackedTooMuchException || WorkbookTable.IsOfWorkbook(exception))
        {
            return null;
        }
    }

    private static void WriteRows(WorkbookTable table, StreamWriter writer)
    {
        for (var line = 1; table.Read(); line++)
        {
            // Rows that the sheet leaves out keep their line, so that messages name the row that Excel shows.
            for (; line < table.Line && line <= MostRows; line++)
            {
                writer.Write("\r\n");
            }

            writer.Write(string.Join(',', table.Cells.Select(cell => "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"")));
            writer.Write("\r\n");
        }
    }

    private const int MostRows = 1_048_576;
}
