namespace KenkoPortal.Claims;

/// <summary>
/// レセプト: one institution's bill for one patient and one month, in one of its two versions (<see cref="DeliveredClaim"/>). Text is as the
/// file has it, without blanks around it: digits of 記号・番号 are usually full width, and 外字 come as private-use characters. What the file
/// leaves blank is null, never a guess.
/// </summary>
public sealed record Claim
{
    /// <summary>On the insurer's side レセプト管理番号 (9–16 digits), on the provider's レセプト番号, unique in the file only.</summary>
    public required string Number { get; init; }

    /// <summary>The 17-character key by which a re-examined or returned claim finds the earlier one. Null on the provider's side.</summary>
    public string? Key { get; init; }

    /// <summary>Which of the five kinds.</summary>
    public required ClaimKind Kind { get; init; }

    /// <summary>レセプト種別.</summary>
    public required ClaimType Type { get; init; }

    /// <summary>診療年月 or 調剤年月, never the month of the bill.</summary>
    public required TreatmentMonth Month { get; init; }

    /// <summary>請求年月 by the institution; a claim that was returned and is billed anew tells a later one. Null where the header leaves it blank.</summary>
    public TreatmentMonth? BilledMonth { get; init; }

    /// <summary>Who billed.</summary>
    public required Institution Institution { get; init; }

    /// <summary>
    /// 調剤 only: the institution whose prescription was dispensed; its code is empty where the pharmacy gives the name alone. Null where the pharmacy left both blank.
    /// </summary>
    public Institution? Prescriber { get; init; }

    /// <summary>調剤 only: 処方箋交付年月日 of the prescriptions, each day once, in the order of the file; null where one is blank. リフィル and 分割調剤 keep the day of the first.</summary>
    public IReadOnlyList<DateOnly?> PrescribedOn { get; init; } = [];

    /// <summary>保険者番号, 6 or 8 digits with a right check digit. Null where only public funds pay.</summary>
    public string? InsurerNumber { get; init; }

    /// <summary>記号.</summary>
    public string? CardSymbol { get; init; }

    /// <summary>番号.</summary>
    public string? CardNumber { get; init; }

    /// <summary>枝番, two half-width digits. Null means unknown, not 00.</summary>
    public string? BranchNumber { get; init; }

    /// <summary>生年月日.</summary>
    public required DateOnly BirthDate { get; init; }

    /// <summary>性別.</summary>
    public required ClaimSex Sex { get; init; }

    /// <summary>氏名.</summary>
    public string? Name { get; init; }

    /// <summary>カナ氏名.</summary>
    public string? Kana { get; init; }

    /// <summary>診療実日数; for 調剤 処方箋受付回数. 0 where the file leaves it blank, which is told.</summary>
    public required int Days { get; init; }

    /// <summary>合計点数; for 訪問看護 合計金額 in yen. Of the first public fund where only public funds pay.</summary>
    public required int Points { get; init; }

    /// <summary>食事・生活療養の合計金額 in yen.</summary>
    public int? MealTotal { get; init; }

    /// <summary>
    /// 食事・生活療養標準負担額 in yen, the patient's part of <see cref="MealTotal"/>. Null where there are no meals, and where the file does not
    /// tell it apart (歯科, and a unit of calculation that mixes it with something else).
    /// </summary>
    public int? MealShare { get; init; }

    /// <summary>HO 負担金額 (一部負担金) in yen; blank unless a ceiling or the like makes it other than the ordinary share.</summary>
    public int? PatientAmount { get; init; }

    /// <summary>給付割合 in percent, where the claim tells it.</summary>
    public int? BenefitPercent { get; init; }

    /// <summary>減免区分, as the file has it: 1 減額, 2 免除, 3 支払猶予.</summary>
    public int? ReductionClass { get; init; }

    /// <summary>減額割合 in percent.</summary>
    public int? ReductionPercent { get; init; }

    /// <summary>減額金額 in yen.</summary>
    public int? ReductionAmount { get; init; }

    /// <summary>特記事項: up to five codes of two characters.</summary>
    public IReadOnlyList<string> SpecialNotes { get; init; } = [];

    /// <summary>公費, in the order of the file, at most four.</summary>
    public IReadOnlyList<PublicFund> PublicFunds { get; init; } = [];

    /// <summary>DPC レセプト総括区分: 0 a claim by itself, 1 the summary of several. Details are not claims and are not delivered.</summary>
    public int SummaryClass { get; init; }

    /// <summary>The drugs of which the claim tells how much, in the order of the file; for DPC those inside the bundle too. 薬剤料逓減 is none.</summary>
    public IReadOnlyList<ClaimDrug> Drugs { get; init; } = [];

    /// <summary>入院. DPC always is.</summary>
    public bool IsInpatient => Kind == ClaimKind.Dpc || Type.IsInpatient;

    /// <summary>医療費の総額 in yen: points × 10, or the yen of 訪問看護. Meals are not in it.</summary>
    public int TotalYen => Kind == ClaimKind.Nursing ? Points : Points * 10;

    /// <summary>The number alone: whatever logs a claim shall not log a person.</summary>
    public override string ToString() => Number;
}

/// <summary>性別 of a claim: 1 男, 2 女.</summary>
public enum ClaimSex
{
    /// <summary>男.</summary>
    Male = 1,

    /// <summary>女.</summary>
    Female = 2,
}

/// <summary>A hospital, clinic, pharmacy or station.</summary>
/// <param name="Prefecture">都道府県番号, two digits; null where the file leaves it blank.</param>
/// <param name="PointTable">点数表: 1 医科, 3 歯科, 4 調剤, 6 訪問看護; null where the file leaves it blank.</param>
/// <param name="Code">医療機関コード, seven digits, unique with the two before it.</param>
/// <param name="Name">名称.</param>
public sealed record Institution(string? Prefecture, string? PointTable, string Code, string? Name);

/// <summary>公費 (KO).</summary>
/// <param name="PayerNumber">負担者番号, eight digits; empty where the file leaves it blank, which is told.</param>
/// <param name="RecipientNumber">受給者番号.</param>
/// <param name="Days">実日数.</param>
/// <param name="Points">合計点数 of what the fund covers; for 訪問看護 yen.</param>
/// <param name="PatientAmount">負担金額 in yen: what the patient pays. Blank is not zero.</param>
public sealed record PublicFund(string PayerNumber, string? RecipientNumber, int? Days, int? Points, int? PatientAmount);

/// <summary>A drug row.</summary>
/// <param name="Code">医薬品コード, nine digits.</param>
/// <param name="Quantity">使用量; for 調剤 per unit (a day, a dose).</param>
/// <param name="Times">回数; for 調剤 the sum of 調剤数量 of the row's prescription. Quantity × times is what was given.</param>
/// <param name="BurdenClass">負担区分: which payers bear it.</param>
public readonly record struct ClaimDrug(string Code, decimal Quantity, int Times, string? BurdenClass);
