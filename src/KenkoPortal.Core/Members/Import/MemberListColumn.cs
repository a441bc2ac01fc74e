namespace KenkoPortal.Core.Members.Import;

/// <summary>What a column of a members' list holds.</summary>
public enum MemberListColumn
{
    /// <summary>保険者番号.</summary>
    InsurerNumber,

    /// <summary>記号.</summary>
    Symbol,

    /// <summary>番号.</summary>
    Number,

    /// <summary>枝番.</summary>
    Branch,

    /// <summary>氏名.</summary>
    Name,

    /// <summary>氏名カナ.</summary>
    Kana,

    /// <summary>性別.</summary>
    Sex,

    /// <summary>生年月日.</summary>
    BirthDate,

    /// <summary>続柄.</summary>
    Relationship,

    /// <summary>資格取得年月日.</summary>
    AcquiredOn,

    /// <summary>資格喪失年月日.</summary>
    LostOn,

    /// <summary>郵便番号.</summary>
    PostalCode,

    /// <summary>住所.</summary>
    Address,

    /// <summary>事業所.</summary>
    Workplace,

    /// <summary>非開示.</summary>
    Protected,
}
