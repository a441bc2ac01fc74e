using System.Diagnostics.CodeAnalysis;
using System.Text;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members;

/// <summary>
/// A card as it is typed: <c>記号-番号</c> for a household, <c>記号-番号-枝番</c> for a person. A 記号 may hold hyphens itself, so it is split from
/// the right, and the caller must know which of the two is asked for.
/// </summary>
public sealed record CardIdentity
{
    private CardIdentity(CardSymbol symbol, CardNumber number, BranchNumber? branch) =>
        (Symbol, Number, Branch) = (symbol, number, branch);

    public CardSymbol Symbol { get; }

    public CardNumber Number { get; }

    /// <summary>Null for a household.</summary>
    public BranchNumber? Branch { get; }

    /// <summary>Reads <c>記号-番号</c>.</summary>
    public static bool TryParseHousehold([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CardIdentity? card)
    {
        card = null;
        if (TrySplitLast(Fold(text), out var symbol, out var number)
            && CardSymbol.TryParse(symbol, out var s) && CardNumber.TryParse(number, out var n))
        {
            card = new CardIdentity(s, n, branch: null);
        }

        return card is not null;
    }

    /// <summary>Reads <c>記号-番号-枝番</c>.</summary>
    public static bool TryParsePerson([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CardIdentity? card)
    {
        card = null;
        if (TrySplitLast(Fold(text), out var household, out var branch)
            && TryParseHousehold(household, out var h) && BranchNumber.TryParse(branch, out var b))
        {
            card = new CardIdentity(h.Symbol, h.Number, b);
        }

        return card is not null;
    }

    /// <summary>In the form in which it is read.</summary>
    public override string ToString() => Branch is null ? $"{Symbol}-{Number}" : $"{Symbol}-{Number}-{Branch}";

    private static string Fold(string? text) => text is { Length: <= 100 } && PlainText.IsPlain(text)
        ? string.Concat(text.Normalize(NormalizationForm.FormKC).Select(PlainText.FoldHyphen))
        : string.Empty;

    private static bool TrySplitLast(string text, out string left, out string right)
    {
        var at = text.LastIndexOf('-');
        (left, right) = at < 0 ? (string.Empty, text) : (text[..at], text[(at + 1)..]);
        return at >= 0;
    }
}
