using System.Text;
using CsvHelper;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Common.Files;

namespace KenkoPortal.Core.Members.Import;

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
    private readonly ListLayout _layout;
    private readonly CsvReader _csv;
    private readonly ListFaults _faults = new();
    private readonly ListCells _cells;
    private readonly List<MemberListRow> _rows = [];
    private readonly List<string> _ignored = [];
    private CsvMalformedRecord? _malformed;
    private int _columnCount;

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
        _cells = new ListCells(_csv, options, _faults);
    }

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

    private MemberListFile Result(ListEncoding encoding) =>
        new(_rows, _faults.Errors, _faults.ErrorCount, _faults.Warnings, _ignored, _faults.Places, encoding);

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
            while (isThere && _faults.Line < _layout.HeadingLine);

            if (!isThere)
            {
                _faults.Line = 1;
                _faults.Fail(1, MemberListText.WholeFile, MemberListText.Empty);
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
            _faults.Line = (int)Math.Max(failure.LineNumber, _faults.Line + 1);
            _faults.FailRow(1, MemberListText.RowTooLong);
        }

        if (_rows.Count == 0 && _faults.ErrorCount == 0)
        {
            _faults.FailRow(1, MemberListText.NoRows);
        }

        RowComparison.Compare(_rows, _options, _faults);
        progress?.Report(1);
    }

    private bool Next()
    {
        _malformed = null;
        _faults.RowFailed = false;
        var more = _csv.Read();
        if (more)
        {
            _faults.Line = (int)Math.Min(int.MaxValue, _csv.LineNumber);
        }

        return more;
    }

    private bool ReadHeadings()
    {
        _columnCount = _csv.FieldCount;
        var names = new string[_columnCount];
        for (var i = 0; i < _columnCount; i++)
        {
            names[i] = _csv.GetString(i);
        }

        if (_malformed is { } malformed)
        {
            _faults.Fail(Math.Max(0, ListQuotes.FirstBadlyQuoted(_csv, malformed.Reason)) + 1, MemberListText.HeadingRow, QuoteMessage());
            return false;
        }

        if (_columnCount > MaxColumns)
        {
            _faults.Fail(MaxColumns + 1, MemberListText.HeadingRow, MemberListText.TooManyColumns.With(MaxColumns));
            return false;
        }

        for (var i = 0; i < _columnCount; i++)
        {
            PlaceHeading(i, names[i]);
        }

        var headings = MemberListText.HeadingsOfFile.With(string.Join('、', names.Select(n => PlainText.Shown(n.Trim()))));
        if (!Columns.Any(_faults.Has) && Columns.All(c => _options.Headings.Propose(c, _ignored) is null))
        {
            _faults.Fail(1, MemberListText.HeadingRow, MemberListText.NoHeading);
            _faults.Fail(1, MemberListText.HeadingRow, headings);
            return false;
        }

        var proposed = new List<string>();
        foreach (var column in Columns.Where(c => !_faults.Has(c) && MemberListHeadings.IsRequired(c)))
        {
            var message = column is MemberListColumn.Protected or MemberListColumn.LostOn
                ? MemberListText.ColumnMissingKeepEmpty
                : MemberListText.ColumnMissing;
            var proposal = _options.Headings.Propose(column, _ignored);
            _faults.Fail(1, MemberListText.HeadingRow, message.With(_options.Headings[column]) + (proposal is null ? "" : MemberListText.ColumnProposed.With(proposal)));
            if (proposal is not null)
            {
                proposed.Add($"{MemberListHeadings.Default[column]}={proposal}");
            }
        }

        if (Columns.Any(c => !_faults.Has(c) && MemberListHeadings.IsRequired(c)))
        {
            _faults.Fail(1, MemberListText.HeadingRow, headings);
        }

        if (proposed.Count > 0)
        {
            _faults.Fail(1, MemberListText.HeadingRow, MemberListText.HeadingsProposed.With(string.Join(' ', proposed)));
        }

        if (_faults.ErrorCount == 0 && _layout.HeadingLine > 1)
        {
            _faults.Warn(1, MemberListText.HeadingRow, MemberListText.WarnTitleLines.With(_layout.HeadingLine));
        }

        return _faults.ErrorCount == 0;
    }

    private void PlaceHeading(int index, string name)
    {
        var shown = PlainText.Shown(name.Trim());
        if (name.Contains('\uFFFD', StringComparison.Ordinal))
        {
            _faults.Fail(index + 1, shown, MemberListText.Undecodable.With(shown));
        }
        else if (!_options.Headings.TryFind(name, out var column))
        {
            if (shown.Length > 0)
            {
                _ignored.Add(shown);
            }
        }
        else if (_faults.Has(column))
        {
            _faults.Fail(index + 1, shown, MemberListText.ColumnTwice.With(shown, _faults.PlaceOf(column) + 1));
        }
        else
        {
            _faults.Place(column, index, shown);
        }
    }

    private void ReadRow()
    {
        if (_malformed is { } malformed && ListQuotes.FirstBadlyQuoted(_csv, malformed.Reason) is >= 0 and var badly)
        {
            _faults.FailRow(badly + 1, QuoteMessage());
            return;
        }

        if (IsBlank(0))
        {
            return;
        }

        if (_csv.FieldCount < _columnCount || (_csv.FieldCount > _columnCount && !IsBlank(_columnCount)))
        {
            // Where fields are missing or too many, every field behind the place is another one: one error says it all.
            _faults.FailRow(Math.Min(_csv.FieldCount, _columnCount) + 1, MemberListText.FieldCount.With(_columnCount, _csv.FieldCount));
            return;
        }

        if (_bytes.IsDamaged)
        {
            FindDamage();
        }

        _cells.ReadInsurer();
        var symbol = _cells.Value<CardSymbol>(MemberListColumn.Symbol, _cells.ParseSymbol, MemberListText.SymbolInvalid, CardSymbol.MaxLength);
        var number = _cells.Value<CardNumber>(MemberListColumn.Number, CardNumber.TryParse, MemberListText.NumberInvalid, CardNumber.MaxLength);
        var branch = _cells.Value<BranchNumber>(MemberListColumn.Branch, BranchNumber.TryParse, MemberListText.BranchInvalid, 2);
        var name = _cells.Value<PersonName>(MemberListColumn.Name, PersonName.TryParse, MemberListText.NameInvalid, PersonName.MaxLength);
        var kana = _cells.Value<KanaName>(MemberListColumn.Kana, KanaName.TryParse, MemberListText.KanaInvalid, KanaName.MaxLength);
        var sex = _cells.ReadSex();
        var birth = _cells.ReadDate(MemberListColumn.BirthDate, isRequired: true);
        var relationship = _cells.Value<Relationship>(
            MemberListColumn.Relationship, _cells.ParseRelationship, MemberListText.RelationshipInvalid, Relationship.MaxLength);
        var acquired = _cells.ReadDate(MemberListColumn.AcquiredOn, isRequired: true);
        var lost = _cells.ReadDate(MemberListColumn.LostOn, isRequired: false);
        var postal = _cells.Value<PostalCode>(
            MemberListColumn.PostalCode, PostalCode.TryParse, MemberListText.PostalCodeInvalid, 7, isRequired: false);
        var address = _cells.ReadText(MemberListColumn.Address);
        var workplace = _cells.ReadText(MemberListColumn.Workplace);
        var isProtected = _cells.ReadProtected();
        _cells.JudgeDates(birth, acquired, lost);
        if (_faults.RowFailed)
        {
            return;
        }

        if (ListCells.LooksLikeDate(symbol!.Text))
        {
            _faults.Warn(MemberListColumn.Symbol, MemberListText.WarnSymbolIsDate.With(PlainText.Shown(symbol.Text)));
        }

        var row = new MemberListRow(
            _faults.Line, symbol!, number!, branch!, name!, kana!, sex, birth!.Value, relationship!, acquired!.Value, lost,
            postal, address, workplace, isProtected);
        if (address is null && (relationship!.IsInsured || isProtected) && row.IsMemberOn(_options.Today))
        {
            _faults.Warn(MemberListColumn.Address, MemberListText.WarnNoAddress);
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
            if (_faults.IsUsed(i))
            {
                continue;
            }

            var text = _csv.GetString(i);
            if (text.Contains('\uFFFD', StringComparison.Ordinal))
            {
                _faults.Fail(i + 1, MemberListText.WholeRow, MemberListText.Undecodable.With(PlainText.Shown(text)));
            }
        }
    }

    private string QuoteMessage() =>
        _malformed?.Reason == CsvMalformedReason.UnterminatedQuote ? MemberListText.QuoteOpen : MemberListText.QuoteStray;
}
