using System.Globalization;

namespace KenkoPortal.Core.Common;

/// <summary>Fills the places {0}, {1} … of a resource's text.</summary>
public static class TextFormat
{
    public static string With(this string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, format, values);
}
