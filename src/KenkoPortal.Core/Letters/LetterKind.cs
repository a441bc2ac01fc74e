namespace KenkoPortal.Core.Letters;

/// <summary>Which letter brought a person their credentials.</summary>
public enum LetterKind
{
    /// <summary>The household's: it held others' credentials too, or went to somebody else. Who opened it could register them all.</summary>
    Household,

    /// <summary>A letter to this person alone.</summary>
    Own,

    /// <summary>再設定のご案内, to this person alone: it sets an account anew that exists.</summary>
    Recovery,
}
