using KenkoPortal.Core.Data;
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
}

/// <summary>Reads the <see cref="PasswordContext"/> for each place at which a password is set.</summary>
public sealed class PasswordContexts(PortalContext db)
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
        var society = db.Current.Society;
        return new PasswordContext(
            loginId, nickname, person.Kana, person.BirthDate, [.. cards.Select(c => (c.SymbolKey, c.NumberKey, c.Branch))],
            [society.Key, society.Title, society.Name, society.Host, society.InsurerNumber])
        {
            Places = [.. new[] { person.PostalCode, person.Address, person.Workplace, society.PostalCode, society.Address, society.Tel }.OfType<string>()],
        };
    }
}
