using System.Security.Cryptography;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Reissue;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>What others know of the person who chooses a password, and of the society. It is that person's own, so that a refusal tells nothing of anybody else.</summary>
/// <param name="LoginId">ログインID, as stored or as typed beside the password.</param>
/// <param name="Nickname">ニックネーム.</param>
/// <param name="Kana">氏名カナ as listed.</param>
/// <param name="BirthDate">生年月日.</param>
/// <param name="Cards">記号, 番号 and 枝番 of every card that the person has or had.</param>
/// <param name="SocietyWords">Key, title, name, host and 保険者番号 of the society.</param>
public sealed record PasswordContext(
    string? LoginId, string? Nickname, string? Kana, DateOnly? BirthDate, IReadOnlyList<(string Symbol, string Number, string Branch)> Cards, IReadOnlyList<string> SocietyWords)
{
    /// <summary>郵便番号, 住所 and 事業所 of the person, and the society's: their numbers and kana count, for kanji have no one reading.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>仮ログインID of the person's letters: whoever opens the post knows them.</summary>
    public IReadOnlyList<string> ProvisionalIds { get; init; } = [];

    /// <summary>Tells whether twelve letters and digits are a 仮パスワード of the person: they stand in a letter or in a mail.</summary>
    public Predicate<string> IsProvisional { get; init; } = _ => false;
}

/// <summary>Reads the <see cref="PasswordContext"/> for each place at which a password is set.</summary>
public sealed class PasswordContexts(PortalContext db, PortalKeys keys, PasswordHashing hashing)
{
    /// <summary>Of an account that exists.</summary>
    public async Task<PasswordContext> OfAccountAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var account = await db.MemberAccounts.AsNoTracking().Where(a => a.Id == accountId)
            .Select(a => new { a.PersonId, a.LoginId, a.Nickname }).SingleAsync(cancellationToken);
        return await OfPersonAsync(account.PersonId, account.LoginId, account.Nickname, cancellationToken);
    }

    /// <summary>Of somebody who chooses ID and nickname on the same form.</summary>
    public async Task<PasswordContext> OfPersonAsync(Guid personId, string? loginId, string? nickname, CancellationToken cancellationToken)
    {
        var person = await db.Persons.AsNoTracking().Where(p => p.Id == personId).Select(p => new { p.Kana, p.BirthDate, p.PostalCode, p.Address, p.Workplace }).SingleAsync(cancellationToken);
        var cards = await db.InsuranceCards.AsNoTracking().Where(c => c.PersonId == personId)
            .Select(c => new { c.SymbolKey, c.NumberKey, c.Branch }).ToListAsync(cancellationToken);
        var letters = await db.ProvisionalCredentials.AsNoTracking().Where(c => c.PersonId == personId).Select(c => new { c.ProvisionalId, c.PasswordMac }).ToListAsync(cancellationToken);
        var requests = await db.ReissueRequests.Where(r => db.MemberAccounts.Any(a => a.Id == r.AccountId && a.PersonId == personId)).Select(r => r.Id).ToListAsync(cancellationToken);
        var temporary = requests.Select(id => ProvisionalPassword.Normalize(ReissueLinkMail.TemporaryPassword(keys, id))).ToHashSet(StringComparer.Ordinal);
        var society = db.Current.Society;
        return new PasswordContext(
            loginId, nickname, person.Kana, person.BirthDate, [.. cards.Select(c => (c.SymbolKey, c.NumberKey, c.Branch))],
            [society.Key, society.Title, society.Name, society.Host, society.InsurerNumber])
        {
            Places = [.. new[] { person.PostalCode, person.Address, person.Workplace, society.PostalCode, society.Address, society.Tel }.OfType<string>()],
            ProvisionalIds = letters.ConvertAll(c => c.ProvisionalId),
            IsProvisional = text => temporary.Contains(text)
                || (letters.Count > 0 && keys.Mac(KeyPurpose.ProvisionalPassword, text) is var mac && letters.Exists(c => CryptographicOperations.FixedTimeEquals(c.PasswordMac, mac))),
        };
    }

    /// <summary>
    /// Whether it is the account's password already. Somebody may know that one: it is why an account is set anew. Only who sets the password is told: one that is
    /// another is stored at once, so that nobody tries out what it was.
    /// </summary>
    /// <exception cref="PortalBusyException">Too many wait for hashing.</exception>
    public async Task<bool> IsUnchangedAsync(Guid personId, string password, CancellationToken cancellationToken) =>
        await db.MemberAccounts.Where(a => a.PersonId == personId).Select(a => a.PasswordHash).SingleOrDefaultAsync(cancellationToken) is { } stored
        && await hashing.VerifyAsync(stored, password, cancellationToken);
}
