using System.Diagnostics.CodeAnalysis;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members;

/// <summary>
/// 続柄, the relationship to the insured: 本人 is the insured (被保険者), everybody else a dependent (被扶養者). Societies write it in words of
/// their own, so any short text is kept.
/// </summary>
public sealed record Relationship
{
    /// <summary>The word for the insured person.</summary>
    public const string Insured = "本人";

    /// <summary>Longest word, in UTF-16 code units: with it the nickname stays within its 20.</summary>
    public const int MaxLength = 10;

    private Relationship(string text) => Text = text;

    public string Text { get; }

    public bool IsInsured => Text == Insured;

    /// <summary>仮ニックネーム, what the letter calls the person until they choose: ご本人, 妻, 長男 (manual, §1).</summary>
    public string ProvisionalNickname => NicknameOf(Text);

    /// <summary><see cref="ProvisionalNickname"/> of a 続柄 as listed.</summary>
    public static string NicknameOf(string relationship) => relationship == Insured ? RelationshipText.InsuredNickname : relationship;

    /// <summary>What others call the person: the insured's provisional nickname (ご本人) would mean whoever reads it, so to others it is 被保険者.</summary>
    public static string NicknameForOthers(string nickname, string relationship) =>
        relationship == Insured && nickname == RelationshipText.InsuredNickname ? RelationshipText.InsuredForOthers : nickname;

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Relationship? relationship)
    {
        relationship = null;
        if (string.IsNullOrWhiteSpace(text) || !PlainText.IsPlain(text))
        {
            return false;
        }

        var word = PlainText.Tidy(text);
        if (word.Length > MaxLength)
        {
            return false;
        }

        relationship = new Relationship(word is "ご本人" or "御本人" or "被保険者" or "被保険者本人" ? Insured : word);
        return true;
    }

    public override string ToString() => Text;
}
