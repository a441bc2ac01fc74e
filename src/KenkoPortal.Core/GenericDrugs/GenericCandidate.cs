namespace KenkoPortal.Core.GenericDrugs;

/// <summary>切替後の候補.</summary>
/// <param name="Name">品名, without the maker's mark 「」 where lists put it apart.</param>
/// <param name="Price">薬価 in yen for a unit.</param>
/// <param name="SavingYen">What the patient would save in the month.</param>
public sealed record GenericCandidate(string Name, decimal Price, int SavingYen);
