namespace KenkoPortal.Demo;

/// <summary>The fourth digit of レセプト種別 hangs on it.</summary>
internal enum AgeClass
{
    /// <summary>本人.</summary>
    Insured,

    /// <summary>未就学: until 31 March after the sixth birthday.</summary>
    Preschool,

    /// <summary>家族.</summary>
    Family,

    /// <summary>70 and older, who pay 20 %.</summary>
    Elder,

    /// <summary>70 and older with the income of those who work: 30 %.</summary>
    ElderEarning,
}

/// <summary>A member of a society, as the members' list has them.</summary>
public sealed record DemoPerson
{
    /// <summary>保険者番号, eight digits.</summary>
    public required string InsurerNumber { get; init; }

    /// <summary>記号.</summary>
    public required string Symbol { get; init; }

    /// <summary>番号.</summary>
    public required string Number { get; init; }

    /// <summary>枝番, two digits.</summary>
    public required string Branch { get; init; }

    /// <summary>氏名.</summary>
    public required string Name { get; init; }

    /// <summary>氏名カナ.</summary>
    public required string Kana { get; init; }

    public required bool IsMale { get; init; }

    public required DateOnly BirthDate { get; init; }

    /// <summary>続柄; <c>本人</c> is the insured.</summary>
    public required string Relationship { get; init; }

    public required DateOnly AcquiredOn { get; init; }

    public DateOnly? LostOn { get; init; }

    /// <summary>住所.</summary>
    public required string Address { get; init; }

    /// <summary>Place in the list, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Household's place in the list, from 0.</summary>
    public required int Household { get; init; }

    /// <summary>Another of the card has the same birth date and sex.</summary>
    public bool IsTwin { get; init; }

    internal bool IsInsured => Relationship == "本人";

    internal ulong HouseholdKey => Chance.HashOf($"{InsurerNumber} {Symbol} {Number}");

    internal ulong PersonKey => Chance.HashOf($"{InsurerNumber} {Symbol} {Number} {Branch}");

    internal bool IsMemberIn(DemoMonth month) => AcquiredOn <= month.LastDay && (LostOn is not { } lost || lost > month.FirstDay);

    internal int AgeIn(DemoMonth month)
    {
        var age = month.Year - BirthDate.Year;
        return BirthDate.Month > month.Number ? age - 1 : age;
    }

    internal AgeClass ClassIn(DemoMonth month)
    {
        // An age is reached on the eve of the birthday: who is born on 1 April belongs to the school year before.
        var eve = BirthDate.AddDays(-1);
        var schoolYear = eve.Year + (eve.Month >= 4 ? 7 : 6);
        if (month < new DemoMonth(schoolYear, 4))
        {
            return AgeClass.Preschool;
        }

        // From the month after the seventieth birthday; from its own month for who is born on the first.
        if (month > DemoMonth.Of(eve.AddYears(70)))
        {
            return PersonKey % 5 == 0 ? AgeClass.ElderEarning : AgeClass.Elder;
        }

        return IsInsured ? AgeClass.Insured : AgeClass.Family;
    }

    /// <summary>At 75 people leave their society for the scheme of the old (後期高齢者医療).</summary>
    internal bool IsTooOldIn(DemoMonth month) => BirthDate.AddYears(75) <= month.LastDay;
}
