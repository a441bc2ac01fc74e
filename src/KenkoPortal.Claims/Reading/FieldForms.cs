using System.Globalization;
using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>What a column may hold.</summary>
internal enum FieldForm : byte
{
    Text,

    /// <summary>ASCII digits, as many as the column says.</summary>
    Digits,

    /// <summary>A whole number without sign.</summary>
    Number,

    /// <summary>A number with at most five decimals.</summary>
    Fraction,

    /// <summary>GYYMM or YYYYMM.</summary>
    Month,

    /// <summary>GYYMMDD or YYYYMMDD.</summary>
    Date,
    Sex,
    TypeDigits,

    /// <summary>保険者番号, blanks on its left allowed.</summary>
    Insurer,

    /// <summary>枝番: two digits, half or full width.</summary>
    Branch,

    /// <summary>17 letters and digits.</summary>
    Key,

    /// <summary>Codes of two characters each, up to five.</summary>
    Pairs,

    /// <summary>One letter or digit.</summary>
    Mark,
}

/// <summary>Judges and reads single columns. What <see cref="Judge"/> passed, the readers read; blank is never passed to either.</summary>
internal static class FieldForms
{
    /// <summary>The years that the eras can name, 明治1年 to 令和99年; nobody's claim is older, and whoever counts on from a date stays in the calendar.</summary>
    private const int FirstYear = 1868;
    private const int LastYear = 2117;

    private static readonly (int FirstYear, DateOnly First, DateOnly Last)[] Eras =
    [
        (1868, new(1868, 10, 23), new(1912, 7, 29)),
        (1912, new(1912, 7, 30), new(1926, 12, 24)),
        (1926, new(1926, 12, 25), new(1989, 1, 7)),
        (1989, new(1989, 1, 8), new(2019, 4, 30)),
        (2019, new(2019, 5, 1), DateOnly.MaxValue),
    ];

    /// <summary>A few digits for thousands of people.</summary>
    private static readonly string?[] Branches = new string?[100];

    /// <summary>Null for a column that is as it should be.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static ClaimFaultKind? Judge(FieldForm form, int min, int max, ReadOnlySpan<byte> text) => form switch
    {
        FieldForm.Digits => IsDigits(text) && text.Length >= min && text.Length <= max ? null : ClaimFaultKind.NotACode,
        FieldForm.Number => IsDigits(text) && text.Length <= max ? null : ClaimFaultKind.NotANumber,
        FieldForm.Fraction => IsDecimal(text, max) ? null : ClaimFaultKind.NotANumber,
        FieldForm.Month => ReadMonth(text, out _),
        FieldForm.Date => ReadDate(text, out _),
        FieldForm.Sex => text is [(byte)'1' or (byte)'2'] ? null : ClaimFaultKind.NotACode,
        FieldForm.TypeDigits => ClaimType.TryParse(text, out var type) && type.PointTable == min ? null : ClaimFaultKind.NotAClaimType,
        FieldForm.Insurer => IsInsurerNumber(text.TrimStart((byte)' ')) ? null : ClaimFaultKind.NotAnInsurerNumber,
        FieldForm.Branch => IsBranch(text) ? null : ClaimFaultKind.NotACode,
        FieldForm.Key => text.Length == 17 && IsLettersAndDigits(text) ? null : ClaimFaultKind.NotACode,
        FieldForm.Pairs => text.Length <= 10 && text.Length % 2 == 0 && IsLettersAndDigits(text) ? null : ClaimFaultKind.NotACode,
        FieldForm.Mark => text.Length == 1 && IsLettersAndDigits(text) ? null : ClaimFaultKind.NotACode,
        _ => null,
    };

    /// <summary>What belongs there, in Japanese.</summary>
    public static string? Expected(FieldForm form, int min, int max) => form switch
    {
        FieldForm.Digits when min == max => string.Format(CultureInfo.InvariantCulture, ClaimFaultText.FormDigits, max),
        FieldForm.Digits => string.Format(CultureInfo.InvariantCulture, ClaimFaultText.FormDigitsUpTo, min, max),
        FieldForm.Number => string.Format(CultureInfo.InvariantCulture, ClaimFaultText.FormNumber, max),
        FieldForm.Fraction => string.Format(CultureInfo.InvariantCulture, ClaimFaultText.FormDecimal, max),
        FieldForm.Month => ClaimFaultText.FormMonth,
        FieldForm.Date => ClaimFaultText.FormDate,
        FieldForm.Sex => ClaimFaultText.FormSex,
        FieldForm.TypeDigits => min.ToString(CultureInfo.InvariantCulture),
        FieldForm.Branch => string.Format(CultureInfo.InvariantCulture, ClaimFaultText.FormDigits, 2),
        FieldForm.Key => ClaimFaultText.FormKey,
        FieldForm.Pairs => ClaimFaultText.FormPairs,
        FieldForm.Mark => ClaimFaultText.FormMark,
        _ => null,
    };

    /// <summary>A whole number of at most nine digits.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static int ReadNumber(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var b in text)
        {
            number = (number * 10) + b - '0';
        }

        return number;
    }

    [MethodImpl(Compiled.AtOnce)]
    public static bool TryReadNumber(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        if (text.Length is 0 or > 9 || !IsDigits(text))
        {
            return false;
        }

        number = ReadNumber(text);
        return true;
    }

    [MethodImpl(Compiled.AtOnce)]
    public static decimal ReadDecimal(ReadOnlySpan<byte> text)
    {
        var number = 0L;
        byte scale = 0;
        var isFraction = false;
        foreach (var b in text)
        {
            if (b == (byte)'.')
            {
                isFraction = true;
                continue;
            }

            number = (number * 10) + b - '0';
            scale += isFraction ? (byte)1 : (byte)0;
        }

        // 1.50 and 1.5 are one quantity and are written alike.
        while (scale > 0 && number % 10 == 0)
        {
            number /= 10;
            scale--;
        }

        return new decimal((int)number, (int)(number >> 32), 0, isNegative: false, scale);
    }

    [MethodImpl(Compiled.AtOnce)]
    public static ClaimFaultKind? ReadMonth(ReadOnlySpan<byte> text, out TreatmentMonth month)
    {
        month = default;
        if (text.Length is not (5 or 6) || !IsDigits(text) || (text.Length == 5 && text[0] is < (byte)'1' or > (byte)'5'))
        {
            return ClaimFaultKind.NotADate;
        }

        var number = ReadNumber(text);
        var yearInEra = number / 100 % 100;
        var year = text.Length == 6 ? number / 100 : Eras[text[0] - '1'].FirstYear + yearInEra - 1;
        if (year is < FirstYear or > LastYear || number % 100 is < 1 or > 12 || (text.Length == 5 && yearInEra == 0))
        {
            return ClaimFaultKind.NoSuchDay;
        }

        month = new TreatmentMonth(year, number % 100);
        if (text.Length == 6)
        {
            return null;
        }

        var era = Eras[text[0] - '1'];
        return month.FirstDay <= era.Last && month.FirstDay.AddMonths(1) > era.First ? null : ClaimFaultKind.OtherEra;
    }

    [MethodImpl(Compiled.AtOnce)]
    public static ClaimFaultKind? ReadDate(ReadOnlySpan<byte> text, out DateOnly date)
    {
        date = default;
        if (text.Length is not (7 or 8) || !IsDigits(text) || (text.Length == 7 && text[0] is < (byte)'1' or > (byte)'5'))
        {
            return ClaimFaultKind.NotADate;
        }

        var number = ReadNumber(text);
        var yearInEra = number / 10000 % 100;
        var year = text.Length == 8 ? number / 10000 : Eras[text[0] - '1'].FirstYear + yearInEra - 1;
        var (month, day) = (number / 100 % 100, number % 100);
        if (year is < FirstYear or > LastYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || (text.Length == 7 && yearInEra == 0))
        {
            return ClaimFaultKind.NoSuchDay;
        }

        date = new DateOnly(year, month, day);
        if (text.Length == 8)
        {
            return null;
        }

        var era = Eras[text[0] - '1'];
        return date >= era.First && date <= era.Last ? null : ClaimFaultKind.OtherEra;
    }

    public static string ReadBranch(ReadOnlySpan<byte> text)
    {
        var (tens, ones) = text.Length == 2 ? (text[0] - '0', text[1] - '0') : (text[1] - 0x4F, text[3] - 0x4F);
        return Branches[(tens * 10) + ones] ??= string.Create(2, ((char)('0' + tens), (char)('0' + ones)), static (to, digits) => (to[0], to[1]) = digits);
    }

    [MethodImpl(Compiled.AtOnce)]
    private static bool IsDigits(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9')
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    [MethodImpl(Compiled.AtOnce)]
    private static bool IsDecimal(ReadOnlySpan<byte> text, int max)
    {
        var point = text.IndexOf((byte)'.');
        return point < 0
            ? IsDigits(text) && text.Length <= max
            : IsDigits(text[..point]) && point <= max && IsDigits(text[(point + 1)..]) && text.Length - point - 1 <= 5;
    }

    [MethodImpl(Compiled.AtOnce)]
    private static bool IsLettersAndDigits(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)b))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Full-width digits are 824F to 8258.</summary>
    private static bool IsBranch(ReadOnlySpan<byte> text) => text.Length switch
    {
        2 => IsDigits(text),
        4 => text[0] == 0x82 && text[1] is >= 0x4F and <= 0x58 && text[2] == 0x82 && text[3] is >= 0x4F and <= 0x58,
        _ => false,
    };

    /// <summary>
    /// 法別 2 (none for 国民健康保険), 都道府県 2, the insurer's own 3 and a check digit: from the right weights 2, 1, 2, …, the digits of the
    /// products summed, and what is missing to the next ten (昭和51年保発第45号・庁保発第34号).
    /// </summary>
    [MethodImpl(Compiled.AtOnce)]
    private static bool IsInsurerNumber(ReadOnlySpan<byte> text)
    {
        if (text.Length is not (6 or 8) || !IsDigits(text))
        {
            return false;
        }

        var sum = 0;
        for (var i = 0; i < text.Length - 1; i++)
        {
            var product = (text[^(i + 2)] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += (product / 10) + (product % 10);
        }

        return text[^1] - '0' == (10 - (sum % 10)) % 10;
    }
}
