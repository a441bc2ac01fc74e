using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Members.Import;

namespace KenkoPortal.Tests.Members.Import;

/// <summary>A members' list as a test writes it: a good row in which single fields are replaced.</summary>
internal sealed class ListText
{
    public const string Insurer = "06990014";

    public static readonly string[] Headings =
    [
        "保険者番号", "記号", "番号", "枝番", "氏名", "氏名カナ", "性別", "生年月日", "続柄",
        "資格取得年月日", "資格喪失年月日", "郵便番号", "住所", "事業所", "非開示",
    ];

    private static readonly string[] GoodRow =
    [
        Insurer, "12", "345", "00", "山田 太郎", "ヤマダ タロウ", "1", "19850401", "本人",
        "20100401", "", "650-0045", "兵庫県神戸市中央区港島一丁目", "港湾荷役", "",
    ];

    private readonly List<string> _lines = [string.Join(',', Headings)];

    public static MemberListOptions Options { get; } =
        new(InsurerNumber.TryParse(Insurer, out var number) ? number : throw new InvalidOperationException(), new DateOnly(2026, 11, 22));

    /// <summary>Adds a row in which the named fields are other than usual.</summary>
    public ListText Row(params (string Heading, string Value)[] fields)
    {
        var row = (string[])GoodRow.Clone();
        foreach (var (heading, value) in fields)
        {
            row[Array.IndexOf(Headings, heading)] = value;
        }

        return Raw(string.Join(',', row));
    }

    public ListText Raw(string line)
    {
        _lines.Add(line);
        return this;
    }

    public ListText Heading(Func<string, string> change)
    {
        _lines[0] = change(_lines[0]);
        return this;
    }

    public string Text(string lineBreak = "\r\n") => string.Concat(_lines.Select(line => line + lineBreak));

    public byte[] Utf8(bool mark = false) => [.. mark ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(Text())];

    public byte[] InCp932() => Cp932.TryEncode(Text(), out var bytes, out _) ? bytes : throw new InvalidOperationException("Not in CP932.");

    public MemberListFile Read(MemberListOptions? options = null) => MemberListReader.Read(Utf8(), options ?? Options);

    /// <summary>The one row of a list in which nothing may be wrong.</summary>
    public MemberListRow Single()
    {
        var file = Read();
        Assert.Empty(file.Errors);
        return Assert.Single(file.Rows);
    }
}
