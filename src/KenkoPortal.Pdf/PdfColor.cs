using System.Runtime.InteropServices;

namespace KenkoPortal.Pdf;

/// <summary>A colour in DeviceRGB, each part from 0 to 1; equal parts are written as DeviceGray.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PdfColor(double Red, double Green, double Blue)
{
    /// <summary>Black, which is also the default value.</summary>
    public static PdfColor Black { get; } = new(0, 0, 0);

    /// <summary>White.</summary>
    public static PdfColor White { get; } = new(1, 1, 1);

    /// <summary>A grey; 0 is black, 1 white.</summary>
    public static PdfColor Gray(double lightness) => new(lightness, lightness, lightness);
}
