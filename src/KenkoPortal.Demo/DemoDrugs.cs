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
/// <param name="IsGeneric">後発品.</param>
/// <param name="Form">剤形.</param>
internal sealed record DemoDrug(int Code, string Name, string PriceCode, decimal Price, bool IsGeneric, DrugForm Form);

/// <summary>The drugs that the made-up doctors know: an excerpt of the 医薬品マスター.</summary>
public sealed class DemoDrugs
{
    private const string Excerpt = "master.csv";

    private readonly Dictionary<string, List<DemoDrug>> _byUse = new(StringComparer.Ordinal);

    private DemoDrugs(IEnumerable<DemoDrug> drugs)
    {
        // A price of nothing is a mark of the master (選定療養, 経過措置), not a product to prescribe.
        foreach (var drug in drugs.Where(d => d.Price > 0 && d.PriceCode.Length == 12).OrderBy(d => d.Code))
        {
            AddTo(drug.PriceCode[..3], drug);
            AddTo(drug.Form.ToString(), drug);
        }
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
        return new DemoDrugs(text.TrimStart('\uFEFF').Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(',').Select(field => field.Trim('"')).ToArray())
            .Where(row => row.Length > 1 && row[1] == "Y")
            .Select(Drug));
    }

    /// <param name="use">First three characters of 薬価基準コード, such as <c>214</c> 血圧降下剤.</param>
    /// <param name="form">What is taken where none is for that use.</param>
    /// <param name="chance">Picks one.</param>
    /// <param name="isBrand">A brand, where there is one.</param>
    internal DemoDrug Pick(string use, DrugForm form, Chance chance, bool isBrand)
    {
        var all = _byUse.TryGetValue(use, out var fit) && fit.Exists(d => d.Form == form) ? fit.FindAll(d => d.Form == form)
            : _byUse.TryGetValue(form.ToString(), out var any) ? any : _byUse[nameof(DrugForm.Oral)];
        var wanted = all.FindAll(d => d.IsGeneric != isBrand);
        return chance.Of(wanted.Count > 0 ? wanted : all);
    }

    private static DemoDrug Drug(string[] row) => new(
        int.Parse(row[2], CultureInfo.InvariantCulture), row[4], row[31], decimal.Parse(row[11], CultureInfo.InvariantCulture), row[16] == "1",
        (DrugForm)int.Parse(row[27], CultureInfo.InvariantCulture));

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

    private void AddTo(string use, DemoDrug drug)
    {
        if (!_byUse.TryGetValue(use, out var drugs))
        {
            _byUse.Add(use, drugs = []);
        }

        drugs.Add(drug);
    }
}
