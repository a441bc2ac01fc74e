using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>
/// The patient's part of the meals of a 医科 claim: the sum of 点数 × 回数 (here yen) of the 標準負担額 rows in 診療識別 97. 点数 stands on the last
/// row of a unit of calculation only.
/// </summary>
internal sealed class MealShare
{
    private bool _isMixed;
    private bool _isOpen;
    private bool _hasShare;
    private long _sum;

    /// <summary>Null where there is none, or where it cannot be told apart.</summary>
    public int? Yen => _hasShare && !_isMixed && !_isOpen && _sum <= int.MaxValue ? (int)_sum : null;

    public void Reset()
    {
        _isMixed = _isOpen = _hasShare = false;
        _sum = 0;
    }

    /// <summary>Takes an SI row of 診療識別 97 that does not say what, or how often.</summary>
    public void Lose() => _isMixed = true;

    /// <summary>Takes the next SI row of 診療識別 97.</summary>
    /// <param name="code">診療行為コード.</param>
    /// <param name="yen">点数, null where it is blank.</param>
    /// <param name="times">回数.</param>
    [MethodImpl(Compiled.AtOnce)]
    public void Add(int code, int? yen, int times)
    {
        var isShare = IsShare(code);
        if (yen is not { } amount)
        {
            _isOpen |= isShare;
            return;
        }

        if (isShare)
        {
            _hasShare = true;
            _sum += (long)amount * times;
        }
        else
        {
            // A share row without an amount, and the amount of its unit on something else.
            _isMixed |= _isOpen;
        }

        _isOpen = false;
    }

    /// <summary>入院時食事療養・生活療養の標準負担額, by the 診療行為マスター.</summary>
    private static bool IsShare(int code) => code % 100 == 10 && code is
        197000810 or 197000910 or 197001010 or 197001110 or 197001210
        or (>= 197001910 and <= 197002510) or (>= 197002810 and <= 197003010) or (>= 197003310 and <= 197004110);
}
