using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Letters;

/// <summary>Tells a file that holds our letters: it is full of credentials, and must never be handed out as an attachment.</summary>
public static partial class LetterMark
{
    /// <summary>Stands in the properties of each letter's PDF. Programs that save it again keep the properties.</summary>
    internal const string Keyword = "kenko-portal-registration-letter";

    private const int MostUnpacked = 256 * 1024 * 1024;

    /// <summary>Whether a file is our letters as PDF, a text in which their credentials stand, or a zip (an Office file too) that holds either.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="isText">Whether the file is plain text or CSV.</param>
    public static bool IsIn(byte[] file, bool isText) =>
        HasKeyword(file) || (isText ? HasCredentials(Encoding.UTF8.GetString(file)) : Streams(file).Any(stream => HasKeyword(stream.Span)) || IsPackedIn(file));

    /// <summary>Looks at each entry as a text and as a PDF: Excel writes cells into XML, and Word keeps an inserted PDF whole.</summary>
    private static bool IsPackedIn(byte[] file)
    {
        if (!file.AsSpan().StartsWith("PK"u8))
        {
            return false;
        }

        try
        {
            using var packed = PackedFile.Open(new MemoryStream(file), UnpackedLimits.Workbook);
            return packed.Entries.Any(entry =>
            {
                using var content = new MemoryStream();
                using var stream = packed.Open(entry);
                stream.CopyTo(content);
                var bytes = content.ToArray();
                return HasKeyword(bytes) || HasCredentials(Encoding.UTF8.GetString(bytes)) || Streams(bytes).Any(s => HasKeyword(s.Span));
            });
        }
        catch (Exception exception) when (exception is InvalidDataException or UnpackedTooMuchException)
        {
            // No zip that a program could open.
            return false;
        }
    }

    private static bool HasKeyword(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf(Encoding.ASCII.GetBytes(Keyword)) >= 0 || bytes.IndexOf(Encoding.BigEndianUnicode.GetBytes(Keyword)) >= 0;

    /// <summary>The compressed streams of a PDF (ISO 32000-1 §7.5.7 puts a document's properties into one), as far as they unpack to 256 MB together.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Streams(byte[] file)
    {
        var (at, room) = (0, MostUnpacked);
        while (room > 0 && file.AsSpan(at).IndexOf("stream"u8) is >= 0 and var found)
        {
            at += found + "stream".Length;
            var start = at + (at < file.Length && file[at] == '\r' ? 1 : 0);
            start += start < file.Length && file[start] == '\n' ? 1 : 0;
            if (Unpacked(file, start, room) is { Length: > 0 } stream)
            {
                room -= stream.Length;
                yield return stream;
            }
        }
    }

    private static byte[] Unpacked(byte[] file, int start, int most)
    {
        using var plain = new MemoryStream();
        try
        {
            using var packed = new ZLibStream(new MemoryStream(file, start, file.Length - start), CompressionMode.Decompress);
            var buffer = new byte[16 * 1024];
            for (int read; plain.Length < most && (read = packed.Read(buffer)) > 0;)
            {
                plain.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            // No compressed stream, or a damaged one: what came out of it counts.
        }

        return plain.ToArray();
    }

    /// <summary>A 仮パスワード in the form of the letter, and an 8-digit 仮ログインID.</summary>
    private static bool HasCredentials(string text) => Password().IsMatch(text) && Id().IsMatch(text);

    [GeneratedRegex($"(?<![a-z0-9-])([{ProvisionalPassword.Alphabet}]{{4}}-){{2}}[{ProvisionalPassword.Alphabet}]{{4}}(?![a-z0-9-])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Password();

    [GeneratedRegex("(?<![0-9])[0-9]{8}(?![0-9])", RegexOptions.None, 1000)]
    private static partial Regex Id();
}
