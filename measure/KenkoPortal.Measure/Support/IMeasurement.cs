namespace KenkoPortal.Measure.Support;

/// <summary>One measurement, or the test of one promise.</summary>
public interface IMeasurement
{
    /// <summary>By which it is asked for on the command line.</summary>
    string Name { get; }

    /// <summary>One line for <c>--list</c>.</summary>
    string Says { get; }

    /// <summary>After this time it is ended and counts as not measured.</summary>
    TimeSpan Limit { get; }

    /// <summary>Measures, and leaves nothing running behind that <see cref="Ground"/> does not own.</summary>
    Task<IReadOnlyList<Row>> RunAsync(Ground ground);
}
