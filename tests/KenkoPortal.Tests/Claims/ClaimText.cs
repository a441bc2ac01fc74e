using System.Globalization;
using System.Text;
using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

/// <summary>A claim file as a test writes it, record by record, in CP932.</summary>
internal sealed class ClaimText
{
    private static readonly Encoding Cp932 = CodePagesEncodingProvider.Instance.GetEncoding(932, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    private readonly List<string> _lines = [];
    private readonly bool _isInsurers;
    private readonly ClaimKind _kind;
    private int _row;

    private ClaimText(bool isInsurers, ClaimKind kind) => (_isInsurers, _kind) = (isInsurers, kind);

    /// <summary>What an examining body hands over.</summary>
    public static ClaimText OfInsurer(ClaimKind kind = ClaimKind.Medical) => new(isInsurers: true, kind);

    /// <summary>What an institution hands over.</summary>
    public static ClaimText OfProvider(ClaimKind kind = ClaimKind.Medical) => new(isInsurers: false, kind);

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>A record of so many columns, in which those named are filled.</summary>
    public static string Record(string name, int columns, params (int At, string Value)[] fields)
    {
        var record = new string[columns];
        Array.Fill(record, "");
        record[0] = name;
        foreach (var (at, value) in fields)
        {
            record[at] = value;
        }

        return string.Join(',', record);
    }

    /// <summary>A good record of the kind with other fields than usual.</summary>
    public static string Good(ClaimKind kind, string name, params (int At, string Value)[] fields)
    {
        (int Columns, (int At, string Value)[] Usual) layout = (kind, name) switch
        {
            (ClaimKind.Medical, "IR") => (10, [(1, "1"), (2, "13"), (3, "1"), (4, "1234567"), (6, "港中央病院"), (7, "202605")]),
            (ClaimKind.Medical, "RE") => (38, [.. Head("1112"), (36, "ヤマダ　タロウ")]),
            (ClaimKind.Medical, "HO") => (15, Card),
            (ClaimKind.Medical, "KO") => (12, Fund),
            (ClaimKind.Medical or ClaimKind.Dpc, "SI" or "IY") => (44, [(2, "1"), (3, "620000001"), (4, "2"), (5, "10"), (6, "3")]),
            (ClaimKind.Dpc, "IR") => (10, [(1, "1"), (2, "13"), (3, "1"), (4, "1234567"), (6, "港中央病院"), (7, "202605")]),
            (ClaimKind.Dpc, "RE") => (30, [.. Head("1111"), (18, "0"), (28, "ヤマダ　タロウ")]),
            (ClaimKind.Dpc, "HO") => (16, Card),
            (ClaimKind.Dpc, "KO") => (13, Fund),
            (ClaimKind.Dpc, "BU") => (8, [(1, "040080xx99x00x"), (2, "20260401"), (3, "20260410")]),
            (ClaimKind.Dpc, "CD") => (10, [(1, "20260402"), (2, "33"), (3, "1"), (4, "1"), (5, "640000001"), (6, "1.5"), (9, "2")]),
            (ClaimKind.Dental, "UK") => (10, [(1, "1"), (2, "13"), (3, "3"), (4, "7654321"), (6, "みなと歯科"), (7, "202605")]),
            (ClaimKind.Dental, "IR") => (9, [(1, "1"), (2, "13"), (3, "3"), (4, "7654321"), (6, "202605")]),
            (ClaimKind.Dental, "RE") => (27, [.. Head("3112"), (25, "ヤマダ　タロウ")]),
            (ClaimKind.Dental, "HO") => (14, Card),
            (ClaimKind.Dental, "KO") => (10, Fund),
            (ClaimKind.Dental, "IY") => (39, [(2, "1"), (3, "620000001"), (4, "2"), (5, "10"), (6, "3")]),
            (ClaimKind.Pharmacy, "YK") => (9, [(1, "1"), (2, "13"), (3, "4"), (4, "1111111"), (5, "みなと薬局"), (6, "202605")]),
            (ClaimKind.Pharmacy, "RE") => (42, [.. Head("4112"), (9, "13"), (10, "1"), (11, "1234567"), (12, "港中央病院"), (41, "ヤマダ　タロウ")]),
            (ClaimKind.Pharmacy, "HO") => (14, Card),
            (ClaimKind.Pharmacy, "KO") => (10, Fund),
            (ClaimKind.Pharmacy, "SH") => (10, [(1, "1"), (2, "1")]),
            (ClaimKind.Pharmacy, "CZ") => (71, [(2, "20260401"), (3, "20260401"), (5, "14")]),
            (ClaimKind.Pharmacy, "IY") => (10, [(1, "1"), (2, "620000001"), (3, "3")]),
            (ClaimKind.Nursing, "HM") => (8, [(1, "1"), (2, "13"), (3, "6"), (4, "2222222"), (5, "みなと訪問看護"), (6, "202605")]),
            (ClaimKind.Nursing, "RE") => (15, [(1, "1"), (2, "6112"), (3, "202604"), (4, "山田　太郎"), (5, "ヤマダ　タロウ"), (6, "1"), (7, "19850401")]),
            (ClaimKind.Nursing, "HO") => (12, Card),
            (ClaimKind.Nursing, "KO") => (8, Fund),
            (_, "SN") => (9, [(1, "1"), (2, "01"), (6, "01")]),
            (_, "SY") => (8, [(1, "8830000"), (2, "20260401"), (3, "1")]),
            (_, "CO") => (5, [(2, "1"), (3, "810000001"), (4, "１日３回毎食後")]),
            _ => throw new ArgumentException(name, nameof(name)),
        };
        return Record(name, layout.Columns, [.. layout.Usual, .. fields]);
    }

    /// <summary>Begins a claim of the insurer's side.</summary>
    public ClaimText Start(string number, string? mn = null)
    {
        _row = 0;
        var key = "13143005" + number.PadLeft(9, '0')[^9..];
        return ExaminerLine(mn ?? (_kind == ClaimKind.Dental ? $"MN,{number},みなと歯科医院,東京都港区,{key},,," : $"MN,{number},東京都港区,{key},,,"));
    }

    /// <summary>The institution's next line.</summary>
    public ClaimText OwnLine(string record) => Raw(_isInsurers ? $"1,{++_row},0,{record}" : record);

    /// <summary>The institution's next line, a good record of the kind.</summary>
    public ClaimText Own(string name, params (int At, string Value)[] fields) => OwnLine(Good(_kind, name, fields));

    /// <summary>The examiner's next line.</summary>
    public ClaimText ExaminerLine(string record) => Raw($"2,{++_row},0,{record}");

    /// <summary>The examiner's next line, a good record of the kind.</summary>
    public ClaimText Examiner(string name, params (int At, string Value)[] fields) => ExaminerLine(Good(_kind, name, fields));

    /// <summary>JY with a line that comes in.</summary>
    public ClaimText Correct(int operation, int row, int newRow) => ExaminerLine($"JY,{operation},{row},0,,B,{newRow},0,");

    /// <summary>JY that takes a line away.</summary>
    public ClaimText Remove(int row) => ExaminerLine($"JY,3,{row},0,,C,,,");

    public ClaimText Raw(string line)
    {
        _lines.Add(line);
        return this;
    }

    /// <summary>Rows 1 to 4 of a claim: MN, who billed, RE and HO.</summary>
    public ClaimText StartGood(string number = "910000001", int points = 1000)
    {
        var header = _kind switch { ClaimKind.Dental => "IR", ClaimKind.Pharmacy => "YK", ClaimKind.Nursing => "HM", _ => "IR" };
        return Start(number).Own(header).Own("RE").Own("HO", (5, $"{points}"));
    }

    /// <summary>A claim as institutions bill it.</summary>
    public ClaimText Billed(string number, int points = 1000) => Own("RE", (1, number)).Own("HO", (5, $"{points}"));

    /// <summary>The file. An insurer's ends with a claim whose rows come to its points, as a whole one does, whatever rows the test wrote.</summary>
    public byte[] Bytes(string lineBreak = "\r\n") => Encode(_lines.Concat(Ending()), lineBreak);

    /// <summary>Lines as a file.</summary>
    public static byte[] Encode(IEnumerable<string> lines, string lineBreak = "\r\n") => Cp932.GetBytes(string.Concat(lines.Select(line => line + lineBreak)));

    public ReadClaims Read() => ReadClaims.From(Bytes());

    /// <summary>The one claim of a file in which nothing may be wrong.</summary>
    public DeliveredClaim Single()
    {
        var read = Read();
        Assert.Empty(read.Faults.Select(f => f.Render("")));
        return Assert.Single(read.Claims);
    }

    /// <summary>The one fault of a file from which no claim may come.</summary>
    public ClaimFault SingleFault()
    {
        var read = Read();
        Assert.Empty(read.Claims);
        return Assert.Single(read.Faults);
    }

    private string[] Ending()
    {
        var begun = _lines.FindLastIndex(line => line.Contains(",MN,", StringComparison.Ordinal));
        if (!_isInsurers || begun < 0)
        {
            return [];
        }

        var all = _lines.Skip(begun).Select(line => line.Split(',')).ToList();
        var own = all.FindAll(line => line.Length > 8);
        var payer = own.Find(line => line is ["1", _, _, "HO", ..]) ?? own.Find(line => line is ["1", _, _, "KO", ..]);
        if (payer is null || !int.TryParse(payer[8], CultureInfo.InvariantCulture, out var points) || all.Exists(line => line is [_, _, _, "GO", ..]))
        {
            return [];
        }

        var record = _kind switch
        {
            ClaimKind.Medical => Record("SI", 44, (1, "80"), (2, "1"), (3, "180016110"), (5, $"{Math.Min(points + 1L, 99_999_999)}"), (6, "1")),
            ClaimKind.Dental => Record("SS", 78, (1, "80"), (2, "1"), (3, "302000610"), (76, $"{Math.Min(points + 1L, 99_999_999)}"), (77, "1")),
            ClaimKind.Dpc => Good(_kind, "BU"),
            ClaimKind.Pharmacy => Record("KI", 114, (1, "1"), (5, "1")),
            _ => "",
        };
        var isWhole = record.Length == 0 || (_kind is ClaimKind.Dpc or ClaimKind.Pharmacy ? own.Exists(line => line[3] == record[..2] || line[3] == "CZ") : Sum(own) >= points);
        var row = all.Max(line => line.Length > 1 && int.TryParse(line[1], CultureInfo.InvariantCulture, out var number) ? number : 0);
        return isWhole ? [] : [$"1,{row + 1},0,{record}"];
    }

    /// <summary>What the rows of 医科 come to; those of 歯科 stand elsewhere.</summary>
    private int Sum(List<string[]> own)
    {
        var (sum, service) = (0, "");
        foreach (var line in own.Where(line => line is ["1", _, _, "SI" or "IY" or "TO", ..] && _kind == ClaimKind.Medical && line.Length > 9))
        {
            service = line[4].Length > 0 ? line[4] : service;
            sum += service != "97" && int.TryParse(line[8], CultureInfo.InvariantCulture, out var points) && int.TryParse(line[9], CultureInfo.InvariantCulture, out var times) ? points * times : 0;
        }

        return _kind == ClaimKind.Dental && own.Exists(line => line[3] == "SS") ? int.MaxValue : sum;
    }

    private static (int At, string Value)[] Head(string type) => [(1, "1"), (2, type), (3, "202604"), (4, "山田　太郎"), (5, "1"), (6, "19850401")];

    private static (int At, string Value)[] Card => [(1, "06132013"), (2, "１２"), (3, "３４５"), (4, "2"), (5, "1000")];

    private static (int At, string Value)[] Fund => [(1, "54136015"), (2, "1234567"), (4, "2"), (5, "1000")];
}

/// <summary>What came of a file.</summary>
internal sealed record ReadClaims(ClaimFile File, IReadOnlyList<DeliveredClaim> Claims, IReadOnlyList<ClaimFault> Faults)
{
    public IEnumerable<string> Numbers => Claims.Select(claim => claim.AsExamined.Number);

    public static ReadClaims From(byte[] bytes)
    {
        var faults = new List<ClaimFault>();
        var file = ClaimFile.Read(new MemoryStream(bytes), faults.Add);
        var claims = file.ToList();
        return new ReadClaims(file, claims, faults);
    }
}
