using System.Globalization;
using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;

namespace KenkoPortal.Measure.Support;

/// <summary>A person of the fictional membership: the same number is the same person in every run.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Household">From 0; two people on average.</param>
/// <param name="Branch">枝番 in the household, from 0, which is the insured.</param>
public sealed record Resident(int Number, int Household, int Branch)
{
    private static readonly (string Kanji, string Kana)[] Surnames =
    [
        ("石井", "イシイ"), ("青木", "アオキ"), ("磯貝", "イソガイ"), ("汐田", "シオタ"), ("港", "ミナト"), ("浜崎", "ハマサキ"), ("岸本", "キシモト"), ("船越", "フナコシ"),
        ("波多野", "ハタノ"), ("沖田", "オキタ"), ("島村", "シマムラ"), ("川辺", "カワベ"), ("橋爪", "ハシヅメ"), ("倉持", "クラモチ"), ("荷見", "ハスミ"), ("錨", "イカリ"),
    ];

    private static readonly (string Kanji, string Kana)[] Men =
    [
        ("学", "マナブ"), ("健一", "ケンイチ"), ("陽斗", "ハルト"), ("朝陽", "アサヒ"), ("航", "ワタル"), ("悠真", "ユウマ"), ("拓海", "タクミ"), ("誠", "マコト"),
    ];

    private static readonly (string Kanji, string Kana)[] Women =
    [
        ("美穂", "ミホ"), ("彩", "アヤ"), ("由美子", "ユミコ"), ("香織", "カオリ"), ("澪", "ミオ"), ("凪", "ナギ"), ("さくら", "サクラ"), ("結衣", "ユイ"),
    ];

    private static readonly string[] Relationships = ["本人", "妻", "長男", "長女"];

    /// <summary>記号.</summary>
    public string Symbol => Text(100 + (Household % 40));

    /// <summary>番号.</summary>
    public string CardNumber => Text(1 + (Household / 40));

    public string BranchText => Branch.ToString("D2", CultureInfo.InvariantCulture);

    public Sex Sex => Branch % 2 == 0 ? Sex.Male : Sex.Female;

    public string Relationship => Relationships[Branch];

    public string Name => $"{Surname.Kanji}　{Given.Kanji}";

    public string Kana => $"{Surname.Kana}　{Given.Kana}";

    public DateOnly BirthDate => (Branch < 2 ? new DateOnly(1960, 4, 1) : new DateOnly(1998, 4, 1)).AddDays(Number * 7919 % 9000);

    public DateOnly AcquiredOn => BirthDate > new DateOnly(2000, 4, 1) ? BirthDate : new DateOnly(2000, 4, 1);

    public string PostalCode => $"231-{Household % 10_000:D4}";

    public string Address => string.Create(CultureInfo.InvariantCulture, $"架空県みなと市埠頭西町{1 + (Household % 80)}番{1 + (Household % 30)}号 潮騒ハイツ{101 + (Household % 900)}");

    public string Workplace => $"事業所{Household % 40:D2}";

    private (string Kanji, string Kana) Surname => Surnames[Household * 31 % Surnames.Length];

    private (string Kanji, string Kana) Given => Sex == Sex.Male ? Men[Number * 5 / 3 % Men.Length] : Women[Number * 7 / 3 % Women.Length];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A membership without end, and its list as a core system hands it out.</summary>
public static class Census
{
    private static readonly int[] Sizes = [2, 1, 4, 2, 1];

    /// <summary>The first so many people, household by household.</summary>
    public static IEnumerable<Resident> People(int count)
    {
        for (int number = 0, household = 0; number < count; household++)
        {
            for (var branch = 0; branch < Sizes[household % Sizes.Length] && number < count; branch++)
            {
                yield return new Resident(number++, household, branch);
            }
        }
    }

    /// <summary>Writes the members' list (加入者一覧) in CP932.</summary>
    public static async Task WriteListAsync(string file, int count, string insurerNumber, CancellationToken cancellationToken)
    {
        var text = new StringBuilder("保険者番号,記号,番号,枝番,氏名,氏名カナ,性別,生年月日,続柄,資格取得年月日,資格喪失年月日,郵便番号,住所,事業所,非開示\r\n");
        foreach (var p in People(count))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{insurerNumber},{p.Symbol},{p.CardNumber},{p.BranchText},{p.Name},{p.Kana},{(int)p.Sex},{p.BirthDate:yyyyMMdd},{p.Relationship},{p.AcquiredOn:yyyyMMdd},,{p.PostalCode},{p.Address},{p.Workplace},\r\n");
        }

        var bytes = Cp932.TryEncode(text.ToString(), out var encoded, out _) ? encoded : throw new InvalidOperationException("A name is not in CP932.");
        await File.WriteAllBytesAsync(file, bytes, cancellationToken);
    }
}
