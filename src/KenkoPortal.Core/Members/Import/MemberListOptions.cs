namespace KenkoPortal.Core.Members.Import;

/// <summary>By what a members' list is judged.</summary>
/// <param name="Insurer">The society's own number: rows of another society are errors.</param>
/// <param name="Today">The date in Tokyo: nobody is born after it.</param>
public sealed record MemberListOptions(InsurerNumber Insurer, DateOnly Today)
{
    /// <summary>How the society heads its columns.</summary>
    public MemberListHeadings Headings { get; init; } = MemberListHeadings.Default;

    /// <summary>A difference lists only who changed; a household may then stand in it without its insured.</summary>
    public bool IsDifference { get; init; }

    /// <summary>Largest file, in bytes. 100,000 people take about 20 MB.</summary>
    public long MaxBytes { get; init; } = 200L * 1024 * 1024;
}
