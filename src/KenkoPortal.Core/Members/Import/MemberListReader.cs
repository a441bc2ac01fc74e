using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.Members.Import;

/// <summary>
/// Reads a members' list (加入者一覧): CSV in UTF-8 or CP932, columns by heading. Whatever the bytes are, it throws nothing but what the
/// stream itself throws; everything that is wrong is told at once, by line and column.
/// </summary>
public sealed partial class MemberListReader
{
    private const int MaxColumns = 200;
    private const int MaxRecordBytes = 64 * 1024;
    private const int RowsBetweenReports = 500;

    /// <summary>What core systems write where there is no 資格喪失年月日.</summary>
    private static readonly HashSet<string> NoDates = new(StringComparer.Ordinal)
    {
        "99999999", "00000000", "0", "99991231", "9999/12/31", "9999-12-31", "9999/99/99", "0000/00/00", "0000-00-00", "9999年12月31日",
    };

    private static readonly MemberListColumn[] Columns = Enum.GetValues<MemberListColumn>();

    private readonly MemberListOptions _options;
    private readonly ListBytes _bytes;
    private readonly ListLayout _layout;
    private readonly CsvReader _csv;
    private readonly int[] _places = new int[Columns.Length];
    private readonly string[] _headings = new string[Columns.Length];
    private readonly List<MemberListRow> _rows = [];
    private readonly List<RowError> _errors = [];
    private readonly List<RowError> _warnings = [];
    private readonly List<string> _ignored = [];
    private readonly Dictionary<string, CardSymbol> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Relationship> _relationships = new(StringComparer.Ordinal);
    private CsvMalformedRecord? _malformed;
    private int _errorCount;
    private int _columnCount;
    private int _line;
    private bool _rowFailed;

    private MemberListReader(MemberListOptions options, ListBytes bytes)
    {
        _options = options;
        _bytes = bytes;
        _layout = ListLayout.Find(bytes.Peek(), heading => options.Headings.TryFind(heading, out _) || MemberListHeadings.IsKnown(heading));
        _csv = CsvReader.Create(
            bytes,
            new CsvReaderOptions
            {
                Separator = _layout.Separator,
                HasHeader = false,
                Encoding = Encoding.UTF8,
                TrackLineNumbers = true,
                MaxRecordSize = MaxRecordBytes,
                PoolStrings = true,
                IncludeValuesInExceptions = false,
                OnMalformedRecord = malformed => _malformed = malformed,
            },
            leaveOpen: false);
    }

    private delegate bool Parser<T>([NotNullWhen(true)] string? text, [NotNullWhen(true)] out T? value)
        where T : class;

    /// <summary>Reads a list that is in memory.</summary>
    public static MemberListFile Read(byte[] file, MemberListOptions options) => Read(new MemoryStream(file, writable: false), options);

    /// <summary>
    /// Reads a list from its beginning to its end. The stream stays open; one that cannot seek is held in memory first.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="options">By what it is judged.</param>
    /// <param name="progress">Told now and then which part of the file, from 0 to 1, has been read.</param>
    /// <param name="cancellation">Ends the reading early, with an exception.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static MemberListFile Read(
        Stream file, MemberListOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!file.CanSeek)
        {
            file = InMemory(file, options.MaxBytes);
        }

        return ListBytes.Open(file, options.MaxBytes, heading => options.Headings.TryFind(heading, out _), out var bytes) switch
        {
            ListBytesKind.TooLarge => Refused(MemberListText.TooLarge.With(options.MaxBytes / (1024 * 1024))),
            ListBytesKind.Empty => Refused(MemberListText.Empty),
            ListBytesKind.Utf16 => ReadConverted(ListConversion.OfUtf16(file)),
            ListBytesKind.Workbook => ListConversion.OfWorkbook(file) is { } text ? ReadConverted(text) : Refused(MemberListText.Workbook),
            var kind => ReadBytes(bytes!, kind == ListBytesKind.Cp932 ? ListEncoding.Cp932 : ListEncoding.Utf8),
        };

        MemberListFile ReadConverted(Stream text) => Read(text, options, progress, cancellation);

        MemberListFile ReadBytes(ListBytes source, ListEncoding encoding)
        {
            var reader = new MemberListReader(options, source);
            using (reader._csv)
            {
                reader.ReadAll(progress, cancellation);
            }

            return reader.Result(encoding);
        }
    }

    private static MemberListFile Refused(string message) =>
        new([], [new RowError(1, 1, MemberListText.WholeFile, message)], 1, [], [], new Dictionary<MemberListColumn, ColumnPlace>(), ListEncoding.Utf8);

    private static MemoryStream InMemory(Stream file, long maxBytes)
    {
        var memory = new MemoryStream();
        var buffer = new byte[MaxRecordBytes];
        for (int read; memory.Length <= maxBytes && (read = file.Read(buffer)) > 0;)
        {
            memory.Write(buffer, 0, read);
        }

        return memory;
    }

    private MemberListFile Result(ListEncoding encoding) => new(
        _rows,
        RowError.Gather(_errors.OrderBy(e => e.Line).ThenBy(e => e.Column)),
        _errorCount,
        RowError.Gather(_warnings.OrderBy(e => e.Line).ThenBy(e => e.Column)),
        _ignored,
        Columns.Where(c => _headings[(int)c] is not null).ToDictionary(c => c, c => new ColumnPlace(_places[(int)c] + 1, _headings[(int)c])),
        encoding);

    private void ReadAll(IProgress<double>? progress, CancellationToken cancellation)
    {
        var total = Math.Max(1.0, _bytes.BytesLeft);
        try
        {
            bool isThere;
            do
            {
                isThere = Next();
            }
            while (isThere && _line < _layout.HeadingLine);

            if (!isThere)
            {
                _line = 1;
                Fail(1, MemberListText.WholeFile, MemberListText.Empty);
                return;
            }

            if (!ReadHeadings())
            {
                return;
            }

            for (var count = 0; Next(); count++)
            {
                ReadRow();
                if (count % RowsBetweenReports == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Report(1 - (_bytes.BytesLeft / total));
                }
            }
        }
        catch (CsvFormatException failure)
        {
            _line = (int)Math.Max(failure.LineNumber, _line + 1);
            FailRow(1, MemberListText.RowTooLong);
        }

        if (_rows.Count == 0 && _errorCount == 0)
        {
            FailRow(1, MemberListText.NoRows);
        }

        CompareRows();
        progress?.Report(1);
    }

    private bool Next()
    {
        _malformed = null;
        _rowFailed = false;
        var more = _csv.Read();
        if (more)
        {
            _line = (int)Math.Min(int.MaxValue, _csv.LineNumber);
        }

        return more;
    }

    private bool ReadHeadings()
    {
        Array.Fill(_places, -1);
        _columnCount = _csv.FieldCount;
        var names = new string[_columnCount];
        for (var i = 0; i < _columnCount; i++)
        {
            names[i] = _csv.GetString(i);
        }

        if (_malformed is not null)
        {
            Fail(Math.Max(0, FirstBadlyQuoted()) + 1, MemberListText.HeadingRow, QuoteMessage());
            return false;
        }

        if (_columnCount > MaxColumns)
        {
            Fail(MaxColumns + 1, MemberListText.HeadingRow, MemberListText.TooManyColumns.With(MaxColumns));
            return false;
        }

        for (var i = 0; i < _columnCount; i++)
        {
            PlaceHeading(i, names[i]);
        }

        var headings = MemberListText.HeadingsOfFile.With(string.Join('、', names.Select(n => PlainText.Shown(n.Trim()))));
        if (_places.All(place => place < 0) && Columns.All(c => _options.Headings.Propose(c, _ignored) is null))
        {
            Fail(1, MemberListText.HeadingRow, MemberListText.NoHeading);
            Fail(1, MemberListText.HeadingRow, headings);
            return false;
        }

        var proposed = new List<string>();
        foreach (var column in Columns.Where(c => _places[(int)c] < 0 && MemberListHeadings.IsRequired(c)))
        {
            var message = column is MemberListColumn.Protected or MemberListColumn.LostOn
                ? MemberListText.ColumnMissingKeepEmpty
                : MemberListText.ColumnMissing;
            var proposal = _options.Headings.Propose(column, _ignored);
            Fail(1, MemberListText.HeadingRow, message.With(_options.Headings[column]) + (proposal is null ? "" : MemberListText.ColumnProposed.With(proposal)));
            if (proposal is not null)
            {
                proposed.Add($"{MemberListHeadings.Default[column]}={proposal}");
            }
        }

        if (Columns.Any(c => _places[(int)c] < 0 && MemberListHeadings.IsRequired(c)))
        {
            Fail(1, MemberListText.HeadingRow, headings);
        }

        if (proposed.Count > 0)
        {
            Fail(1, MemberListText.HeadingRow, MemberListText.HeadingsProposed.With(string.Join(' ', proposed)));
        }

        if (_errorCount == 0 && _layout.HeadingLine > 1)
        {
            _warnings.Add(new RowError(_line, 1, MemberListText.HeadingRow, MemberListText.WarnTitleLines.With(_layout.HeadingLine)));
        }

        return _errorCount == 0;
    }

    private void PlaceHeading(int index, string name)
    {
        var shown = PlainText.Shown(name.Trim());
        if (name.Contains('\uFFFD', StringComparison.Ordinal))
        {
            Fail(index + 1, shown, MemberListText.Undecodable.With(shown));
        }
        else if (!_options.Headings.TryFind(name, out var column))
        {
            if (shown.Length > 0)
            {
                _ignored.Add(shown);
            }
        }
        else if (_places[(int)column] >= 0)
        {
            Fail(index + 1, shown, MemberListText.ColumnTwice.With(shown, _places[(int)column] + 1));
        }
        else
        {
            _places[(int)column] = index;
            _headings[(int)column] = shown;
        }
    }

    private void ReadRow()
    {
        if (_malformed is not null && FirstBadlyQuoted() is >= 0 and var badly)
        {
            FailRow(badly + 1, QuoteMessage());
            return;
        }

        if (IsBlank(0))
        {
            return;
        }

        if (_csv.FieldCount < _columnCount || (_csv.FieldCount > _columnCount && !IsBlank(_columnCount)))
        {
            // Where fields are missing or too many, every field behind the place is another one: one error says it all.
            FailRow(Math.Min(_csv.FieldCount, _columnCount) + 1, MemberListText.FieldCount.With(_columnCount, _csv.FieldCount));
            return;
        }

        if (_bytes.IsDamaged)
        {
            FindDamage();
        }

        ReadInsurer();
        var symbol = Value<CardSymbol>(MemberListColumn.Symbol, ParseSymbol, MemberListText.SymbolInvalid, CardSymbol.MaxLength);
        var number = Value<CardNumber>(MemberListColumn.Number, CardNumber.TryParse, MemberListText.NumberInvalid, CardNumber.MaxLength);
        var branch = Value<BranchNumber>(MemberListColumn.Branch, BranchNumber.TryParse, MemberListText.BranchInvalid, 2);
        var name = Value<PersonName>(MemberListColumn.Name, PersonName.TryParse, MemberListText.NameInvalid, PersonName.MaxLength);
        var kana = Value<KanaName>(MemberListColumn.Kana, KanaName.TryParse, MemberListText.KanaInvalid, KanaName.MaxLength);
        var sex = ReadSex();
        var birth = ReadDate(MemberListColumn.BirthDate, isRequired: true);
        var relationship = Value<Relationship>(
            MemberListColumn.Relationship, ParseRelationship, MemberListText.RelationshipInvalid, Relationship.MaxLength);
        var acquired = ReadDate(MemberListColumn.AcquiredOn, isRequired: true);
        var lost = ReadDate(MemberListColumn.LostOn, isRequired: false);
        var postal = Value<PostalCode>(
            MemberListColumn.PostalCode, PostalCode.TryParse, MemberListText.PostalCodeInvalid, 7, isRequired: false);
        var address = ReadText(MemberListColumn.Address);
        var workplace = ReadText(MemberListColumn.Workplace);
        var isProtected = ReadProtected();
        JudgeDates(birth, acquired, lost);
        if (_rowFailed)
        {
            return;
        }

        if (LooksLikeDate(symbol!.Text))
        {
            Warn(MemberListColumn.Symbol, MemberListText.WarnSymbolIsDate.With(PlainText.Shown(symbol.Text)));
        }

        var row = new MemberListRow(
            _line, symbol!, number!, branch!, name!, kana!, sex, birth!.Value, relationship!, acquired!.Value, lost,
            postal, address, workplace, isProtected);
        if (address is null && (relationship!.IsInsured || isProtected) && row.IsMemberOn(_options.Today))
        {
            Warn(MemberListColumn.Address, MemberListText.WarnNoAddress);
        }

        _rows.Add(row);
    }

    /// <summary>Spreadsheets make a date of 5-1 or 2-3; the 記号 is lost then.</summary>
    private static bool LooksLikeDate(string symbol) => DateForm().IsMatch(symbol.Normalize(NormalizationForm.FormKC));

    [GeneratedRegex(
        @"\A([0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}年[0-9]{1,2}月|[0-9]{4}[/-][0-9]{1,2}[/-][0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}|[0-9]{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{1,2})\z",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DateForm();

    private bool IsBlank(int from)
    {
        for (var i = from; i < _csv.FieldCount; i++)
        {
            if (!_csv.IsEmpty(i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Undecodable bytes in columns that are not used: the list is strict as a whole.</summary>
    private void FindDamage()
    {
        for (var i = 0; i < _columnCount; i++)
        {
            if (Array.IndexOf(_places, i) >= 0)
            {
                continue;
            }

            var text = _csv.GetString(i);
            if (text.Contains('\uFFFD', StringComparison.Ordinal))
            {
                Fail(i + 1, MemberListText.WholeRow, MemberListText.Undecodable.With(PlainText.Shown(text)));
            }
        }
    }

    private void ReadInsurer()
    {
        if (!TryCell(MemberListColumn.InsurerNumber, isRequired: true, out var text) || text == _options.Insurer.Value)
        {
            return;
        }

        if (!InsurerNumber.TryParse(text, out var insurer))
        {
            Fail(MemberListColumn.InsurerNumber, MemberListText.InsurerNumberInvalid.With(PlainText.Shown(text)));
        }
        else if (insurer != _options.Insurer)
        {
            Fail(MemberListColumn.InsurerNumber, MemberListText.InsurerNumberOther.With(insurer, _options.Insurer));
        }
    }

    private Sex ReadSex()
    {
        var sex = default(Sex);
        if (TryCell(MemberListColumn.Sex, isRequired: true, out var text) && !SexNotation.TryParse(text, out sex))
        {
            Fail(MemberListColumn.Sex, MemberListText.SexInvalid.With(PlainText.Shown(text)));
        }

        return sex;
    }

    private DateOnly? ReadDate(MemberListColumn column, bool isRequired)
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

        Fail(column, message.With(PlainText.Shown(text)));
        return null;
    }

    /// <summary>Databases export a date with the midnight that begins it; any other time would be another thing than a date.</summary>
    private static string WithoutMidnight(string text)
    {
        var space = text.IndexOfAny([' ', 'T', '　']);
        return space > 0 && text[(space + 1)..].Trim() is "0:00" or "00:00" or "0:00:00" or "00:00:00" or "00:00:00.000" ? text[..space] : text;
    }

    private void JudgeDates(DateOnly? birth, DateOnly? acquired, DateOnly? lost)
    {
        if (birth > _options.Today)
        {
            Fail(MemberListColumn.BirthDate, MemberListText.BirthInFuture.With(Shown(MemberListColumn.BirthDate)));
        }

        if (lost < acquired)
        {
            Fail(MemberListColumn.LostOn, MemberListText.LostBeforeAcquired.With(Shown(MemberListColumn.AcquiredOn), Shown(MemberListColumn.LostOn)));
        }

        if (acquired < birth)
        {
            Warn(MemberListColumn.AcquiredOn, MemberListText.WarnAcquiredBeforeBirth.With(Shown(MemberListColumn.BirthDate), Shown(MemberListColumn.AcquiredOn)));
        }
    }

    private string? ReadText(MemberListColumn column)
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

        Fail(column, MemberListText.TooLong.With(MemberListRow.MaxTextLength, PlainText.Shown(text)));
        return null;
    }

    private bool ReadProtected()
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
                Fail(MemberListColumn.Protected, MemberListText.ProtectedInvalid.With(PlainText.Shown(text)));
                return false;
        }
    }

    private bool ParseSymbol([NotNullWhen(true)] string? text, [NotNullWhen(true)] out CardSymbol? symbol) =>
        ParseOnce(text, _symbols, CardSymbol.TryParse, out symbol);

    private bool ParseRelationship([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Relationship? relationship) =>
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

    private T? Value<T>(MemberListColumn column, Parser<T> parse, string message, int limit, bool isRequired = true)
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

        Fail(column, message.With(PlainText.Shown(text), limit));
        return null;
    }

    private bool TryCell(MemberListColumn column, bool isRequired, out string text)
    {
        text = string.Empty;
        var place = _places[(int)column];
        if (place < 0)
        {
            return false;
        }

        text = WithoutFormula(_csv.GetString(place).Trim());
        if (text.Length == 0)
        {
            if (isRequired)
            {
                Fail(column, MemberListText.Required);
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

        Fail(column, message.With(PlainText.Shown(text)));
        text = string.Empty;
        return false;
    }

    /// <summary>What one row alone cannot show. People who left by today no longer take anybody's place.</summary>
    private void CompareRows()
    {
        var cards = new Dictionary<(string Symbol, string Number, string Branch), MemberListRow>(_rows.Count);
        var repeated = new Dictionary<(string Symbol, string Number, string Branch), List<MemberListRow>>();
        var households = new Dictionary<(string Symbol, string Number), (MemberListRow First, int InsuredLine)>(_rows.Count);
        foreach (var row in _rows)
        {
            _line = row.Line;
            var card = (row.Symbol.Key, row.Number.Key, row.Branch.Value);
            if (!cards.TryAdd(card, row))
            {
                JudgeRepeated(row, cards[card], repeated, card);
            }

            if (!row.IsMemberOn(_options.Today))
            {
                continue;
            }

            var key = (row.Symbol.Key, row.Number.Key);
            var household = households.TryGetValue(key, out var known) ? known : (First: row, InsuredLine: 0);
            if (row.Relationship.IsInsured && household.InsuredLine > 0)
            {
                Fail(MemberListColumn.Relationship, MemberListText.SecondInsured.With(household.InsuredLine, $"{row.Symbol}-{row.Number}"));
            }
            else if (row.Relationship.IsInsured)
            {
                household.InsuredLine = row.Line;
            }

            households[key] = household;
        }

        foreach (var (first, insuredLine) in households.Values)
        {
            if (insuredLine == 0 && !_options.IsDifference)
            {
                _line = first.Line;
                Warn(MemberListColumn.Relationship, MemberListText.WarnNoInsured.With($"{first.Symbol}-{first.Number}"));
            }
        }
    }

    /// <summary>The same card may stand twice when somebody left and came back: the periods must not overlap.</summary>
    private void JudgeRepeated<TKey>(MemberListRow row, MemberListRow first, Dictionary<TKey, List<MemberListRow>> repeated, TKey card)
        where TKey : notnull
    {
        if (!repeated.TryGetValue(card, out var others))
        {
            repeated[card] = others = [first];
        }

        if (others.Find(other => !(other.LostOn <= row.AcquiredOn || row.LostOn <= other.AcquiredOn)) is { } same)
        {
            Fail(MemberListColumn.Branch, MemberListText.DuplicateCard.With(same.Line, $"{row.Symbol}-{row.Number}-{row.Branch}"));
        }

        others.Add(row);
    }

    private string Shown(MemberListColumn column) => PlainText.Shown(_csv.GetString(_places[(int)column]).Trim());

    private string QuoteMessage() =>
        _malformed?.Reason == CsvMalformedReason.UnterminatedQuote ? MemberListText.QuoteOpen : MemberListText.QuoteStray;

    private int FirstBadlyQuoted()
    {
        for (var i = 0; i < _csv.FieldCount; i++)
        {
            var raw = _csv.GetRawSpan(i);
            if (_malformed?.Reason != CsvMalformedReason.UnterminatedQuote && IsTextFormula(raw))
            {
                continue;
            }

            var isWhole = raw.Length >= 2 && raw[0] == '"' && raw[^1] == '"';
            if (isWhole ? HasSingleQuote(raw[1..^1]) : raw.Contains((byte)'"'))
            {
                return i;
            }
        }

        // What is left are text formulas alone.
        return _malformed?.Reason == CsvMalformedReason.UnterminatedQuote ? 0 : -1;
    }

    /// <summary><c>="00123"</c>: how spreadsheets are made to keep zeros. The quotation marks stand inside the cell, and are not doubled.</summary>
    private static bool IsTextFormula(ReadOnlySpan<byte> raw) =>
        raw.Length >= 3 && raw[0] == '=' && raw[1] == '"' && raw[^1] == '"' && !raw[2..^1].ContainsAny((byte)'"', (byte)'=');

    private static string WithoutFormula(string text) =>
        text.Length >= 3 && text.StartsWith("=\"", StringComparison.Ordinal) && text[^1] == '"' && !text.AsSpan(2, text.Length - 3).Contains('"') ? text[2..^1].Trim() : text;

    private static bool HasSingleQuote(ReadOnlySpan<byte> inner)
    {
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '"' && (++i == inner.Length || inner[i] != '"'))
            {
                return true;
            }
        }

        return false;
    }

    private void Fail(MemberListColumn column, string message) =>
        Fail(_places[(int)column] + 1, _headings[(int)column], message);

    private void FailRow(int column, string message) => Fail(column, MemberListText.WholeRow, message);

    private void Fail(int column, string heading, string message)
    {
        _rowFailed = true;
        _errorCount++;
        if (_errors.Count < MemberListFile.MaxErrors)
        {
            _errors.Add(new RowError(_line, column, heading, message));
        }
    }

    private void Warn(MemberListColumn column, string message)
    {
        if (_warnings.Count < MemberListFile.MaxErrors)
        {
            _warnings.Add(new RowError(_line, _places[(int)column] + 1, _headings[(int)column], message));
        }
    }
}
