using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members.Import;

/// <summary>One person of a members' list, every field judged.</summary>
/// <param name="Line">The physical line on which the row begins, from 1.</param>
/// <param name="Symbol">記号.</param>
/// <param name="Number">番号.</param>
/// <param name="Branch">枝番.</param>
/// <param name="Name">氏名.</param>
/// <param name="Kana">氏名カナ.</param>
/// <param name="Sex">性別.</param>
/// <param name="BirthDate">生年月日.</param>
/// <param name="Relationship">続柄.</param>
/// <param name="AcquiredOn">資格取得年月日, the first day of eligibility.</param>
/// <param name="LostOn">資格喪失年月日, the first day without; it may lie ahead.</param>
/// <param name="PostalCode">郵便番号.</param>
/// <param name="Address">住所; for a dependent null means the insured's.</param>
/// <param name="Workplace">事業所.</param>
/// <param name="IsProtected">非開示.</param>
public sealed record MemberListRow(
    int Line,
    CardSymbol Symbol,
    CardNumber Number,
    BranchNumber Branch,
    PersonName Name,
    KanaName Kana,
    Sex Sex,
    DateOnly BirthDate,
    Relationship Relationship,
    DateOnly AcquiredOn,
    DateOnly? LostOn,
    PostalCode? PostalCode,
    string? Address,
    string? Workplace,
    bool IsProtected)
{
    /// <summary>Longest address and workplace, in UTF-16 code units.</summary>
    public const int MaxTextLength = 200;

    /// <summary>Whether the person is a member on a day.</summary>
    public bool IsMemberOn(DateOnly day) => LostOn is not { } lost || day < lost;

    /// <summary>記号-番号-枝番 as the list writes them.</summary>
    public string Card => $"{Symbol}-{Number}-{Branch}";

    /// <summary>The line alone: a record's own ToString would carry the person into whatever logs it.</summary>
    public override string ToString() => $"line {Line}";
}
