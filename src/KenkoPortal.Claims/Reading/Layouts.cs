using static KenkoPortal.Claims.Reading.FieldForm;

namespace KenkoPortal.Claims.Reading;

/// <summary>
/// The records of each kind, as the 記録条件仕様 of the examining bodies lay them down (オンライン又は光ディスク等による請求に係る記録条件仕様;
/// 保険者に提供するレセプト情報). Only columns that are kept or whose form is judged have a rule. Titles are the standard's own names.
/// </summary>
internal sealed class Layouts
{
    private const int Any = Columns.Most;

    /// <summary>Made when the first file of the kind is read.</summary>
    private static readonly Layouts?[] Made = new Layouts?[10];

    private readonly RecordLayout?[] _layouts = new RecordLayout?[26 * 26];

    private Layouts(ClaimKind kind, ClaimSide side)
    {
        Kind = kind;
        foreach (var layout in RecordsOf(kind, side))
        {
            _layouts[Slot(layout.Record)] = layout;
        }

        Header = kind switch { ClaimKind.Dental => RecordName.Uk, ClaimKind.Pharmacy => RecordName.Yk, ClaimKind.Nursing => RecordName.Hm, _ => RecordName.Ir };
        ClaimHeader = kind == ClaimKind.Dental ? RecordName.Ir : -1;

        // No list of its records is at hand that is surely whole, so every name of two capitals is carried.
        IsOpen = kind == ClaimKind.Nursing;
        PrefixColumns = side == ClaimSide.Insurer ? 3 : 0;
    }

    public ClaimKind Kind { get; }

    /// <summary>The record that says who bills, with their name.</summary>
    public int Header { get; }

    /// <summary>歯科: the record that says so again at the beginning of each claim; -1 for the other kinds.</summary>
    public int ClaimHeader { get; }

    /// <summary>Whether records without a layout are carried.</summary>
    public bool IsOpen { get; }

    /// <summary>The columns before the record's name.</summary>
    public int PrefixColumns { get; }

    public static Layouts Of(ClaimKind kind, ClaimSide side) => Made[((int)kind * 2) + (int)side] ??= new Layouts(kind, side);

    public RecordLayout? Find(int record) => record == RecordName.None ? null : _layouts[Slot(record)];

    public bool Knows(int record) => record != RecordName.None && (IsOpen || Find(record) is not null);

    /// <summary>Records that the examiner adds and that are carried without being interpreted.</summary>
    public static bool IsAdministrative(int record) =>
        record is RecordName.Mn or RecordName.Jy or RecordName.On or RecordName.Ex or RecordName.Rc or RecordName.Md or RecordName.Rt or RecordName.Jr
            or RecordName.Mk or RecordName.Hi or RecordName.Hr or RecordName.Hg;

    private static int Slot(int record) => (((record >> 8) - 'A') * 26) + (record & 0xFF) - 'A';

    private static IEnumerable<RecordLayout> RecordsOf(ClaimKind kind, ClaimSide side)
    {
        IEnumerable<RecordLayout> records = kind switch
        {
            ClaimKind.Medical => Medical(),
            ClaimKind.Dpc => Dpc(),
            ClaimKind.Dental => Dental(),
            ClaimKind.Pharmacy => Pharmacy(),
            _ => Nursing(),
        };
        return [.. records, .. side == ClaimSide.Insurer ? Examiners(kind) : [], Total()];
    }

    private static RecordLayout Total() => Record("GO", 4,
        May(1, "総件数", Number, 9, Field.Count), May(2, "総合計点数", Number, 9, Field.Points), May(3, "マルチボリューム識別", Digits, 2));

    private static IEnumerable<RecordLayout> Examiners(ClaimKind kind)
    {
        var key = kind == ClaimKind.Dental ? 4 : 3;
        ColumnRule[] mn = [new(1, "レセプト管理番号", Digits, 9, 16, Field.Number, Blank.SetsAside), Told(key, "レセプト共通キー", Key, 17, Field.Key)];
        yield return new RecordLayout("MN", key + 1, Any, kind == ClaimKind.Dental ? [mn[0], May(2, "医療機関名称", Text, 0, Field.InstitutionName), mn[1]] : mn);
        yield return new RecordLayout("JY", 8, Any,
        [
            Must(1, "補正区分", Mark, 1, Field.Operation), Must(2, "対象行番号", Number, 9, Field.TargetRow), Must(3, "対象枝番号", Number, 9, Field.TargetBranch),
            May(5, "補正理由", Mark, 1, Field.Reason), May(6, "補正後行番号", Number, 9, Field.NewRow), May(7, "補正後枝番号", Number, 9, Field.NewBranch),
        ]);
        foreach (var name in new[] { "ON", "EX", "RC", "MD", "RT", "JR", "MK", "HI", "HR", "HG" })
        {
            yield return Carried(name);
        }
    }

    private static IEnumerable<RecordLayout> Medical() =>
    [
        HospitalHeader(10, 10),
        Record("RE", 38, [.. HospitalClaim(), May(36, "カナ氏名", Text, 0, Field.Kana)]),
        Record("HO", 15, HospitalInsurance()),
        Record("KO", 12, HospitalFund()),
        Record("SN", 9, Eligibility()),
        Record("JD", 33, PayerClass()),
        Record("MF", 33),
        Record("GR", 3),
        .. HospitalServices(),
        .. CarriedAll("TI", "TR", "TS", "NI", "KH"),
    ];

    private static IEnumerable<RecordLayout> Dpc() =>
    [
        HospitalHeader(8, Any),
        new("RE", 29, 60, [.. HospitalClaim(), May(18, "レセプト総括区分", Digits, 1, Field.SummaryClass), May(28, "カナ氏名", Text, 0, Field.Kana)]),
        Record("HO", 16, [.. HospitalInsurance(), May(15, "標準負担額", Number, 9, Field.MealShare)]),
        Record("KO", 13, HospitalFund()),
        Record("SN", 9, Eligibility()),
        Record("JD", 33, PayerClass()),
        Record("MF", 33),
        new("BU", 4, Any, [May(2, "今回入院年月日", Date, 0), May(3, "今回退院年月日", Date, 0)]),
        new("CD", 10, Any,
        [
            May(1, "実施年月日", Date, 0), Told(5, "レセプト電算処理システム用コード", Digits, 9, Field.Code), May(6, "使用量", Fraction, 8, Field.Quantity),
            May(9, "回数", Number, 3, Field.Times),
        ]),
        .. HospitalServices(),
        .. CarriedAll("GR", "SB", "KK", "SK", "GA", "HH", "GT", "TI", "TR", "TS", "NI", "KH"),
    ];

    private static IEnumerable<RecordLayout> Dental() =>
    [
        new("IR", 7, Any, [.. Place(), May(6, "請求年月", Month, 0, Field.BilledMonth)]),
        Record("UK", 10, [.. Place(), May(6, "医療機関名称", Text, 0, Field.InstitutionName), May(7, "請求年月", Month, 0, Field.BilledMonth)]),
        Record("RE", 27,
        [
            .. ClaimHead(3), May(7, "給付割合", Number, 3, Field.BenefitPercent), May(8, "入院年月日", Date, 0), May(9, "診療開始日", Date, 0),
            May(13, "特記事項", Pairs, 10, Field.SpecialNotes), May(25, "カナ氏名", Text, 0, Field.Kana),
        ]),
        Record("HO", 14,
        [
            .. Card(), Told(4, "診療実日数", Number, 3, Field.Days), Must(5, "合計点数", Number, 8, Field.Points), May(6, "食事回数", Number, 3),
            May(7, "食事合計金額", Number, 9, Field.MealTotal), May(10, "一部負担金", Number, 9, Field.PatientAmount), May(11, "減免区分", Digits, 1, Field.ReductionClass),
            May(12, "減額割合", Number, 3, Field.ReductionPercent), May(13, "減額金額", Number, 9, Field.ReductionAmount),
        ]),
        Record("KO", 10,
        [
            .. Fund(), May(4, "診療実日数", Number, 3, Field.Days), May(5, "合計点数", Number, 8, Field.Points), May(6, "負担金額", Number, 9, Field.PatientAmount),
            May(7, "公費給付対象一部負担金", Number, 9), May(8, "食事回数", Number, 3), May(9, "食事合計金額", Number, 9),
        ]),
        Record("SN", 9, Eligibility()),
        Record("IY", 39, Drug()),
        new("SS", 78, Any, [May(76, "点数", Number, 8, Field.Points), May(77, "回数", Number, 3, Field.Times)]),
        .. CarriedAll("JD", "MF", "HS", "SY", "SI", "TO", "CO", "SJ", "TI", "TR", "TS", "NI", "KH"),
    ];

    private static IEnumerable<RecordLayout> Pharmacy() =>
    [
        Record("YK", 9, [.. Place(), May(5, "薬局名称", Text, 0, Field.InstitutionName), May(6, "請求年月", Month, 0, Field.BilledMonth)]),
        Record("RE", 42,
        [
            .. ClaimHead(4), May(7, "給付割合", Number, 3, Field.BenefitPercent), May(8, "特記事項", Pairs, 10, Field.SpecialNotes),
            May(9, "処方箋発行医療機関の都道府県", Digits, 2, Field.PrescriberPrefecture), May(10, "処方箋発行医療機関の点数表", Digits, 1, Field.PrescriberPointTable),
            May(11, "処方箋発行医療機関コード", Digits, 7, Field.PrescriberCode), May(12, "処方箋発行医療機関名称", Text, 0, Field.PrescriberName),
            May(41, "カナ氏名", Text, 0, Field.Kana),
        ]),
        Record("HO", 14,
        [
            .. Card(), Told(4, "処方箋受付回数", Number, 3, Field.Days), Must(5, "合計点数", Number, 8, Field.Points), May(9, "一部負担金", Number, 9, Field.PatientAmount),
            May(11, "減免区分", Digits, 1, Field.ReductionClass), May(12, "減額割合", Number, 3, Field.ReductionPercent), May(13, "減額金額", Number, 9, Field.ReductionAmount),
        ]),
        Record("KO", 10,
        [
            .. Fund(), May(4, "処方箋受付回数", Number, 3, Field.Days), May(5, "合計点数", Number, 8, Field.Points), May(7, "一部負担金額", Number, 9, Field.PatientAmount),
            May(9, "公費給付対象一部負担金", Number, 9),
        ]),
        Record("SN", 9, Eligibility()),
        Record("SH", 10, Told(1, "処方番号", Number, 3), May(2, "剤形", Digits, 1)),
        Record("CZ", 71, May(2, "処方箋交付年月日", Date, 0, Field.PrescribedOn), May(3, "調剤年月日", Date, 0), Told(5, "調剤数量", Number, 3, Field.Quantity), May(10, "薬剤調製料点数", Number, 8), May(13, "薬剤料点数", Number, 8)),
        Record("IY", 10, May(1, "負担区分", Mark, 1, Field.BurdenClass), Told(2, "医薬品コード", Digits, 9, Field.Code), Told(3, "使用量", Fraction, 5, Field.Quantity)),
        Record("TO", 7),
        Record("KI", 114, May(5, "基本料点数", Number, 8)),
        .. CarriedAll("JD", "MF", "CO", "TK", "ST", "SJ", "TI", "TR", "TS", "NI", "KH"),
    ];

    private static IEnumerable<RecordLayout> Nursing() =>
    [
        Record("HM", 8, [.. Place(), May(5, "訪問看護ステーション名称", Text, 0, Field.InstitutionName), May(6, "請求年月", Month, 0, Field.BilledMonth)]),
        Record("RE", 15,
            May(1, "レセプト番号", Number, 9, Field.Number), new(2, "レセプト種別", TypeDigits, 6, 4, Field.ClaimType, Blank.SetsAside), Must(3, "診療年月", Month, 0, Field.Month),
            May(4, "氏名", Text, 0, Field.Name), May(5, "カナ氏名", Text, 0, Field.Kana), Must(6, "男女区分", Sex, 1, Field.Sex), Must(7, "生年月日", Date, 0, Field.BirthDate),
            May(10, "給付割合", Number, 3, Field.BenefitPercent), May(11, "特記事項", Pairs, 10, Field.SpecialNotes)),
        Record("HO", 12,
            [.. Card(), Told(4, "実日数", Number, 3, Field.Days), Must(5, "合計金額", Number, 9, Field.Points), May(8, "一部負担金額", Number, 9, Field.PatientAmount)]),
        Record("KO", 8, [.. Fund(), May(4, "実日数", Number, 3, Field.Days), May(5, "合計金額", Number, 9, Field.Points), May(6, "一部負担金額", Number, 9, Field.PatientAmount)]),
        Record("SN", 9, Eligibility()),
    ];

    private static RecordLayout HospitalHeader(int least, int most) =>
        new("IR", least, most, [.. Place(), May(6, "医療機関名称", Text, 0, Field.InstitutionName), May(7, "請求年月", Month, 0, Field.BilledMonth)]);

    private static ColumnRule[] HospitalClaim() =>
    [
        .. ClaimHead(1), May(7, "給付割合", Number, 3, Field.BenefitPercent), May(8, "入院年月日", Date, 0), May(11, "特記事項", Pairs, 10, Field.SpecialNotes),
    ];

    private static ColumnRule[] HospitalInsurance() =>
    [
        .. Card(), Told(4, "診療実日数", Number, 3, Field.Days), Must(5, "合計点数", Number, 8, Field.Points), May(7, "食事回数", Number, 3),
        May(8, "食事合計金額", Number, 9, Field.MealTotal), May(11, "負担金額", Number, 9, Field.PatientAmount), May(12, "減免区分", Digits, 1, Field.ReductionClass),
        May(13, "減額割合", Number, 3, Field.ReductionPercent), May(14, "減額金額", Number, 9, Field.ReductionAmount),
    ];

    private static ColumnRule[] HospitalFund() =>
    [
        .. Fund(), May(4, "診療実日数", Number, 3, Field.Days), May(5, "合計点数", Number, 8, Field.Points), May(6, "負担金額", Number, 9, Field.PatientAmount),
        May(7, "外来一部負担金", Number, 9), May(8, "入院一部負担金", Number, 9), May(10, "食事回数", Number, 3), May(11, "食事合計金額", Number, 9),
    ];

    private static IEnumerable<RecordLayout> HospitalServices() =>
    [
        Record("SY", 8, May(1, "傷病名コード", Digits, 7), May(2, "診療開始日", Date, 0)),
        Record("SI", 44, Service()),
        Record("IY", 44, [May(1, "診療識別", Digits, 2, Field.Service), .. Drug()]),
        Record("TO", 48,
            May(1, "診療識別", Digits, 2, Field.Service), May(2, "負担区分", Mark, 1, Field.BurdenClass), Told(3, "特定器材コード", Digits, 9, Field.Code),
            May(4, "使用量", Fraction, 8, Field.Quantity), May(5, "点数", Number, 8, Field.Points), May(6, "回数", Number, 3, Field.Times)),
        Record("CO", 5, May(1, "診療識別", Digits, 2, Field.Service)),
        Record("SJ", 3),
    ];

    private static ColumnRule[] Service() =>
    [
        May(1, "診療識別", Digits, 2, Field.Service), May(2, "負担区分", Mark, 1, Field.BurdenClass), Told(3, "診療行為コード", Digits, 9, Field.Code),
        May(4, "数量データ", Fraction, 8, Field.Quantity), May(5, "点数", Number, 8, Field.Points), May(6, "回数", Number, 3, Field.Times),
    ];

    private static ColumnRule[] Drug() =>
    [
        May(2, "負担区分", Mark, 1, Field.BurdenClass), Told(3, "医薬品コード", Digits, 9, Field.Code), Told(4, "使用量", Fraction, 5, Field.Quantity),
        May(5, "点数", Number, 8, Field.Points), Told(6, "回数", Number, 3, Field.Times),
    ];

    private static ColumnRule[] Place() =>
        [May(2, "都道府県", Digits, 2, Field.Prefecture), May(3, "点数表", Digits, 1, Field.PointTable), Must(4, "医療機関コード", Digits, 7, Field.InstitutionCode)];

    private static ColumnRule[] ClaimHead(int pointTable) =>
    [
        May(1, "レセプト番号", Number, 9, Field.Number), new(2, "レセプト種別", TypeDigits, pointTable, 4, Field.ClaimType, Blank.SetsAside),
        Must(3, pointTable == 4 ? "調剤年月" : "診療年月", Month, 0, Field.Month), May(4, "氏名", Text, 0, Field.Name),
        Must(5, "男女区分", Sex, 1, Field.Sex), Must(6, "生年月日", Date, 0, Field.BirthDate),
    ];

    private static ColumnRule[] Card() =>
        [Must(1, "保険者番号", Insurer, 8, Field.InsurerNumber), May(2, "記号", Text, 0, Field.CardSymbol), May(3, "番号", Text, 0, Field.CardNumber)];

    private static ColumnRule[] Fund() =>
        [Told(1, "負担者番号", Digits, 8, Field.PayerNumber), new(2, "受給者番号", Digits, 1, 7, Field.RecipientNumber, Blank.MayBe)];

    private static ColumnRule[] Eligibility() => [.. PayerClass(), May(6, "枝番", Branch, 2, Field.BranchNumber)];

    private static ColumnRule[] PayerClass() => [Told(1, "負担者種別", Digits, 1, Field.PayerClass)];

    private static RecordLayout Record(string name, int columns, params ColumnRule[] rules) => new(name, columns, columns, rules);

    private static RecordLayout Carried(string name) => new(name, 1, Any, []);

    private static IEnumerable<RecordLayout> CarriedAll(params string[] names) => names.Select(Carried);

    private static ColumnRule Must(int index, string title, FieldForm form, int size, Field field = Field.None) => new(index, title, form, size, size, field, Blank.SetsAside);

    private static ColumnRule May(int index, string title, FieldForm form, int size, Field field = Field.None) => new(index, title, form, size, size, field, Blank.MayBe);

    private static ColumnRule Told(int index, string title, FieldForm form, int size, Field field = Field.None) => new(index, title, form, size, size, field, Blank.IsTold);
}
