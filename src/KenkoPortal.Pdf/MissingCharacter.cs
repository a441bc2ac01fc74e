namespace KenkoPortal.Pdf;

/// <summary>A character that no font of its stack has; 〓 is drawn for it.</summary>
/// <param name="Character">The character, one code point.</param>
/// <param name="Pages">The pages that it stands on, from 0, ascending.</param>
public sealed record MissingCharacter(string Character, IReadOnlyList<int> Pages);
