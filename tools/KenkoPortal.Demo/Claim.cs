namespace KenkoPortal.Demo;

/// <summary>Kinds of claims; the files of a delivery are in this order.</summary>
internal enum ClaimKind
{
    Medical,
    Dpc,
    Dental,
    Pharmacy,
    Nursing,
}

/// <summary>The records that name what was done.</summary>
internal enum RowKind
{
    /// <summary>診療行為: SI, in 歯科 SS.</summary>
    Treatment,

    /// <summary>医薬品 IY.</summary>
    Drug,

    /// <summary>特定器材 TO.</summary>
    Material,

    /// <summary>コメント CO: a place in the rows, nothing else.</summary>
    Comment,
}

/// <summary>How the examiner corrects a claim.</summary>
internal enum Correction
{
    None,

    /// <summary>A row is taken out.</summary>
    Delete,

    /// <summary>A row is replaced by a cheaper one.</summary>
    Replace,

    /// <summary>A row is inserted behind another, which is then taken out.</summary>
    Swap,

    /// <summary>Only the totals are replaced, as where there are no rows to correct.</summary>
    Totals,
}

/// <summary>The later fate of a claim, which is told by a record of its own in a later delivery.</summary>
internal enum Remark
{
    None,

    /// <summary>MK: it comes again, re-examined.</summary>
    ReExamined,

    /// <summary>HI: it comes again, returned to its institution.</summary>
    Returned,
}

/// <summary>A row of treatment: what, how much, and its points where it ends a unit of calculation.</summary>
internal sealed class Row(RowKind kind, int section, int code, int? points, int times = 1)
{
    public RowKind Kind { get; } = kind;

    /// <summary>診療識別; 0 where the row goes on with a block.</summary>
    public int Section { get; } = section;

    public int Code { get; } = code;

    /// <summary>点数; null except on the last row of a unit. In 診療識別 97 yen.</summary>
    public int? Points { get; set; } = points;

    /// <summary>回数.</summary>
    public int Times { get; set; } = times;

    public decimal? Quantity { get; init; }

    /// <summary>Day of the month of the first time.</summary>
    public int Day { get; init; } = 1;

    /// <summary>It is a unit by itself, so that it can be taken out.</summary>
    public bool IsUnit { get; init; }

    public bool IsMeal { get; init; }

    /// <summary>行番号 in the claim, once written.</summary>
    public int Line { get; set; }

    public int Sum => IsMeal ? 0 : (Points ?? 0) * Times;
}

/// <summary>A time that a prescription was dispensed: CZ.</summary>
internal sealed class Filling
{
    public required int Day { get; init; }

    /// <summary>調剤数量: days, or 1 for what is not counted in days.</summary>
    public required int Amount { get; set; }

    /// <summary>薬剤調製料点数.</summary>
    public required int MakingPoints { get; init; }

    /// <summary>調剤管理料点数.</summary>
    public required int CarePoints { get; init; }

    public int Line { get; set; }
}

/// <summary>A block of 調剤: SH, its CZ and its IY.</summary>
internal sealed class Prescription
{
    /// <summary>剤形: 1 内服, 3 屯服, 5 外用.</summary>
    public required int Form { get; init; }

    public required List<(DemoDrug Drug, decimal Quantity)> Drugs { get; init; }

    public required List<Filling> Fillings { get; init; }

    /// <summary>単位薬剤料 in points.</summary>
    public int UnitPoints => Points.Of(Drugs.Sum(d => d.Drug.Price * d.Quantity));

    public int Sum => Fillings.Sum(f => f.MakingPoints + f.CarePoints + (UnitPoints * f.Amount));
}

/// <summary>公費.</summary>
internal sealed class Fund
{
    /// <summary>負担者番号: 法別 2 digits, place, check digit.</summary>
    public required int Payer { get; init; }

    public required int Recipient { get; init; }

    /// <summary>合計点数 (yen for 訪問看護) that it takes part in; null: all of the claim's.</summary>
    public int? Part { get; init; }

    /// <summary>負担金額 at most; null: blank.</summary>
    public int? Ceiling { get; init; }

    public int Line { get; set; }
}

/// <summary>A claim as billed, and what the examiner will do to it.</summary>
internal sealed class Claim(ClaimKind kind, DemoPerson person, DemoMonth month, Institution place)
{
    public ClaimKind Kind { get; } = kind;

    public DemoPerson Person { get; } = person;

    /// <summary>診療年月.</summary>
    public DemoMonth Month { get; } = month;

    public Institution Place { get; } = place;

    /// <summary>Among the person's claims of the month.</summary>
    public int Ordinal { get; set; }

    public bool IsInpatient { get; init; }

    /// <summary>実日数, 受付回数.</summary>
    public required int Days { get; init; }

    public int FirstDay { get; init; } = 3;

    public List<Row> Rows { get; } = [];

    public List<Prescription> Prescriptions { get; } = [];

    /// <summary>調剤基本料 of each 受付.</summary>
    public int DispensingPoints { get; init; }

    /// <summary>訪問看護: what it costs, in yen.</summary>
    public int NursingYen { get; set; }

    public int Meals { get; init; }

    public int MealYen { get; init; }

    /// <summary>DPC: 標準負担額.</summary>
    public int MealShare { get; init; }

    public List<Fund> Funds { get; } = [];

    /// <summary>給付割合 where the institution writes it.</summary>
    public int? BenefitPercent { get; set; }

    /// <summary>減免区分: 1 減額, 2 免除.</summary>
    public int? Reduction { get; set; }

    public int? ReductionPercent { get; set; }

    public int? ReductionYen { get; set; }

    /// <summary>The institution knows the person's ceiling (限度額): 負担金額 is written where the share is above it.</summary>
    public bool KnowsCeiling { get; set; }

    /// <summary>調剤: whose prescription it was.</summary>
    public Institution? Prescriber { get; init; }

    /// <summary>DPC: レセプト総括区分.</summary>
    public int Summary { get; init; }

    public Correction Correction { get; set; }

    public Remark Remark { get; set; }

    /// <summary>It was returned, and is billed anew: another number, another key.</summary>
    public bool IsBilledAnew { get; set; }

    /// <summary>枝番 is missing.</summary>
    public bool HasNoBranch { get; set; }

    /// <summary>Nothing but the family's name could be read.</summary>
    public bool HasFamilyNameOnly { get; set; }

    public bool HasWrongBirthDate { get; set; }

    public bool HasWrongCard { get; set; }

    /// <summary>合計点数; 訪問看護: yen.</summary>
    public int Total => Kind switch
    {
        ClaimKind.Nursing => NursingYen,
        ClaimKind.Pharmacy => (DispensingPoints * Days) + Prescriptions.Sum(p => p.Sum),
        _ => Rows.Sum(r => r.Sum),
    };

    public int TotalYen => Kind == ClaimKind.Nursing ? Total : Total * 10;

    public AgeClass Class => Person.ClassIn(Month);

    /// <summary>The patient's ordinary part, in percent.</summary>
    public int Percent => BenefitPercent is { } benefit ? 100 - benefit : Class is AgeClass.Preschool or AgeClass.Elder ? 20 : 30;

    /// <summary>HO 負担金額: the ceiling of a month where it is known and lower than the share (健康保険法施行令 第42条).</summary>
    public int? Ceiling
    {
        get
        {
            var share = TotalYen * Percent / 100;
            var ceiling = Class switch
            {
                AgeClass.Elder when !IsInpatient => 18_000,
                AgeClass.Elder => 57_600,
                _ when Person.HouseholdKey % 3 == 0 => 57_600,
                _ => 80_100 + ((Math.Max(0, TotalYen - 267_000) + 50) / 100),
            };
            return KnowsCeiling && Funds.Count == 0 && Reduction is null && share > ceiling ? ceiling : null;
        }
    }

    /// <summary>特記事項: which ceiling.</summary>
    public int? Notes => Ceiling is null ? null : Class is AgeClass.Elder or AgeClass.ElderEarning ? 29 : Person.HouseholdKey % 3 == 0 ? 29 : 28;

    /// <summary>レセプト種別.</summary>
    public int Type
    {
        get
        {
            var first = Kind switch { ClaimKind.Dental => 3, ClaimKind.Pharmacy => 4, ClaimKind.Nursing => 6, _ => 1 };
            var last = Class switch { AgeClass.Insured => 1, AgeClass.Preschool => 3, AgeClass.Family => 5, AgeClass.Elder => 7, _ => 9 };
            return (first * 1000) + 100 + ((1 + Funds.Count) * 10) + (IsInpatient ? last : (last + 1) % 10);
        }
    }
}

/// <summary>Money into points.</summary>
internal static class Points
{
    /// <summary>Of a drug's price: a tenth, .5 down and more than that up (五捨五超入), one at least.</summary>
    public static int Of(decimal yen) => Math.Max(1, (int)Math.Ceiling((yen / 10) - 0.5m));
}
