using System.Text;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members.Import;

/// <summary>
/// Which heading stands for which column. There is no public standard for what a society's core system hands out, so columns are found by
/// their headings, in any order; headings are compared after NFKC, without blanks and regard to case.
/// </summary>
public sealed class MemberListHeadings
{
    /// <summary>The headings that a society uses unless it says otherwise.</summary>
    public static readonly MemberListHeadings Default = new([]);

    private const int MaxLength = 60;

    private readonly string[] _names =
    [
        "保険者番号", "記号", "番号", "枝番", "氏名", "氏名カナ", "性別", "生年月日", "続柄",
        "資格取得年月日", "資格喪失年月日", "郵便番号", "住所", "事業所", "非開示",
    ];

    /// <summary>Headings that core systems are known to use. They are proposed, never taken: a wrong column would be read without a word.</summary>
    private static readonly (MemberListColumn Column, string[] Names)[] Variants =
    [
        (MemberListColumn.InsurerNumber, ["保険者No", "保険者コード", "保険者等番号"]),
        (MemberListColumn.Symbol, ["被保険者証記号", "被保険者証等記号", "被保険者等記号", "被保険者記号", "保険証記号", "証記号"]),
        (MemberListColumn.Number, ["被保険者証番号", "被保険者証等番号", "被保険者等番号", "被保険者番号", "保険証番号", "証番号"]),
        (MemberListColumn.Branch, ["枝番号", "被保険者証枝番", "被保険者証等枝番", "被保険者等枝番", "保険証枝番"]),
        (MemberListColumn.Name, ["漢字氏名", "氏名漢字", "氏名(漢字)", "加入者氏名", "対象者氏名"]),
        (MemberListColumn.Kana, ["カナ氏名", "氏名(カナ)", "フリガナ", "ふりがな", "氏名フリガナ", "カナ", "加入者氏名カナ"]),
        (MemberListColumn.Sex, ["性別コード", "性別区分"]),
        (MemberListColumn.BirthDate, ["生年月日(西暦)", "生年月日(和暦)", "誕生日"]),
        (MemberListColumn.Relationship, ["続柄名", "続柄名称", "続柄(名称)", "続き柄", "間柄"]),
        (MemberListColumn.AcquiredOn, ["資格取得日", "取得年月日", "取得日", "資格取得年月日(西暦)", "認定年月日", "認定日"]),
        (MemberListColumn.LostOn, ["資格喪失日", "喪失年月日", "喪失日", "資格喪失年月日(西暦)", "削除年月日"]),
        (MemberListColumn.PostalCode, ["郵便番号(自宅)", "自宅郵便番号", "郵便No", "〒"]),
        (MemberListColumn.Address, ["現住所", "自宅住所", "住所(自宅)", "住所漢字"]),
        (MemberListColumn.Workplace, ["事業所名", "事業所名称", "適用事業所名称", "勤務先"]),
        (MemberListColumn.Protected, ["非開示フラグ", "非開示区分", "支援措置", "支援措置区分", "DV支援", "情報提供制限"]),
    ];

    private static readonly HashSet<string> KnownHeadings = Variants.SelectMany(v => v.Names).Select(Fold).ToHashSet(StringComparer.Ordinal);

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

    /// <summary>Reads what a society saved: <c>記号=被保険者証記号</c>, with commas between; the name before the sign is the default heading.</summary>
    /// <param name="text">Null or empty keeps the defaults.</param>
    /// <exception cref="PortalInputException">A name is no column, a heading is empty, or two columns have the same heading.</exception>
    public static MemberListHeadings Parse(string? text)
    {
        var own = new Dictionary<MemberListColumn, string>();
        foreach (var part in (text ?? "").Split([',', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var sign = part.IndexOfAny(['=', '＝']);
            var (name, heading) = sign < 0 ? (part, "") : (part[..sign].Trim(), part[(sign + 1)..].Trim());
            if (!Default.TryFind(name, out var column) || Fold(heading).Length == 0 || heading.Length > MaxLength)
            {
                throw new PortalInputException(MemberListText.HeadingsInvalid.With(PlainText.Shown(part), string.Join('、', Default._names)));
            }

            own[column] = heading;
        }

        foreach (var same in Enum.GetValues<MemberListColumn>().GroupBy(c => Fold(own.GetValueOrDefault(c, Default[c])), StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            throw new PortalInputException(MemberListText.HeadingsTwice.With(own.GetValueOrDefault(same.First(), Default[same.First()]), string.Join('、', same.Select(c => Default[c]))));
        }

        return new MemberListHeadings(own);
    }

    /// <summary>The headings that differ from the default, as <see cref="Parse"/> reads them.</summary>
    public override string ToString() => string.Join(
        ',', Enum.GetValues<MemberListColumn>().Where(c => this[c] != Default[c]).Select(c => $"{Default[c]}={this[c]}"));

    /// <summary>Whether some list is known to use the heading.</summary>
    public static bool IsKnown(string heading) => KnownHeadings.Contains(Fold(heading));

    /// <summary>A heading of the file that most likely stands for a column which was not found; null where none does.</summary>
    public string? Propose(MemberListColumn column, IEnumerable<string> headings)
    {
        var known = Variants.Single(v => v.Column == column).Names.Append(Default[column]).Select(Fold).ToHashSet(StringComparer.Ordinal);
        return headings.FirstOrDefault(heading => known.Contains(Fold(heading)) && !TryFind(heading, out _));
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
