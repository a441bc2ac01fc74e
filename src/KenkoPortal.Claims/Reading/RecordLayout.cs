namespace KenkoPortal.Claims.Reading;

/// <summary>The columns that are kept, whatever their place in the records of a kind.</summary>
internal enum Field : byte
{
    None,
    Number,
    Key,
    Prefecture,
    PointTable,
    InstitutionCode,
    InstitutionName,
    BilledMonth,
    ClaimType,
    Month,
    Name,
    Kana,
    Sex,
    BirthDate,
    BenefitPercent,
    SpecialNotes,
    SummaryClass,
    PrescriberPrefecture,
    PrescriberPointTable,
    PrescriberCode,
    PrescriberName,
    InsurerNumber,
    CardSymbol,
    CardNumber,
    BranchNumber,
    PayerClass,
    Days,
    Points,
    MealTotal,
    MealShare,
    PatientAmount,
    ReductionClass,
    ReductionPercent,
    ReductionAmount,
    PayerNumber,
    RecipientNumber,
    Service,
    BurdenClass,
    Code,
    Quantity,
    Times,
    Count,
    Operation,
    TargetRow,
    TargetBranch,
    Reason,
    NewRow,
    NewBranch,
    PrescribedOn,
}

/// <summary>A column whose form is judged.</summary>
/// <param name="Index">Its index behind the record's name, which has 0.</param>
/// <param name="Title">Its Japanese name.</param>
/// <param name="Form">What it may hold.</param>
/// <param name="Min">The least digits; for レセプト種別 its first digit.</param>
/// <param name="Max">The most digits.</param>
/// <param name="Field">What it is kept as.</param>
/// <param name="WhenBlank">What it means that nothing stands in it.</param>
internal sealed record ColumnRule(int Index, string Title, FieldForm Form, int Min, int Max, Field Field, Blank WhenBlank);

/// <summary>What a blank column means. The library's README has the columns and the sources.</summary>
internal enum Blank : byte
{
    /// <summary>The standard lets it be blank.</summary>
    MayBe,

    /// <summary>The standard has it filled, and a notice needs it not: the claim is delivered, the first such line is told.</summary>
    IsTold,

    /// <summary>Without it nobody knows whose, of which month, by whom or how much the claim is.</summary>
    SetsAside,
}

/// <summary>A record of one kind of claims.</summary>
internal sealed class RecordLayout
{
    private readonly sbyte[] _places = new sbyte[Enum.GetValues<Field>().Length];

    /// <param name="name">レコード識別.</param>
    /// <param name="least">The columns that it must have, its name among them.</param>
    /// <param name="most">The columns that it may have with something in them.</param>
    /// <param name="rules">What is known of its columns, in their order.</param>
    public RecordLayout(string name, int least, int most, ColumnRule[] rules)
    {
        (Record, Name, Least, Most, Rules) = (RecordName.Of(name), name, least, most, rules);
        Array.Fill(_places, (sbyte)-1);
        foreach (var rule in rules)
        {
            if (rule.Field != Field.None)
            {
                _places[(int)rule.Field] = checked((sbyte)rule.Index);
            }
        }
    }

    public int Record { get; }

    public string Name { get; }

    public int Least { get; }

    public int Most { get; }

    public ColumnRule[] Rules { get; }

    /// <summary>Where a field stands, or -1.</summary>
    public int PlaceOf(Field field) => _places[(int)field];

    public string? TitleOf(int index) => index == 0 ? "レコード識別" : Array.Find(Rules, rule => rule.Index == index)?.Title;
}
