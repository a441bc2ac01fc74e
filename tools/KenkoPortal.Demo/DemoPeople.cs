using System.Globalization;
using System.Text;

namespace KenkoPortal.Demo;

/// <summary>The people whose claims are written: those of a members' list, or made-up ones with a list of their own. Both are streamed.</summary>
public static class DemoPeople
{
    private const string Header = "保険者番号,記号,番号,枝番,氏名,氏名カナ,性別,生年月日,続柄,資格取得年月日,資格喪失年月日,郵便番号,住所,事業所,非開示";

    private static readonly (string Kanji, string Kana)[] Surnames =
    [
        ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("石井", "イシイ"), ("青木", "アオキ"), ("磯貝", "イソガイ"), ("岸本", "キシモト"), ("船越", "フナコシ"), ("沖田", "オキタ"),
        ("島村", "シマムラ"), ("川辺", "カワベ"), ("橋爪", "ハシヅメ"), ("倉持", "クラモチ"), ("波多野", "ハタノ"), ("浜崎", "ハマサキ"), ("髙橋", "タカハシ"), ("渡邉", "ワタナベ"),
        ("小野", "オノ"), ("大野", "オオノ"), ("岡本", "オカモト"), ("藤井", "フジイ"), ("内田", "ウチダ"), ("宮崎", "ミヤザキ"), ("木村", "キムラ"), ("山﨑", "ヤマサキ"),
    ];

    private static readonly (string Kanji, string Kana)[] Men =
    [
        ("学", "マナブ"), ("健一", "ケンイチ"), ("誠", "マコト"), ("直樹", "ナオキ"), ("哲也", "テツヤ"), ("大輔", "ダイスケ"), ("翔太", "ショウタ"), ("拓也", "タクヤ"),
        ("陽斗", "ハルト"), ("朝陽", "アサヒ"), ("航", "ワタル"), ("悠真", "ユウマ"),
    ];

    private static readonly (string Kanji, string Kana)[] Women =
    [
        ("美穂", "ミホ"), ("由美子", "ユミコ"), ("香織", "カオリ"), ("裕子", "ユウコ"), ("智子", "トモコ"), ("真由美", "マユミ"), ("愛", "アイ"), ("彩", "アヤ"),
        ("澪", "ミオ"), ("凪", "ナギ"), ("結衣", "ユイ"), ("葵", "アオイ"),
    ];

    private static readonly string[] Sons = ["長男", "二男", "三男", "四男"];

    private static readonly string[] Daughters = ["長女", "二女", "三女", "四女"];

    /// <summary>Reads a members' list with the default headings, UTF-8 or CP932, dates as YYYYMMDD. It is the generator's own: strict where a list is odd.</summary>
    /// <exception cref="FormatException">It is no such list.</exception>
    public static IEnumerable<DemoPerson> Read(string file)
    {
        // Where it is neither, the headings are not found and say so.
        var encoding = IsUtf8(file) ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(932)!;
        var twins = TwinsOf(Rows(file, encoding));
        var (households, last) = (-1, "");
        var index = 0;
        foreach (var row in Rows(file, encoding))
        {
            var card = CardOf(row);
            households += card == last ? 0 : 1;
            last = card;
            yield return new DemoPerson
            {
                InsurerNumber = row[0], Symbol = row[1], Number = row[2], Branch = row[3], Name = row[4], Kana = row[5], IsMale = row[6] is "1" or "男",
                BirthDate = Day(row[7]) ?? throw new FormatException("生年月日"), Relationship = row[8], AcquiredOn = Day(row[9]) ?? throw new FormatException("資格取得年月日"),
                LostOn = Day(row[10]), Address = row[12], Index = index++, Household = households, IsTwin = twins.Contains(TwinKey(row)),
            };
        }
    }

    /// <summary>Makes people up: the same number and seed give the same people.</summary>
    /// <param name="count">How many.</param>
    /// <param name="insurerNumber">保険者番号.</param>
    /// <param name="until">The newest month: they are of all ages then.</param>
    /// <param name="seed">Another seed gives other people.</param>
    public static IEnumerable<DemoPerson> Make(int count, string insurerNumber, DemoMonth until, int seed = 1)
    {
        var index = 0;
        for (var household = 0; index < count; household++)
        {
            foreach (var person in HouseholdOf(household, insurerNumber, until, seed))
            {
                if (index == count)
                {
                    yield break;
                }

                yield return person with { Index = index++ };
            }
        }
    }

    /// <summary>Writes the members' list of the people: UTF-8 with a byte order mark, CRLF.</summary>
    public static void WriteList(string file, IEnumerable<DemoPerson> people)
    {
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 1 << 16) { NewLine = "\r\n" };
        writer.WriteLine(Header);
        foreach (var p in people)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{p.InsurerNumber},{p.Symbol},{p.Number},{p.Branch},{p.Name},{p.Kana},{(p.IsMale ? 1 : 2)},{p.BirthDate:yyyyMMdd},{p.Relationship},{p.AcquiredOn:yyyyMMdd},{p.LostOn:yyyyMMdd},231{p.Household % 10_000:D4},{p.Address},事業所{p.Household % 40:D2},"));
        }
    }

    private static List<DemoPerson> HouseholdOf(int household, string insurerNumber, DemoMonth until, int seed)
    {
        var chance = new Chance((ulong)seed, (ulong)household, 7);
        var people = new List<DemoPerson>(6);
        var surname = chance.Of(Surnames);
        var (symbol, number) = (Text(100 + (household % 40)), Text(1 + (household / 40)));
        // The first has a family, so that there is something to show.
        var size = household == 0 ? 4 : chance.Below(100) switch { < 34 => 1, < 50 => 2, < 68 => 3, < 90 => 4, < 97 => 5, _ => 6 };
        var age = household == 0 ? 48 : chance.From(size > 2 ? 28 : 20, size > 4 ? 46 : 64);
        var headIsMale = household == 0 || chance.Permille(640);
        DateOnly? left = chance.Permille(20) && age >= 24 ? until.FirstDay.AddMonths(-chance.From(1, 30)).AddDays(30) : null;
        var head = Person(headIsMale, age, "本人");
        var joined = chance.Permille(50) && left is null ? until.FirstDay.AddMonths(-chance.From(3, 30)) : new DateOnly(head.BirthDate.Year + 20, 4, 1);
        people.Add(head with { AcquiredOn = joined });
        if (size > 1)
        {
            people.Add(Person(!headIsMale, Math.Max(20, age + chance.From(-4, 4)), headIsMale ? "妻" : "夫"));
        }

        var (sons, daughters) = (0, 0);
        for (var child = 2; child < Math.Min(size, 5); child++)
        {
            var isMale = chance.Permille(510);
            var born = Person(isMale, Math.Max(0, Math.Min(24, age - 27 - (child * 2))), "");
            if (child > 2 && chance.Permille(40) && people[^1].IsMale == isMale)
            {
                people[^1] = people[^1] with { IsTwin = true };
                born = born with { BirthDate = people[^1].BirthDate, IsTwin = true };
            }

            people.Add(born with { Relationship = isMale ? Sons[sons++] : Daughters[daughters++] });
        }

        if (size > 5)
        {
            people.Add(Person(isMale: false, Math.Min(74, age + 26), "母"));
        }

        // Who was born after the family had left was never a member.
        people.RemoveAll(p => p.BirthDate >= left);
        return people.ConvertAll(p => p with { AcquiredOn = p.BirthDate > joined ? p.BirthDate : joined });

        DemoPerson Person(bool isMale, int years, string relationship)
        {
            var given = chance.Of(isMale ? Men : Women);
            return new DemoPerson
            {
                InsurerNumber = insurerNumber, Symbol = symbol, Number = number, Branch = people.Count.ToString("D2", CultureInfo.InvariantCulture),
                Name = $"{surname.Kanji}　{given.Kanji}", Kana = $"{surname.Kana}　{given.Kana}", IsMale = isMale,
                BirthDate = until.FirstDay.AddYears(-years).AddDays(-chance.From(40, 360)), Relationship = relationship,
                AcquiredOn = until.FirstDay, LostOn = left, Address = Town.AddressOf(household), Index = 0, Household = household,
            };
        }
    }

    private static IEnumerable<string[]> Rows(string file, Encoding encoding)
    {
        using var lines = File.ReadLines(file, encoding).GetEnumerator();
        if (!lines.MoveNext() || !lines.Current.TrimStart('\uFEFF').StartsWith(Header, StringComparison.Ordinal))
        {
            throw new FormatException(Header);
        }

        while (lines.MoveNext())
        {
            var row = lines.Current.Split(',');
            yield return row.Length >= 13 ? row : throw new FormatException(lines.Current);
        }
    }

    private static HashSet<string> TwinsOf(IEnumerable<string[]> rows)
    {
        var (twins, seen) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var last = "";
        foreach (var row in rows)
        {
            // A card's people stand together, so what was seen of another card is no longer needed.
            if (CardOf(row) is var card && card != last)
            {
                seen.Clear();
                last = card;
            }

            if (!seen.Add(TwinKey(row)))
            {
                twins.Add(TwinKey(row));
            }
        }

        return twins;
    }

    private static string TwinKey(string[] row) => $"{CardOf(row)} {row[6]} {row[7]}";

    private static string CardOf(string[] row) => $"{row[1]} {row[2]}";

    private static DateOnly? Day(string text) => text.Length == 0 ? null : DateOnly.ParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>By the first heading, which every list begins with.</summary>
    private static bool IsUtf8(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> start = stackalloc byte[32];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) || start.StartsWith("保険者番号"u8);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
