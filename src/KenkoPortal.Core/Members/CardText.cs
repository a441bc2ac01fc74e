using System.Diagnostics.CodeAnalysis;
using System.Text;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members;

/// <summary>The folding that 記号 and 番号 share.</summary>
internal static class CardText
{
    public static bool TryFold(
        [NotNullWhen(true)] string? text, int maxLength, [NotNullWhen(true)] out string? shown, [NotNullWhen(true)] out string? key)
    {
        shown = key = null;
        if (string.IsNullOrWhiteSpace(text) || !PlainText.IsPlain(text))
        {
            return false;
        }

        shown = PlainText.Tidy(text);
        if (shown.Length > maxLength)
        {
            return false;
        }

        key = Fold(shown);
        return key.Length <= maxLength;
    }

    private static string Fold(string shown)
    {
        if (!shown.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return WithoutLeadingZeros(shown);
        }

        var folded = new StringBuilder(shown.Length);
        foreach (var c in shown.Normalize(NormalizationForm.FormKC))
        {
            if (!char.IsWhiteSpace(c))
            {
                folded.Append(KanaName.Enlarge(char.ToUpperInvariant(PlainText.FoldHyphen(c))));
            }
        }

        return WithoutLeadingZeros(folded.ToString());
    }

    private static string WithoutLeadingZeros(string text)
    {
        var rest = text.TrimStart('0');
        return rest.Length == 0 ? "0" : rest;
    }
}
