namespace KenkoPortal.Core.Jobs;

/// <summary>Who runs a job at the moment; a second process waits until it is let go or runs out.</summary>
public sealed class JobLease
{
    public required string Name { get; init; }
    public required string Owner { get; set; }
    public required DateTimeOffset Until { get; set; }
}
