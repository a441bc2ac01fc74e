using System.Runtime.CompilerServices;
using KenkoPortal.Claims.Reading;

namespace KenkoPortal.Claims;

/// <summary>Who pays: the second digit of レセプト種別.</summary>
public enum ClaimScheme
{
    /// <summary>1: 医療保険, health insurance.</summary>
    HealthInsurance = 1,

    /// <summary>2: 公費のみ, public funds without insurance.</summary>
    PublicFundsOnly = 2,

    /// <summary>3: 後期高齢者医療.</summary>
    LateElderly = 3,

    /// <summary>4: 退職者医療, which ended but whose claims may still come.</summary>
    RetiredEmployees = 4,
}

/// <summary>Whose claim it is, which decides the rate: the fourth digit of レセプト種別.</summary>
public enum ClaimAgeClass
{
    /// <summary>1, 2: 本人, the insured person.</summary>
    Insured,

    /// <summary>3, 4: 未就学者, a child before school.</summary>
    Preschool,

    /// <summary>5, 6: 家族, a dependent.</summary>
    Dependent,

    /// <summary>7, 8: 高齢受給者 一般・低所得.</summary>
    Elderly,

    /// <summary>9, 0: 高齢受給者 7割, with an income like those at work.</summary>
    ElderlyHighIncome,
}

/// <summary>
/// レセプト種別, four digits: the kind of claim, the scheme, whether it stands alone or with public funds, and whose it is. Odd is inpatient,
/// even (0 too) is outpatient. Source: 診療報酬情報提供サービス, 別表 レセプト種別コード.
/// </summary>
public readonly record struct ClaimType
{
    private readonly short _code;

    private ClaimType(int code) => _code = (short)code;

    /// <summary>The four digits.</summary>
    public string Code => _code.ToString("0000", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The first digit: 1 医科 and DPC, 3 歯科, 4 調剤, 6 訪問看護.</summary>
    public int PointTable => _code / 1000;

    /// <summary>Who pays.</summary>
    public ClaimScheme Scheme => (ClaimScheme)(_code / 100 % 10);

    /// <summary>How many public funds there are beside the insurance, or by themselves where there is none.</summary>
    public int PublicFundCount => (_code / 10 % 10) - (Scheme == ClaimScheme.PublicFundsOnly ? 0 : 1);

    /// <summary>Whose claim it is.</summary>
    public ClaimAgeClass AgeClass => (_code % 10) switch
    {
        1 or 2 => ClaimAgeClass.Insured,
        3 or 4 => ClaimAgeClass.Preschool,
        5 or 6 => ClaimAgeClass.Dependent,
        7 or 8 => ClaimAgeClass.Elderly,
        _ => ClaimAgeClass.ElderlyHighIncome,
    };

    /// <summary>True for an odd last digit.</summary>
    public bool IsInpatient => _code % 2 == 1;

    /// <summary>The patient's ordinary part of the costs in percent: 20 for 未就学者 and 高齢一般, 30 for everybody else.</summary>
    public int PatientPercent => AgeClass is ClaimAgeClass.Preschool or ClaimAgeClass.Elderly ? 20 : 30;

    /// <summary>Reads four ASCII digits of which every one has a meaning.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static bool TryParse(ReadOnlySpan<byte> text, out ClaimType type)
    {
        type = default;
        if (text.Length != 4 || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        if (text[0] is not ((byte)'1' or (byte)'3' or (byte)'4' or (byte)'6')
            || text[1] is not (>= (byte)'1' and <= (byte)'4')
            || text[2] is not (>= (byte)'1' and <= (byte)'5'))
        {
            return false;
        }

        type = new ClaimType(((text[0] - '0') * 1000) + ((text[1] - '0') * 100) + ((text[2] - '0') * 10) + text[3] - '0');
        return true;
    }

    /// <summary>The four digits.</summary>
    public override string ToString() => Code;
}
