using System.Text;

namespace KenkoPortal.Core.Imports.MemberList;

/// <summary>
/// Which heading stands for which column. There is no public standard for what a society's core system hands out, so columns are found by
/// their headings, in any order; headings are compared after NFKC, without blanks and regard to case.
/// </summary>
public sealed class MemberListHeadings
{
    /// <summary>The headings that a society uses unless it says otherwise.</summary>
    public static readonly MemberListHeadings Default = new([]);

    private readonly string[] _names =
    [
        "保険者番号", "記号", "番号", "枝番", "氏名", "氏名カナ", "性別", "生年月日", "続柄",
        "資格取得年月日", "資格喪失年月日", "郵便番号", "住所", "事業所", "非開示",
    ];

    private readonly Dictionary<string, MemberListColumn> _columns;

    /// <param name="own">The society's own headings for some columns; the others keep their default.</param>
    /// <exception cref="ArgumentException">A heading is empty, or stands for two columns.</exception>
    public MemberListHeadings(IReadOnlyDictionary<MemberListColumn, string> own)
        : this([.. own])
    {
    }

    private MemberListHeadings(KeyValuePair<MemberListColumn, string>[] own)
    {
        foreach (var (column, name) in own)
        {
            _names[(int)column] = name;
        }

        _columns = Enum.GetValues<MemberListColumn>().ToDictionary(column => Fold(_names[(int)column]), StringComparer.Ordinal);
        if (_columns.ContainsKey(string.Empty))
        {
            throw new ArgumentException("A heading is empty.", nameof(own));
        }
    }

    /// <summary>The heading of a column.</summary>
    public string this[MemberListColumn column] => _names[(int)column];

    /// <summary>
    /// Every column but 事業所 must be there, if only empty. A list without 非開示 or 資格喪失年月日 would otherwise make protected people visible and
    /// keep those who left, without a word.
    /// </summary>
    public static bool IsRequired(MemberListColumn column) => column != MemberListColumn.Workplace;

    /// <summary>The column that a heading of the file stands for.</summary>
    public bool TryFind(string heading, out MemberListColumn column) => _columns.TryGetValue(Fold(heading), out column);

    private static string Fold(string heading) =>
        string.Concat(heading.Replace("\uFFFD", "", StringComparison.Ordinal).Normalize(NormalizationForm.FormKC)
            .Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
}
