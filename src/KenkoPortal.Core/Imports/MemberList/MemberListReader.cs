using System.Diagnostics.CodeAnalysis;
using System.Text;
using CsvHelper;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;

namespace KenkoPortal.Core.Imports.MemberList;

/// <summary>
/// Reads a members' list (加入者一覧): CSV in UTF-8 or CP932, columns by heading. Whatever the bytes are, it throws nothing but what the
/// stream itself throws; everything that is wrong is told at once, by line and column.
/// </summary>
public sealed class MemberListReader
{
    private const int MaxColumns = 200;
    private const int MaxRecordBytes = 64 * 1024;
    private const int RowsBetweenReports = 500;

    private static readonly MemberListColumn[] Columns = Enum.GetValues<MemberListColumn>();

    private readonly MemberListOptions _options;
    private readonly ListBytes _bytes;
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
        _csv = CsvReader.Create(
            bytes,
            new CsvReaderOptions
            {
                Separator = ',',
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
            ListBytesKind.Utf16 => Refused(MemberListText.Utf16),
            ListBytesKind.Workbook => Refused(MemberListText.Workbook),
            var kind => ReadBytes(bytes!, kind == ListBytesKind.Cp932 ? ListEncoding.Cp932 : ListEncoding.Utf8),
        };

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
        [.. _errors.OrderBy(e => e.Line).ThenBy(e => e.Column)],
        _errorCount,
        [.. _warnings.OrderBy(e => e.Line).ThenBy(e => e.Column)],
        _ignored,
        Columns.Where(c => _headings[(int)c] is not null).ToDictionary(c => c, c => new ColumnPlace(_places[(int)c] + 1, _headings[(int)c])),
        encoding);

    private void ReadAll(IProgress<double>? progress, CancellationToken cancellation)
    {
        var total = Math.Max(1.0, _bytes.BytesLeft);
        try
        {
            if (!Next())
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
            Fail(FirstBadlyQuoted() + 1, MemberListText.HeadingRow, QuoteMessage());
            return false;
        }

        if (_columnCount == 1 && names[0].AsSpan().IndexOfAny('\t', ';') >= 0)
        {
            Fail(1, MemberListText.HeadingRow, MemberListText.NotCommaSeparated);
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

        if (_places.All(place => place < 0))
        {
            Fail(1, MemberListText.HeadingRow, MemberListText.NoHeading);
            return false;
        }

        foreach (var column in Columns.Where(c => _places[(int)c] < 0 && MemberListHeadings.IsRequired(c)))
        {
            var message = column is MemberListColumn.Protected or MemberListColumn.LostOn
                ? MemberListText.ColumnMissingKeepEmpty
                : MemberListText.ColumnMissing;
            Fail(1, MemberListText.HeadingRow, message.With(_options.Headings[column]));
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
        if (_malformed is not null)
        {
            FailRow(FirstBadlyQuoted() + 1, QuoteMessage());
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

        var row = new MemberListRow(
            _line, symbol!, number!, branch!, name!, kana!, sex, birth!.Value, relationship!, acquired!.Value, lost,
            postal, address, workplace, isProtected);
        if (address is null && (relationship!.IsInsured || isProtected) && row.IsMemberOn(_options.Today))
        {
            Warn(MemberListColumn.Address, MemberListText.WarnNoAddress);
        }

        _rows.Add(row);
    }

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
        if (!TryCell(column, isRequired, out var text))
        {
            return null;
        }

        var message = JapaneseDate.Parse(text, out var date) switch
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

        text = _csv.GetString(place).Trim();
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
            var isWhole = raw.Length >= 2 && raw[0] == '"' && raw[^1] == '"';
            if (isWhole ? HasSingleQuote(raw[1..^1]) : raw.Contains((byte)'"'))
            {
                return i;
            }
        }

        return 0;
    }

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
