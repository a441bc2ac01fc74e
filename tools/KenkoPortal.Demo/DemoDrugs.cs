using System.Globalization;
using System.Text;

namespace KenkoPortal.Demo;

/// <summary>剤形 of the 医薬品マスター.</summary>
internal enum DrugForm
{
    Oral = 1,
    Other = 3,
    Injection = 4,
    External = 6,
    Dental = 8,
}

/// <summary>A drug that may be prescribed.</summary>
/// <param name="Code">医薬品コード, nine digits.</param>
/// <param name="Name">品名.</param>
/// <param name="PriceCode">薬価基準コード, twelve characters; the first three tell what it is for.</param>
/// <param name="Price">薬価 in yen.</param>
/// <param name="Unit">単位, such as 錠.</param>
/// <param name="IsGeneric">後発品.</param>
/// <param name="Form">剤形.</param>
internal sealed record DemoDrug(int Code, string Name, string PriceCode, decimal Price, string Unit, bool IsGeneric, DrugForm Form)
{
    public bool IsLiquid => Unit == "ｍＬ";

    /// <summary>Taken a day, where it is other than one.</summary>
    public decimal? Daily => PriceCode[..7] switch
    {
        "1190017" => 2, // プレガバリン
        "3399004" => 3, // イコサペント酸エチル
        "2223001" or "2233002" => 3, // デキストロメトルファン, カルボシステイン
        "1141001" => 1.5m, // アセトアミノフェン, in g
        "2190033" => 6, // クエン酸第二鉄
        _ => IsLiquid ? 5 : null,
    };
}

/// <summary>The drugs that the made-up doctors know: an excerpt of the 医薬品マスター.</summary>
public sealed class DemoDrugs
{
    private const string Excerpt = "master.csv";

    private readonly ILookup<(string Use, DrugForm Form), DemoDrug> _drugs;
    private readonly Dictionary<int, DemoDrug> _elective;

    private DemoDrugs(List<(DemoDrug Drug, int Original)> drugs)
    {
        _drugs = drugs.Where(d => d.Original == 0 && d.Drug.PriceCode.Length == 12).Select(d => d.Drug).OrderBy(d => d.Code).ToLookup(d => (d.PriceCode[..3], d.Form));
        _elective = drugs.Where(d => d.Original != 0).DistinctBy(d => d.Original).ToDictionary(d => d.Original, d => d.Drug);
    }

    /// <summary>The excerpt of <c>demo/drugs/master.csv</c>, which this library carries with it.</summary>
    public static DemoDrugs Own()
    {
        using var stream = typeof(DemoDrugs).Assembly.GetManifestResourceStream(Excerpt)!;
        return Read(stream);
    }

    /// <summary>Reads a 医薬品マスター: CSV of 42 columns with or without quotes, UTF-8 with a byte order mark, or CP932.</summary>
    /// <exception cref="FormatException">A row has too few columns, or a number is none.</exception>
    public static DemoDrugs Read(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var bytes = copy.ToArray();
        var text = IsUtf8(bytes) ? Encoding.UTF8.GetString(bytes) : Cp932Text.Encoding.GetString(bytes);
        return new DemoDrugs([.. text.TrimStart('\uFEFF').Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(',').Select(field => field.Trim('"')).ToArray())
            .Where(row => row.Length > 1 && row[1] == "Y")
            .Select(row => (Drug(row), Number(row[40])))]);
    }

    /// <param name="use">First three characters or more of 薬価基準コード, such as <c>214</c> 血圧降下剤.</param>
    /// <param name="form">Its form.</param>
    /// <param name="chance">Picks one.</param>
    /// <param name="isBrand">A brand, where there is one, or a generic, where there is one.</param>
    /// <param name="isChild">Children get syrup where there is some, others never.</param>
    /// <returns>Null where nothing is for that use.</returns>
    internal DemoDrug? Pick(string use, DrugForm form, Chance chance, bool isBrand, bool isChild)
    {
        var all = _drugs[(use[..3], form)].Where(d => d.PriceCode.StartsWith(use, StringComparison.Ordinal)).Where(d => isChild || form != DrugForm.Oral || !d.IsLiquid).ToList();
        var fit = all.FindAll(d => d.IsGeneric != isBrand);
        fit = fit.Count > 0 ? fit : all;
        return fit.Count == 0 ? null : isChild && fit.Find(d => d.IsLiquid) is { } syrup ? syrup : chance.Of(fit);
    }

    /// <summary>The entry under which the drug is billed when the patient asks for the brand without medical need (選定療養), if there is one.</summary>
    internal DemoDrug? Elective(DemoDrug drug) => _elective.GetValueOrDefault(drug.Code);

    private static DemoDrug Drug(string[] row) => new(
        Number(row[2]), row[4], row[31], decimal.Parse(row[11], CultureInfo.InvariantCulture), row[9], row[16] == "1", (DrugForm)Number(row[27]));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static bool IsUtf8(byte[] bytes)
    {
        try
        {
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
