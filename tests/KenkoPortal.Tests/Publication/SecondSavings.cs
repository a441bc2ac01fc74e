using System.Globalization;
using System.Text;
using KenkoPortal.Core.GenericDrugs;

namespace KenkoPortal.Tests.Publication;

/// <summary>A line of a ジェネリック通知 as the second computation has it. Amounts in yen.</summary>
internal sealed record SecondSaving(
    string Number, string Owner, string Month, string Code, string Name, decimal Quantity, string Unit, int CostYen, int LeastYen, int MostYen, string Candidates)
{
    /// <summary>What the portal says, to be compared.</summary>
    public static SecondSaving Told(GenericDrugLine line, string number, string owner) => new(
        number, owner, line.Month.ToString(), line.DrugCode, line.DrugName, line.Quantity, line.Unit, line.CostYen, line.LeastSavingYen, line.MostSavingYen,
        string.Join(" / ", line.Candidates.Select(c => Candidate(c.Name, c.Price, c.SavingYen))));

    public static string Candidate(string name, decimal price, int savingYen) => string.Create(CultureInfo.InvariantCulture, $"{name} {price:0.##} {savingYen}");

    /// <summary>In one order, whoever computed them.</summary>
    public static IEnumerable<SecondSaving> Ordered(IEnumerable<SecondSaving> lines) =>
        lines.OrderBy(s => s.Number, StringComparer.Ordinal).ThenBy(s => s.Code, StringComparer.Ordinal);
}

/// <summary>
/// Computes the lines of ジェネリック通知 once more, by "Generic savings" of the specification, from the second computation's claims and the files of the drug lists. Like it,
/// it shares no code with what it checks, and trusts its input.
/// </summary>
internal sealed class SecondSavings
{
    /// <summary>The usual thresholds, by "ジェネリック通知" of the specification: of one drug, person and month; days count for what is taken by mouth.</summary>
    private const int LeastYen = 300;
    private const int LeastDays = 14;

    private const int MostCandidates = 3;

    /// <summary>精神神経用剤 and 腫瘍用薬, never told; drugs against HIV are known by the master.</summary>
    private static readonly string[] NeverTold = ["117", "42"];

    private readonly Dictionary<string, Product> _products;
    private readonly Dictionary<string, Entry> _master;

    /// <param name="folder">With <c>price.csv</c>, <c>availability.csv</c> (both with headings) and <c>master.csv</c>.</param>
    public SecondSavings(string folder)
    {
        var flags = Rows("availability.csv", Encoding.UTF8).Skip(1).ToDictionary(f => f[0], f => f[3]);
        _products = Rows("price.csv", Encoding.UTF8).Skip(1).Select(f => new Product(f[1], f[2], f[3], f[7], Decimal(f[12]), flags[f[1]], LastDay(f[13]))).ToDictionary(p => p.Code);
        _master = Rows("master.csv", CodePagesEncodingProvider.Instance.GetEncoding(932)!)
            .Select(f => new Entry(f[2], f[31], f[9], Decimal(f[11]), f[27] == "1", f[39] == "1", f[40])).ToDictionary(e => e.Code);

        IEnumerable<string[]> Rows(string name, Encoding encoding) =>
            File.ReadLines(Path.Combine(folder, name), encoding).Select(line => Array.ConvertAll(line.Split(','), f => f.Trim('"')));
    }

    /// <summary>医薬品コード of the master.</summary>
    public IReadOnlyCollection<string> Codes => _master.Keys;

    /// <summary>The lines of claims of any people and months, in no order.</summary>
    public IEnumerable<SecondSaving> Of(IEnumerable<(SecondFigure Claim, string Owner)> claims) =>
        from given in claims
        where !given.Claim.IsInpatient
        from drug in given.Claim.Drugs
        where _master.ContainsKey(drug.Code)
        let entry = OriginalOf(_master[drug.Code])
        where _products.ContainsKey(entry.PriceCode)
        group (given.Claim, drug) by (given.Owner, given.Claim.Month, Entry: entry) into rows
        from line in Lines(rows.Key.Owner, rows.Key.Month, rows.Key.Entry, [.. rows])
        select line;

    /// <summary>An entry of 選定療養 stands for the drug that it names.</summary>
    private Entry OriginalOf(Entry entry) => entry.Original == "0" ? entry : _master[entry.Original];

    /// <summary>One drug of one person and month: told as a whole or not at all, a line for each claim.</summary>
    private IEnumerable<SecondSaving> Lines(string owner, string month, Entry entry, List<(SecondFigure Claim, SecondDrug Drug)> rows)
    {
        var product = _products[entry.PriceCode];
        var candidates = CandidatesFor(product, DateOnly.ParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture));
        if (product.Flag != "2" || candidates.Count == 0 || entry.IsAntiHiv || NeverTold.Any(product.Code.StartsWith)
            || (entry.IsOral && rows.Sum(r => r.Drug.Times) < LeastDays))
        {
            return [];
        }

        var lines = rows.GroupBy(r => r.Claim, r => r.Drug).Select(drugs =>
        {
            return new SecondSaving(
                drugs.Key.Number, owner, month, drugs.First().Code, product.Name, drugs.Sum(d => d.Quantity * d.Times), entry.Unit, Share(Cost(product)),
                Saving(candidates[^1]), Saving(candidates[0]),
                string.Join(" / ", candidates.Take(MostCandidates).Select(c => SecondSaving.Candidate(c.Name, c.Price, Saving(c)))));

            // The master's price is for the unit of the claim, the list's for that of 規格: 10 mL of a syrup.
            decimal Cost(Product given) => drugs.Sum(d => Points(given.Price * d.Quantity * entry.Price / product.Price) * d.Times * 10);

            int Saving(Product candidate) => Share(Cost(product) - Cost(candidate));

            int Share(decimal yen) => (int)Math.Round(yen * drugs.Key.Percent / 100, MidpointRounding.AwayFromZero);
        }).ToList();
        return lines.Sum(l => l.MostYen) >= LeastYen ? lines : [];
    }

    /// <summary>Cheapest first.</summary>
    private List<Product> CandidatesFor(Product brand, DateOnly month)
    {
        var generics = _products.Values.Where(p => p.Flag == "3" && p.Price < brand.Price && !(p.LastDay < month)).OrderBy(p => p.Price).ThenBy(p => p.Code, StringComparer.Ordinal).ToList();
        var sameCode = generics.FindAll(p => p.Code[..9] == brand.Code[..9]);
        return sameCode.Count > 0 ? sameCode : generics.FindAll(p => (p.Ingredient, p.Specification) == (brand.Ingredient, brand.Specification));
    }

    /// <summary>五捨五超入, at least one point.</summary>
    private static decimal Points(decimal yen) => Math.Max(1, decimal.Floor(yen / 10) + (yen % 10 > 5 ? 1 : 0));

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>経過措置, such as R7.9.30まで.</summary>
    private static DateOnly? LastDay(string text) => text.TrimStart('R').Replace("まで", "").Split('.') is [var year, var month, var day]
        ? new DateOnly((int)Decimal(year) + 2018, (int)Decimal(month), (int)Decimal(day)) : null;

    private sealed record Product(string Code, string Ingredient, string Specification, string Name, decimal Price, string Flag, DateOnly? LastDay);

    private sealed record Entry(string Code, string PriceCode, string Unit, decimal Price, bool IsOral, bool IsAntiHiv, string Original);
}
