using System.Text;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Tests.Members.Import;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Support;

/// <summary>Takes a members' list about people of a test, as the clerk would.</summary>
internal static class ListedPeople
{
    /// <summary>A difference list with a row for each person as they are, changed as given.</summary>
    public static async Task<MemberListOutcome> ListAsync(this WebPortal portal, params (Person Person, (string Heading, string Value)[] Changes)[] rows)
    {
        var list = new ListText();
        var ids = rows.Select(r => r.Person.Id).ToList();
        // The reading by which the list knows them again on another card.
        await portal.WriteAsync(db => db.Persons.Where(p => ids.Contains(p.Id)).ToList().ForEach(p => p.KanaKey = "ミナトタメシ"));
        foreach (var (person, changes) in rows)
        {
            var card = await portal.ReadAsync(db => db.InsuranceCards.SingleAsync(c => c.PersonId == person.Id && c.ValidTo == null));
            list.Row(
            [
                ("記号", card.Symbol), ("番号", card.Number), ("枝番", card.Branch), ("氏名", person.Name), ("氏名カナ", "ミナト タメシ"),
                ("性別", person.Sex == Sex.Male ? "1" : "2"), ("生年月日", $"{person.BirthDate:yyyyMMdd}"), ("続柄", person.Relationship),
                ("資格取得年月日", "20200401"), ("郵便番号", "231-0000"), ("住所", person.Address!), .. changes,
            ]);
        }

        return await portal.ListTextAsync(list);
    }

    /// <summary>Takes a difference list as it is written.</summary>
    public static Task<MemberListOutcome> ListTextAsync(this WebPortal portal, ListText list) => portal.AsStaffAsync(async services =>
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(list.Text().Replace(ListText.Insurer, portal.Society.InsurerNumber, StringComparison.Ordinal)));
        var outcome = await services.GetRequiredService<MemberListImport>().ImportAsync(
            file, new MemberListImportOptions { IsDifference = true }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(outcome.File.Errors);
        Assert.Equal(MemberListVerdict.Applied, outcome.Verdict);
        return outcome;
    });

    /// <summary>The list of the day marks a person 非開示.</summary>
    public static async Task<ProtectedMember> ProtectAsync(this WebPortal portal, Person person) =>
        Assert.Single((await portal.ListAsync((person, [("非開示", "1")]))).Protected);
}
