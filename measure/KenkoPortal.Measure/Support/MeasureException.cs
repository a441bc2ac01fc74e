namespace KenkoPortal.Measure.Support;

/// <summary>A measurement could not be made; the message says why and stands in the table.</summary>
public sealed class MeasureException(string message) : Exception(message);
