using System.Text;

namespace KenkoPortal.Demo;

/// <summary>Text as examining bodies send it: CP932, in which nothing becomes a <c>?</c>.</summary>
internal static class Cp932Text
{
    public static readonly Encoding Encoding =
        CodePagesEncodingProvider.Instance.GetEncoding(932, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    public static byte[] Of(string text) => Encoding.GetBytes(text);

    /// <summary>A name as institutions type it: 𠮷 is not to be had, and they take 吉; what has no such fellow is written in kana.</summary>
    public static byte[] OfName(string name, string kana)
    {
        try
        {
            return Of(name.Replace("𠮷", "吉", StringComparison.Ordinal));
        }
        catch (EncoderFallbackException)
        {
            return Of(kana);
        }
    }

    /// <summary>ASCII letters, digits and signs in full width.</summary>
    public static string Wide(string text) => string.Create(text.Length, text, static (wide, narrow) =>
    {
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = narrow[i] is > ' ' and <= '~' ? (char)(narrow[i] + 0xFEE0) : narrow[i];
        }
    });
}
