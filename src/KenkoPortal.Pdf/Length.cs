namespace KenkoPortal.Pdf;

/// <summary>Turns lengths into points, the unit of everything in this library.</summary>
public static class Length
{
    /// <summary>Millimetres in points: 72 / 25.4 each.</summary>
    public static double Millimetres(double value) => value * 72 / 25.4;
}
