using FsCheck.Fluent;
using KenkoPortal.Core.Members;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Members.Import;

/// <summary>Whatever lists come one after the other, people stay who they are.</summary>
public sealed class MemberListSequenceTests
{
    private const int Lists = 6;

    /// <summary>Somebody who always stays: a list of nobody is no list.</summary>
    private const string Steady = "9999";

    /// <summary>Two families with twins of one day, and a couple both insured.</summary>
    private static readonly Human[] Humans =
    [
        new("港 一", "ミナト ハジメ", "1", "19700101", "本人", 1, 0), new("港 双葉", "ミナト フタバ", "2", "19720202", "妻", 1, 1),
        new("港 三葉", "ミナト ミツバ", "2", "20100505", "長女", 1, 2), new("港 四葉", "ミナト ヨツバ", "2", "20100505", "二女", 1, 3),
        new("浜 五郎", "ハマ ゴロウ", "1", "19800808", "本人", 2, 0), new("浜 六実", "ハマ ムツミ", "2", "19800808", "本人", 3, 0),
        new("浜 七海", "ハマ ナナミ", "2", "20150303", "長女", 2, 1), new("浜 八尋", "ハマ ヤヒロ", "1", "20150303", "長男", 2, 2),
    ];

    [Fact]
    public async Task Every_human_is_one_person_for_ever()
    {
        await using var first = await ImportedSociety.StartAsync(DatabaseKind.Sqlite);
        var runs = Gen.Elements(Enum.GetValues<Place>()).ArrayOf(Humans.Length).Zip(Gen.Choose(0, 1)).ArrayOf(Lists).Sample(20).ToList();
        for (var i = 0; i < runs.Count; i++)
        {
            await RunAsync(await first.NeighbourAsync($"s{i}"), [.. runs[i].Select(list => new Day(list.Item1, list.Item2 == 1))]);
        }
    }

    private static async Task RunAsync(ImportedSociety society, Day[] days)
    {
        var told = string.Join(" | ", days.Select(d => string.Join(',', d.Places) + (d.TwinsSwapped ? " swapped" : "")));
        var known = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var day in days)
        {
            var list = List(day);
            await society.TakeAsync(list);
            var before = await society.SnapshotAsync();
            Assert.True((await society.TakeAsync(list)).Changes.Count == 0, $"not repeatable: {told}");
            Assert.True(before == await society.SnapshotAsync(), $"written without a change: {told}");

            var people = await society.PeopleAsync();
            Assert.True(people.Select(p => p.KanaKey).Distinct(StringComparer.Ordinal).Count() == people.Count, $"one human, two persons: {told}");
            foreach (var person in people)
            {
                Assert.True(known.TryAdd(person.KanaKey, person.Id) || known[person.KanaKey] == person.Id, $"another person: {told}");
            }

            await HoldsAsync(society, day, people, told);
            society.Clock.Advance(TimeSpan.FromDays(1));
        }
    }

    private static async Task HoldsAsync(ImportedSociety society, Day day, List<Person> people, string told)
    {
        var today = KenkoPortal.Core.Common.JapanTime.DateOf(society.Clock.GetUtcNow());
        var cards = await society.ReadAsync(db => db.InsuranceCards.AsNoTracking().Where(c => c.Number != Steady).ToListAsync());
        var expected = Humans.Select((human, i) => (human, Card: Card(human, i, day))).Where(x => x.Card is not null)
            .Select(x => (Kana(x.human), x.Card!.Value)).Order();
        var open =
            from card in cards
            where card.ValidTo is null
            join person in people on card.PersonId equals person.Id
            select (person.KanaKey, (int.Parse(card.Number, null), int.Parse(card.Branch, null)));
        Assert.True(expected.SequenceEqual(open.Order()), $"wrong cards: {told}");
        Assert.True(people.Count(p => p.IsMemberOn(today)) == expected.Count() + 1, $"wrong members: {told}");
        Assert.True(cards.All(c => c.ValidTo is null || c.ValidTo > c.ValidFrom), $"a card that never held: {told}");
        var households =
            from card in cards
            where card.ValidTo is null
            join person in people on card.PersonId equals person.Id
            group person.HouseholdId by card.Number;
        Assert.True(households.All(h => h.Distinct().Count() == 1), $"a card with two households: {told}");
        Assert.True(households.Select(h => h.First()).Distinct().Count() == households.Count(), $"a household with two cards: {told}");
    }

    private static ListText List(Day day)
    {
        var list = new ListText().Row(("番号", Steady));
        for (var i = 0; i < Humans.Length; i++)
        {
            if (Card(Humans[i], i, day) is { } card)
            {
                var human = Humans[i];
                list.Row(
                    ("番号", $"{card.Number}"), ("枝番", $"{card.Branch:00}"), ("氏名", human.Name), ("氏名カナ", human.Kana), ("性別", human.Sex),
                    ("生年月日", human.Birth), ("続柄", day.Places[i] == Place.Own ? "本人" : human.Relationship),
                    ("資格取得年月日", day.Places[i] == Place.Home ? "20160401" : day.Places[i] == Place.Elsewhere ? "20261101" : "20261115"));
            }
        }

        return list;
    }

    private static (int Number, int Branch)? Card(Human human, int index, Day day)
    {
        var branch = day.TwinsSwapped && human.Birth == "20100505" ? 5 - human.Branch : human.Branch;
        return day.Places[index] switch
        {
            Place.Home => (human.Family, branch),
            Place.Elsewhere => (100 + human.Family, branch),
            Place.Own => (500 + index, 0),
            _ => null,
        };
    }

    private static string Kana(Human human) => human.Kana.Replace(" ", "", StringComparison.Ordinal);

    private enum Place
    {
        Away,
        Home,
        Elsewhere,
        Own,
    }

    private sealed record Human(string Name, string Kana, string Sex, string Birth, string Relationship, int Family, int Branch);

    private sealed record Day(Place[] Places, bool TwinsSwapped);
}
