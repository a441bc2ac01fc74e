namespace KenkoPortal.Core.Letters;

/// <summary>One household's letter 「健康マイポータルへの登録について」. It holds plain provisional secrets: keep it no longer than it takes to print it.</summary>
/// <param name="Society">Who sends it, and where registration begins.</param>
/// <param name="IssuedOn">The date of the letter, in Tokyo.</param>
/// <param name="ValidUntil">The last day on which the credentials work, in Tokyo.</param>
/// <param name="Addressee">Where it goes.</param>
/// <param name="Persons">The people of the household, in the order in which they are printed; at least one.</param>
public sealed record RegistrationLetter(
    LetterSociety Society,
    DateOnly IssuedOn,
    DateOnly ValidUntil,
    LetterAddressee Addressee,
    IReadOnlyList<LetterPerson> Persons)
{
    /// <summary>再設定のご案内: the account is there, and the letter sets it anew.</summary>
    public bool IsRecovery { get; init; }
}

/// <summary>What every letter of a society has in common.</summary>
/// <param name="Name">The society's full name.</param>
/// <param name="PostalCode">123-4567, with or without the hyphen; empty if there is none.</param>
/// <param name="Address">The society's address; line feeds are kept.</param>
/// <param name="Telephone">The number to ask at, with hyphens; empty if there is none.</param>
/// <param name="PortalTitle">The product's title, 「健康マイポータル」 by default.</param>
/// <param name="PortalAddress">The portal's origin, such as https://portal.example.jp.</param>
/// <param name="RegistrationAddress">Where the empty mail goes.</param>
public sealed record LetterSociety(
    string Name,
    string PostalCode,
    string Address,
    string Telephone,
    string PortalTitle,
    string PortalAddress,
    string RegistrationAddress);

/// <summary>The address in the envelope's window.</summary>
/// <param name="PostalCode">123-4567, with or without the hyphen; empty if it is not known.</param>
/// <param name="Address">The address; line feeds are kept.</param>
/// <param name="Name">The name without 様.</param>
public sealed record LetterAddressee(string PostalCode, string Address, string Name);

/// <summary>A person's block.</summary>
public sealed record LetterPerson
{
    /// <param name="name">The name without 様.</param>
    /// <param name="nickname">The 仮ニックネーム: ご本人, 妻 …</param>
    /// <param name="provisionalId">The 仮ログインID: eight digits.</param>
    /// <param name="provisionalPassword">The 仮パスワード: three groups of four symbols, joined by hyphens, out of a–z and 2–9 without i, l and o.</param>
    /// <exception cref="ArgumentException">A credential has another form; the message does not repeat it.</exception>
    public LetterPerson(string name, string nickname, string provisionalId, string provisionalPassword)
    {
        if (provisionalId.Length != 8 || !provisionalId.All(char.IsAsciiDigit))
        {
            throw new ArgumentException("A provisional ID has eight digits.", nameof(provisionalId));
        }
        if (provisionalPassword.Length != 14 || !provisionalPassword.Select((symbol, i) => i is 4 or 9 ? symbol == '-' : IsSymbol(symbol)).All(right => right))
        {
            throw new ArgumentException("A provisional password has three groups of four symbols.", nameof(provisionalPassword));
        }
        (Name, Nickname, ProvisionalId, ProvisionalPassword) = (name, nickname, provisionalId, provisionalPassword);
    }

    /// <summary>The name without 様.</summary>
    public string Name { get; }

    /// <summary>The 仮ニックネーム.</summary>
    public string Nickname { get; }

    /// <summary>The 仮ログインID, eight digits.</summary>
    public string ProvisionalId { get; }

    /// <summary>The 仮パスワード, such as abcd-efgh-jkmn.</summary>
    public string ProvisionalPassword { get; }

    /// <summary>Names nobody and no secret, so that a letter in a log line gives nothing away.</summary>
    public override string ToString() => nameof(LetterPerson);

    private static bool IsSymbol(char symbol) => symbol is (>= '2' and <= '9') or (>= 'a' and <= 'z' and not ('i' or 'l' or 'o'));
}
