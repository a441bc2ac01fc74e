using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.Members.Import;

/// <summary>Reads the cells of the row at which the CSV reader stands. A cell that is wrong is reported, and read as nothing.</summary>
internal sealed partial class ListCells(CsvReader csv, MemberListOptions options, ListFaults faults)
{
    /// <summary>What core systems write where there is no 資格喪失年月日.</summary>
    private static readonly HashSet<string> NoDates = new(StringComparer.Ordinal)
    {
        "99999999", "00000000", "0", "99991231", "9999/12/31", "9999-12-31", "9999/99/99", "0000/00/00", "0000-00-00", "9999年12月31日",
    };

    private readonly Dictionary<string, CardSymbol> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Relationship> _relationships = new(StringComparer.Ordinal);

    internal delegate bool Parser<T>([NotNullWhen(true)] string? text, [NotNullWhen(true)] out T? value)
        where T : class;

    /// <summary>Spreadsheets make a date of 5-1 or 2-3; the 記号 is lost then.</summary>
    public static bool LooksLikeDate(string symbol) => DateForm().IsMatch(symbol.Normalize(NormalizationForm.FormKC));

    [GeneratedRegex(
        @"\A([0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}年[0-9]{1,2}月|[0-9]{4}[/-][0-9]{1,2}[/-][0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}|[0-9]{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{1,2})\z",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DateForm();

    /// <summary>Refuses a row of another insurer.</summary>
    public void ReadInsurer()
    {
        if (!TryCell(MemberListColumn.InsurerNumber, isRequired: true, out var text) || text == options.Insurer.Value)
        {
            return;
        }

        if (!InsurerNumber.TryParse(text, out var insurer))
        {
            faults.Fail(MemberListColumn.InsurerNumber, MemberListText.InsurerNumberInvalid.With(PlainText.Shown(text)));
        }
        else if (insurer != options.Insurer)
        {
            faults.Fail(MemberListColumn.InsurerNumber, MemberListText.InsurerNumberOther.With(insurer, options.Insurer));
        }
    }

    public Sex ReadSex()
    {
        var sex = default(Sex);
        if (TryCell(MemberListColumn.Sex, isRequired: true, out var text) && !SexNotation.TryParse(text, out sex))
        {
            faults.Fail(MemberListColumn.Sex, MemberListText.SexInvalid.With(PlainText.Shown(text)));
        }

        return sex;
    }

    public DateOnly? ReadDate(MemberListColumn column, bool isRequired)
    {
        if (!TryCell(column, isRequired, out var text) || (!isRequired && NoDates.Contains(WithoutMidnight(text))))
        {
            return null;
        }

        var message = JapaneseDate.Parse(WithoutMidnight(text), out var date) switch
        {
            JapaneseDateFault.None => null,
            JapaneseDateFault.NoSuchDay => MemberListText.DateNoSuchDay,
            JapaneseDateFault.OtherEra => MemberListText.DateOtherEra,
            JapaneseDateFault.TooEarly => MemberListText.DateTooEarly,
            _ => MemberListText.DateUnreadable,
        };
        if (message is null)
        {
            return date;
        }

        faults.Fail(column, message.With(PlainText.Shown(text)));
        return null;
    }

    /// <summary>Databases export a date with the midnight that begins it; any other time would be another thing than a date.</summary>
    private static string WithoutMidnight(string text)
    {
        var space = text.IndexOfAny([' ', 'T', '　']);
        return space > 0 && text[(space + 1)..].Trim() is "0:00" or "00:00" or "0:00:00" or "00:00:00" or "00:00:00.000" ? text[..space] : text;
    }

    public void JudgeDates(DateOnly? birth, DateOnly? acquired, DateOnly? lost)
    {
        if (birth > options.Today)
        {
            faults.Fail(MemberListColumn.BirthDate, MemberListText.BirthInFuture.With(Shown(MemberListColumn.BirthDate)));
        }

        if (lost < acquired)
        {
            faults.Fail(MemberListColumn.LostOn, MemberListText.LostBeforeAcquired.With(Shown(MemberListColumn.AcquiredOn), Shown(MemberListColumn.LostOn)));
        }

        if (acquired < birth)
        {
            faults.Warn(MemberListColumn.AcquiredOn, MemberListText.WarnAcquiredBeforeBirth.With(Shown(MemberListColumn.BirthDate), Shown(MemberListColumn.AcquiredOn)));
        }
    }

    public string? ReadText(MemberListColumn column)
    {
        if (!TryCell(column, isRequired: false, out var text))
        {
            return null;
        }

        var tidy = PlainText.Tidy(text);
        if (tidy.Length <= MemberListRow.MaxTextLength)
        {
            return tidy;
        }

        faults.Fail(column, MemberListText.TooLong.With(MemberListRow.MaxTextLength, PlainText.Shown(text)));
        return null;
    }

    public bool ReadProtected()
    {
        if (!TryCell(MemberListColumn.Protected, isRequired: false, out var text))
        {
            return false;
        }

        switch (text.Normalize(NormalizationForm.FormKC))
        {
            case "1" or "○" or "〇" or "◯" or "有" or "あり" or "非開示":
                return true;
            case "0" or "無" or "なし":
                return false;
            default:
                faults.Fail(MemberListColumn.Protected, MemberListText.ProtectedInvalid.With(PlainText.Shown(text)));
                return false;
        }
    }

    public bool ParseSymbol([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CardSymbol? symbol) =>
        ParseOnce(text, _symbols, CardSymbol.TryParse, out symbol);

    public bool ParseRelationship([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Relationship? relationship) =>
        ParseOnce(text, _relationships, Relationship.TryParse, out relationship);

    private static bool ParseOnce<T>(
        [NotNullWhen(true)] string? text, Dictionary<string, T> known, Parser<T> parse, [NotNullWhen(true)] out T? value)
        where T : class
    {
        if (text is not null && known.TryGetValue(text, out value))
        {
            return true;
        }

        if (!parse(text, out value))
        {
            return false;
        }

        known[text] = value;
        return true;
    }

    public T? Value<T>(MemberListColumn column, Parser<T> parse, string message, int limit, bool isRequired = true)
        where T : class
    {
        if (!TryCell(column, isRequired, out var text))
        {
            return null;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        faults.Fail(column, message.With(PlainText.Shown(text), limit));
        return null;
    }

    private bool TryCell(MemberListColumn column, bool isRequired, out string text)
    {
        text = string.Empty;
        var place = faults.PlaceOf(column);
        if (place < 0)
        {
            return false;
        }

        text = WithoutFormula(csv.GetString(place).Trim());
        if (text.Length == 0)
        {
            if (isRequired)
            {
                faults.Fail(column, MemberListText.Required);
            }

            return false;
        }

        var message = PlainText.FirstFault(text, out _) switch
        {
            TextFault.None => null,
            TextFault.Undecodable => MemberListText.Undecodable,
            TextFault.Unknown => MemberListText.UnknownCharacter,
            TextFault.Control => MemberListText.ControlCharacter,
            _ => MemberListText.InvisibleCharacter,
        };
        if (message is null)
        {
            return true;
        }

        faults.Fail(column, message.With(PlainText.Shown(text)));
        text = string.Empty;
        return false;
    }

    private static string WithoutFormula(string text) =>
        text.Length >= 3 && text.StartsWith("=\"", StringComparison.Ordinal) && text[^1] == '"' && !text.AsSpan(2, text.Length - 3).Contains('"') ? text[2..^1].Trim() : text;

    private string Shown(MemberListColumn column) => PlainText.Shown(csv.GetString(faults.PlaceOf(column)).Trim());
}
