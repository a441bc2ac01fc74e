namespace KenkoPortal.Core.GenericDrugs;

/// <summary>
/// The ministry's lists of one day, for every society: price list, generic availability, and where it was given the 医薬品マスター. An edition prices the
/// treatments from <see cref="ValidFrom"/> until the next edition begins.
/// </summary>
public sealed class DrugEdition
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required DateOnly ValidFrom { get; init; }
    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>Hash of its rows: the same lists again change nothing.</summary>
    public required long Fingerprint { get; init; }

    public required int Priced { get; init; }
    public required int Mastered { get; init; }
}
