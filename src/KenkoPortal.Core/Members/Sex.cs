namespace KenkoPortal.Core.Members;

/// <summary>性別 as insurance files know it; the numbers are those of レセプト files.</summary>
public enum Sex
{
    /// <summary>男.</summary>
    Male = 1,

    /// <summary>女.</summary>
    Female = 2,
}

/// <summary>The notations of <see cref="Sex"/> in files.</summary>
public static class SexNotation
{
    /// <summary>Reads 1, 2, 男, 女, 男性, 女性, half or full width.</summary>
    public static bool TryParse(string? text, out Sex sex)
    {
        sex = text?.Trim() switch
        {
            "1" or "１" or "男" or "男性" => Sex.Male,
            "2" or "２" or "女" or "女性" => Sex.Female,
            _ => default,
        };
        return sex != default;
    }
}
