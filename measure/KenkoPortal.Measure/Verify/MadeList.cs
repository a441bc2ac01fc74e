using System.Globalization;
using System.Text;
using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>A whole membership as a file, and what must stand in the tables when it is in force. Each version adds people and moves a third of the others.</summary>
internal sealed class MadeList(int people, int version)
{
    private const string Headings = "保険者番号,記号,番号,枝番,氏名,氏名カナ,性別,生年月日,続柄,資格取得年月日,資格喪失年月日,郵便番号,住所,事業所,非開示";
    private const string Kana = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ";

    /// <summary>People in this version.</summary>
    public int Count { get; } = people + (version * 100);

    /// <summary>Writes it as UTF-8 with CRLF.</summary>
    public void Write(string path)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)) { NewLine = "\r\n" };
        file.WriteLine(Headings);
        for (var i = 0; i < Count; i++)
        {
            var (card, branch) = CardOf(i);
            var birth = new DateOnly(1950, 1, 1).AddDays(i % 15_000);
            file.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{PortalStore.InsurerNumber},11,{card},{branch:D2},{NameOf(i)},{KanaOf(i)},{1 + (i % 2)},{birth:yyyyMMdd},{(branch == 0 ? "本人" : branch == 1 ? "妻" : "長男")},20200401,,2310003,{AddressOf(i)},架空港運,"));
        }
    }

    /// <summary>The digest of the tables when this list is in force: everybody with their card and one household.</summary>
    public string Digest => PortalStore.DigestOf(Enumerable.Range(0, Count).Select(i =>
    {
        var (card, branch) = CardOf(i);
        return string.Create(CultureInfo.InvariantCulture, $"11|{card}|{branch:D2}|{NameOf(i)}|{AddressOf(i)}|1");
    }));

    /// <summary>The digest of the tables as they are: every person with every card.</summary>
    public static Task<string> DigestAsync(PortalStore store) => store.DigestAsync("""
        SELECT c."Symbol", c."Number", c."Branch", p."Name", p."Address", (SELECT COUNT(*) FROM "Households" h WHERE h."Id" = p."HouseholdId")
        FROM "Persons" p LEFT JOIN "InsuranceCards" c ON c."PersonId" = p."Id"
        """);

    private static (int Card, int Branch) CardOf(int i) => (1000 + (i / 3), i % 3);

    private static string NameOf(int i) => $"港　{Letters(i, "一二三四五六七八九十")}";

    private static string KanaOf(int i) => $"ミナト　{Letters(i, Kana)}";

    private string AddressOf(int i) => i % 3 == 0 && i < people ? $"架空県みなと市海岸{version + 1}-{i}" : $"架空県みなと市山手1-{i}";

    private static string Letters(int number, string of)
    {
        var text = new StringBuilder();
        for (var rest = number + of.Length; rest > 0; rest /= of.Length)
        {
            text.Append(of[rest % of.Length]);
        }

        return text.ToString();
    }
}
