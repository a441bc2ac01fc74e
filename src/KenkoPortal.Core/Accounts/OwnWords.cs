using System.Globalization;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Accounts;

/// <summary>What somebody who knows the person would try first, each with what it is (row P2).</summary>
internal sealed class OwnWords
{
    public const int Shortest = 2;

    private const int LeastDigits = 3;

    /// <summary>Every society's: what the portal is about.</summary>
    private static readonly string[] Subject =
    [
        "kenpo", "kenpokumiai", "kenkouhoken", "kenkohoken", "kenkohokenkumiai", "kenko", "kenkou", "kempo", "hoken", "kumiai", "kokuho", "shaho", "portal", "potaru", "pootaru",
        "mypage", "maipeji", "myportal", "maipotaru", "maipootaru", "kenkomyportal", "kenkoumyportal", "kenkomaipotaru", "kenkoumaipootaru", "health", "healthcare", "insurance", "iryouhi", "iryohi", "tsuuchi", "tuuchi",
    ];

    private static readonly string[] PetEndings = ["chan", "tyan", "kun", "san", "tan", "rin", "pon", "pi", "sama"];

    /// <summary>Parts of host names that tell nothing.</summary>
    private static readonly string[] HostParts = ["www", "jp", "com", "net", "org", "or", "co", "ne", "example", "localhost"];

    private static readonly (DateOnly From, int FirstYear, string[] Names)[] Eras =
    [
        (new DateOnly(2019, 5, 1), 2019, ["r", "reiwa"]),
        (new DateOnly(1989, 1, 8), 1989, ["h", "heisei"]),
        (new DateOnly(1926, 12, 25), 1926, ["s", "showa", "syowa", "shouwa", "syouwa"]),
        (new DateOnly(1912, 7, 30), 1912, ["t", "taisho", "taisyo", "taishou"]),
        (DateOnly.MinValue, 1868, ["m", "meiji"]),
    ];

    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private readonly Dictionary<string, PasswordFault> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PasswordFault>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public OwnWords(PasswordContext context)
    {
        _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        if (context.BirthDate is { } birth)
        {
            AddDate(birth);
        }

        AddText(context.LoginId, PasswordFault.LoginId, isPartly: true);
        foreach (var (symbol, number, branch) in context.Cards)
        {
            foreach (var card in new[] { number, symbol + number, symbol + number + branch, number + branch, number + symbol, symbol })
            {
                AddText(card, PasswordFault.Card);
            }
        }

        foreach (var id in context.ProvisionalIds)
        {
            Add(id, PasswordFault.Provisional);
        }

        foreach (var place in context.Places)
        {
            AddNumbers(place);
        }

        AddText(context.Nickname, PasswordFault.Nickname, isPartly: true);
        AddText(context.Kana, PasswordFault.Name);
        AddPetNames(context.Kana);
        foreach (var word in Subject.Concat(context.SocietyWords.SelectMany(w => w.Split('.')).Where(w => !HostParts.Contains(w, StringComparer.Ordinal))))
        {
            AddText(word, PasswordFault.Society, isPartly: true);
        }
    }

    /// <summary>As an estimator of others takes them.</summary>
    public IEnumerable<string> All => _words.Keys;

    public PasswordFault KindOf(ReadOnlySpan<char> word) => _lookup.TryGetValue(word, out var kind) ? kind : PasswordFault.None;

    /// <summary>The text, its words in Latin letters, and the words run together; with the parts between symbols, letters and digits where those are used alone too.</summary>
    private void AddText(string? text, PasswordFault kind, bool isPartly = false)
    {
        var words = Romaji.WordsOf(text ?? "");
        Add(string.Concat(words), kind);
        Add(string.Concat(words.Reverse()), kind);
        foreach (var word in words)
        {
            Add(word, kind);
            if (isPartly)
            {
                Parts(word).ForEach(part => Add(part, kind));
            }
        }
    }

    /// <summary>How a name is called: its beginning with ちゃん and the like, 剛 as つよちゃん.</summary>
    private void AddPetNames(string? kana)
    {
        foreach (var word in Romaji.WordsOf(kana ?? ""))
        {
            for (var length = Shortest; length <= word.Length; length++)
            {
                foreach (var ending in PetEndings)
                {
                    Add(word[..length] + ending, PasswordFault.Name);
                }
            }
        }
    }

    /// <summary>The numbers of an address or telephone, each and run together: 231-9110 also as 2319110.</summary>
    private void AddNumbers(string text)
    {
        var folded = text.Normalize(System.Text.NormalizationForm.FormKC);
        Add(string.Concat(folded.Where(char.IsAsciiDigit)), PasswordFault.Address);
        foreach (var group in folded.Split([' ', '　', '、', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            Add(string.Concat(group.Where(char.IsAsciiDigit)), PasswordFault.Address);
            Parts(string.Concat(group.Select(c => char.IsAsciiDigit(c) ? c : 'x'))).ForEach(part => Add(part.Trim('x'), PasswordFault.Address));
        }
    }

    private static List<string> Parts(string word)
    {
        var parts = new List<string>();
        var begin = 0;
        for (var i = 1; i <= word.Length; i++)
        {
            if (i == word.Length || char.IsAsciiDigit(word[i]) != char.IsAsciiDigit(word[i - 1]))
            {
                parts.Add(word[begin..i]);
                begin = i;
            }
        }

        return parts;
    }

    private void Add(string word, PasswordFault kind)
    {
        foreach (var spelling in Romaji.SpellingsOf(word))
        {
            // Two digits stand in too many passwords to say anything.
            if (spelling.Length >= (spelling.All(char.IsAsciiDigit) ? LeastDigits : Shortest))
            {
                _words.TryAdd(spelling, kind);
            }
        }
    }

    /// <summary>Western and era years, two and four digits, with and without zeros, in any order, and parts of it.</summary>
    private void AddDate(DateOnly date)
    {
        var (_, firstYear, eraNames) = Eras.First(era => era.From <= date);
        var inEra = date.Year - firstYear + 1;
        var name = Months[date.Month - 1];
        string[] months = [.. Forms(date.Month), name[..3], name, date.Month + "gatsu"];
        string[] days = [.. Forms(date.Day), date.Day + "nichi", date.Day + "th"];
        string[] plainYears = [Text(date.Year, "D4"), Text(date.Year % 100, "D2"), .. Forms(inEra)];
        string[] years = [.. plainYears, .. eraNames.SelectMany(era => Forms(inEra).Select(year => era + year)), .. eraNames.SelectMany(era => Forms(inEra).Select(year => year + era)), date.Year + "nen", inEra + "nen"];
        foreach (var year in years)
        {
            AddDateForm(year);
            foreach (var month in months)
            {
                AddDateForm(year + month);
                AddDateForm(month + year);
                foreach (var day in days)
                {
                    AddDateForm(month + day);
                    AddDateForm(day + month);
                    AddDateForm(year + month + day);
                    AddDateForm(year + day + month);
                    AddDateForm(month + day + year);
                    AddDateForm(day + month + year);
                    AddDateForm(month + year + day);
                    AddDateForm(day + year + month);
                }
            }
        }
    }

    private void AddDateForm(string form)
    {
        if (form.Length >= LeastDigits)
        {
            _words.TryAdd(form, PasswordFault.BirthDate);
        }
    }

    private static string[] Forms(int number) => number < 10 ? [Text(number, "D2"), Text(number, "D1")] : [Text(number, "D2")];

    private static string Text(int number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
