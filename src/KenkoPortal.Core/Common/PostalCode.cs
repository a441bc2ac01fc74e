using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace KenkoPortal.Core.Common;

/// <summary>郵便番号: seven digits, written <c>123-4567</c>. Which codes are in use is the post's affair and changes monthly.</summary>
public sealed record PostalCode
{
    private PostalCode(string text) => Text = text;

    /// <summary><c>123-4567</c>.</summary>
    public string Text { get; }

    /// <summary>With or without hyphen and 〒, half or full width.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PostalCode? code)
    {
        code = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 20 || !PlainText.IsPlain(text))
        {
            return false;
        }

        var rest = text.Normalize(NormalizationForm.FormKC).AsSpan().Trim().TrimStart('〒').TrimStart();
        if (rest.Length == 8 && (PlainText.FoldHyphen(rest[3]) == '-' || rest[3] == 'ー'))
        {
            rest = string.Concat(rest[..3], rest[4..]);
        }

        if (rest.Length != 7 || rest.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        code = new PostalCode($"{rest[..3]}-{rest[3..]}");
        return true;
    }

    public override string ToString() => Text;
}
