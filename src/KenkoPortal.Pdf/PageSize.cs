using System.Runtime.InteropServices;

namespace KenkoPortal.Pdf;

/// <summary>The size of a page in points (1/72 inch).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PageSize(double Width, double Height)
{
    /// <summary>210 × 297 mm (ISO 216).</summary>
    public static PageSize A4 { get; } = new(Length.Millimetres(210), Length.Millimetres(297));
}
