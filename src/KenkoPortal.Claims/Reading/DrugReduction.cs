using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>
/// 薬剤料逓減: what is billed of the drugs above it where somebody gets many at once, written as IY with a code of its own (630010002 ９０／１００ 内服薬,
/// 630010005 ８０／１００ 向精神薬多剤投与, …; 医薬品マスター). It is no drug, and the institution leaves 使用量 blank.
/// </summary>
internal static class DrugReduction
{
    [MethodImpl(Compiled.AtOnce)]
    public static bool Is(ReadOnlySpan<byte> code) => code.Length == 9 && code.StartsWith("63001"u8);
}
