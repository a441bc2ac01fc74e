using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KenkoPortal.Claims.Reading;

namespace KenkoPortal.Claims;

/// <summary>
/// A file of electronic claims (電子レセプト) while it is read: claims one at a time, in constant memory whatever the file's size. It is read
/// once, by one thread, as the claims are enumerated. What cannot be read is told as a <see cref="ClaimFault"/>, its claim is set aside, and
/// the rest goes on; no bytes make it throw.
/// </summary>
public sealed class ClaimFile : IEnumerable<DeliveredClaim>
{
    /// <summary>The largest claim that is read, in MiB. The largest of real ones have one or two.</summary>
    public const int MaxClaimMebibytes = 8;

    /// <summary>The most lines of a claim that is read. The longest of real ones have some thousand.</summary>
    public const int MaxClaimLines = 65_536;

    /// <summary>The columns of IR and UK; the others have fewer.</summary>
    private const int UsualHeader = 10;

    private readonly LineSource _source;
    private readonly ClaimLines _lines;
    private readonly FaultReporter _faults;
    private readonly Columns _columns = new();
    private bool _isBegun;
    private Layouts _layouts = null!;
    private LineJudge _judge = null!;
    private CorrectionReplay _replay = null!;
    private ClaimBuilder _builder = null!;
    private ClaimHeader? _institution;
    private byte[] _header = [];
    private OpenClaim _open;
    private long _claimsAtHeader;
    private Totals _totals;
    private long _endLine;
    private bool _isAfterEndTold;
    private string? _lastNumber;
    private bool _isBeneathSummary;

    private ClaimFile(Stream stream, Action<ClaimFault>? faults)
    {
        _source = new LineSource(stream);
        _lines = new ClaimLines(_source);
        _faults = new FaultReporter(faults);
    }

    /// <summary>What the file holds; null until the first claim was asked for, and if it holds no claims.</summary>
    public ClaimKind? Kind { get; private set; }

    /// <summary>Who handed it over; null until the first claim was asked for, and if it holds no claims.</summary>
    public ClaimSide? Side { get; private set; }

    /// <summary>In which other encoding than CP932 the file seems to be written: then nothing of it is read. Null until the first claim was asked for.</summary>
    public string? OtherEncoding { get; private set; }

    /// <summary>The lines read so far.</summary>
    public long LinesRead => _source.LineNumber;

    /// <summary>The claims read so far.</summary>
    public long ClaimsRead { get; private set; }

    /// <summary>The claims set aside so far.</summary>
    public long ClaimsSetAside { get; private set; }

    /// <summary>The details beneath DPC summaries met so far: their points are in the summary's, so they are not delivered.</summary>
    public long DetailsPassedOver { get; private set; }

    /// <summary>Lines after GO that belong to no part of the file, so far: they are not read.</summary>
    public long LinesUnread { get; private set; }

    /// <summary>
    /// Whether the file ends within its last claim, as far as can be told: an institution's file without GO, an insurer's whose last claim lacks records or lines
    /// without which there is no claim of its points (the library's README says where that shows). Known at the end.
    /// </summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Why nothing of the file is read; null where it is a claims file. Known when the first claim was asked for.</summary>
    public ClaimFaultKind? Refusal { get; private set; }

    /// <summary>The faults told so far.</summary>
    public long FaultsTold => _faults.Count;

    private int StartRecord => Side == ClaimSide.Insurer ? RecordName.Mn : RecordName.Re;

    private bool IsStart(int record) => record == StartRecord || (Side == ClaimSide.Provider && record == _layouts.ClaimHeader);

    /// <summary>Begins to read a file, of whichever kind and side; its first records tell.</summary>
    /// <param name="stream">The file. It is read from where it stands, not sought in, and not closed.</param>
    /// <param name="faults">Told of each fault when it is found: of a claim when its last line was read, so in the order of the file.</param>
    public static ClaimFile Read(Stream stream, Action<ClaimFault>? faults = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new ClaimFile(stream, faults);
    }

    /// <summary>Reads the claims.</summary>
    /// <exception cref="InvalidOperationException">They were enumerated before: a stream is read once.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public IEnumerator<DeliveredClaim> GetEnumerator()
    {
        if (_isBegun)
        {
            throw new InvalidOperationException("A claim file is read once.");
        }

        _isBegun = true;
        return ReadClaims().GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<DeliveredClaim> ReadClaims()
    {
        Refusal = FileRecognition.Other(_source.Peek());
        OtherEncoding = Refusal is null ? FileEncoding.Other(_source.Peek()) : null;
        Refusal ??= OtherEncoding is not null ? ClaimFaultKind.OtherEncoding : Recognise() ? null : ClaimFaultKind.UnknownFile;
        if (Refusal is { } refusal)
        {
            _faults.AtFile(refusal, 1, OtherEncoding, OtherEncoding is null ? null : "CP932");
            yield break;
        }

        while (TryGather(out var line, out var carried))
        {
            if (line.Record == RecordName.Go)
            {
                if (Close(0) is { } last)
                {
                    yield return last;
                }

                CheckTotals(line);

                // On the insurer's side claims stand for themselves, and nothing says that GO is the last line.
                _endLine = Side == ClaimSide.Provider ? line.Number : 0;
                Forget(0, _source.Position);
            }
            else if (IsHeader(line) || IsLostHeader(line))
            {
                if (Close(carried) is { } last)
                {
                    yield return last;
                }

                TakeHeader(line);
                Forget(0, _source.Position);
            }
            else
            {
                if (Close(carried) is { } claim)
                {
                    yield return claim;
                }

                line.Start -= Forget(carried, line.Start);
                Add(line);
            }
        }

        if (Close(_endLine == 0 ? DamagedEnd() : 0, isLast: true) is { } final)
        {
            yield return final;
        }

        if (Side == ClaimSide.Provider && _endLine == 0)
        {
            IsCutShort = true;
            _faults.AtLine(ClaimFaultKind.EndMissing, _source.LineNumber);
        }
    }

    /// <summary>Gathers the lines of the open claim.</summary>
    /// <param name="line">The line that ends it, not yet added: GO, a header, or the first of the next claim.</param>
    /// <param name="carried">How many of the lines gathered last belong to the next claim already.</param>
    /// <returns>False at the end of the file.</returns>
    [MethodImpl(Compiled.AtOnce)]
    private bool TryGather(out ClaimLine line, out int carried)
    {
        var isProvider = Side == ClaimSide.Provider;
        while (_source.TryRead(out var raw))
        {
            line = ClaimLineReader.Read(raw, _source.Bytes(raw.Start, raw.Length), Side!.Value);
            if (_endLine > 0 && !IsHeader(line))
            {
                TellAfterEnd(line);
                _source.Release(_source.Position);
                continue;
            }

            carried = 0;
            if (line.Record == RecordName.Go || (isProvider && IsHeader(line)))
            {
                if (line.Record == RecordName.Go ? IsWholeEnd(line) : !_open.HasClaim || IsLikeHeader(line))
                {
                    return true;
                }

                // Another record with a damaged name must not end the file, nor a claim.
                line.Record = RecordName.None;
            }
            else if (isProvider && IsLostHeader(line))
            {
                // It may have been broken in its name.
                return CarryUnknown(out carried);
            }

            if (Begins(ref line, out carried))
            {
                return true;
            }

            Add(line);
        }

        (line, carried) = (default, 0);
        return false;
    }

    /// <summary>The line that begins a part: an institution's claims, up to GO or the next such line.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private bool IsHeader(in ClaimLine line) => Side == ClaimSide.Provider && line.Record == _layouts.Header;

    /// <summary>A line whose name was damaged and that looks like a header: whose the claims behind it are nobody knows then.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private bool IsLostHeader(in ClaimLine line) => Side == ClaimSide.Provider && line.Damage == LineDamage.None && !_layouts.Knows(line.Record) && IsLikeHeader(line);

    /// <summary>
    /// Tells a header, a damaged one too, from another record with a damaged name: it is short, and 医療機関コード stands where it belongs or beside it, since a
    /// comma may have come or gone.
    /// </summary>
    private bool IsLikeHeader(in ClaimLine line)
    {
        var layout = _layouts.Find(_layouts.Header)!;
        var bytes = _lines.Bytes(line);
        var columns = _columns;
        columns.Split(bytes);
        if (columns.Count > Math.Max(layout.Least, UsualHeader) + 1)
        {
            return false;
        }

        var place = layout.PlaceOf(Field.InstitutionCode);
        var isCoded = false;
        for (var i = place - 1; i <= place + 1; i++)
        {
            isCoded |= FieldForms.Judge(FieldForm.Digits, 7, 7, columns.Get(bytes, i)) is null;
        }

        return isCoded || (RecordName.IsInstitution(line.Record) && columns.Count > 1);
    }

    private bool Recognise()
    {
        if (!FileRecognition.TryRecognise(_source.Peek(), out var side, out var kind))
        {
            return false;
        }

        (Side, Kind) = (side, kind);
        _layouts = Layouts.Of(kind, side);
        _faults.Layouts = _layouts;
        _judge = new LineJudge(_layouts, _faults);
        _replay = new CorrectionReplay(_lines, _layouts, _faults);
        _builder = new ClaimBuilder(_lines, _layouts, _faults);
        return true;
    }

    private int Forget(int carried, int nextStart)
    {
        _open = default;
        return _lines.Begin(carried, nextStart);
    }

    /// <summary>
    /// Whether a claim begins with the line. Where its first line was lost or damaged, the records that follow tell: the damaged line and they
    /// are a claim of their own, and the one before stays what it is. A damaged line within a claim must not end it early either.
    /// </summary>
    /// <param name="line">The line, not yet added. A beginning that cannot be one loses its name.</param>
    /// <param name="carried">How many of the lines gathered last belong to the new claim already.</param>
    [MethodImpl(Compiled.AtOnce)]
    private bool Begins(ref ClaimLine line, out int carried)
    {
        carried = 0;
        if (Side == ClaimSide.Provider)
        {
            if (line.Record == _layouts.ClaimHeader)
            {
                if (IsLikeHeader(line))
                {
                    return true;
                }

                line.Record = RecordName.None;
                return false;
            }

            if (_layouts.ClaimHeader == RecordName.Ir && line.Record == RecordName.Iy && IsLikeHeader(line))
            {
                // One letter from IR, and no drug row is so short.
                return true;
            }

            if (line.Record == RecordName.Re && _open.HasClaim && _lines.Count > 0 && _lines[0].Record == _layouts.ClaimHeader)
            {
                // Each claim has such a line: what stands in its place and cannot be known was this one's.
                return CarryUnknown(out carried);
            }

            // The line of 歯科 that says who bills stands before RE.
            return line.Record == RecordName.Re
                ? _open.HasClaim || _open.HasInsurance || _open.HasBody || _lines.Count != 1 || _lines[0].Record != _layouts.ClaimHeader
                : ComesAgain(line) && CarryUnknown(out carried);
        }

        if (line.Record == RecordName.Mn)
        {
            if (_lines.Count == 0 || line.Row <= _open.LastRow || IsGoodByItself(line))
            {
                return true;
            }

            line.Record = RecordName.None;
            return false;
        }

        return _lines.Count > 0 && IsNumberedLikeFirst(line) ? !IsRepetition(line) : ComesAgainNumbered(line) && CarryUnknown(out carried);
    }

    /// <summary>On the provider's side: HO, KO or SN where its claim cannot have it any more.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private bool ComesAgain(in ClaimLine line) =>
        (line.Record switch
        {
            RecordName.Ho => _open.HasInsurance || _open.HasBody,
            RecordName.Ko or RecordName.Sn => _open.HasBody,
            _ => false,
        })
        && IsGoodByItself(line) && !IsRepetition(line);

    /// <summary>On the insurer's side: the institution or RE of the next claim, whose lines are numbered anew.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private bool ComesAgainNumbered(in ClaimLine line) =>
        _open.HasClaim && line.IsOwn && (line.Row < _open.LastRow || _open.UnknownTail > 0)
        && (RecordName.IsInstitution(line.Record) || (line.Record == RecordName.Re && !IsDetail(line))) && !IsRepetition(line);

    private bool CarryUnknown(out int carried)
    {
        carried = Math.Min(_open.UnknownTail, _lines.Count);
        return true;
    }

    private bool IsGoodByItself(in ClaimLine line)
    {
        _faults.IsMuted = true;
        var isGood = _judge.IsGood(line, _lines.Bytes(line));
        _faults.IsMuted = false;
        return isGood;
    }

    /// <summary>行番号 begins anew with each claim, also where MN cannot be read.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private bool IsNumberedLikeFirst(in ClaimLine line)
    {
        ref var first = ref _lines[0];
        return first.Damage == LineDamage.None && line.Damage == LineDamage.None && (line.Row, line.Branch) == (first.Row, first.Branch);
    }

    private bool IsDetail(in ClaimLine line) =>
        _layouts.Kind == ClaimKind.Dpc && _builder.SummaryClassOf(line) > 1;

    /// <summary>A line that was written twice, rather than the next claim's.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private bool IsRepetition(in ClaimLine line)
    {
        var bytes = _lines.Bytes(line);
        for (var i = _lines.Count - 1; i >= 0; i--)
        {
            ref var other = ref _lines[i];
            if (other.Record == line.Record)
            {
                return (Side == ClaimSide.Provider || i == _lines.Count - 1) && _lines.Bytes(other).SequenceEqual(bytes);
            }
        }

        return false;
    }

    [MethodImpl(Compiled.AtOnce)]
    private void Add(in ClaimLine line)
    {
        _open.FirstLine = _open.FirstLine == 0 ? line.Number : _open.FirstLine;
        if (line.IsOwn)
        {
            _open.HasClaim |= line.Record == RecordName.Re;
            _open.HasInsurance |= line.Record == RecordName.Ho;
            _open.Payers += line.Record is RecordName.Ho or RecordName.Ko ? 1 : 0;
            _open.HasBody |= line.Record is not (RecordName.None or RecordName.Re or RecordName.Ho or RecordName.Ko or RecordName.Sn
                or RecordName.Jd or RecordName.Mf or RecordName.Gr) && !RecordName.IsInstitution(line.Record)
                && !Layouts.IsAdministrative(line.Record) && _layouts.Knows(line.Record);
        }

        _open.LastRow = line.Damage == LineDamage.None ? line.Row : _open.LastRow;
        if (_layouts.Knows(line.Record))
        {
            _open.UnknownTail = 0;
        }
        else
        {
            _open.UnknownTail++;
            _open.Unknown++;
        }

        if (_open.IsTooLarge)
        {
            _source.Release(_source.Position);
            return;
        }

        var isFull = _lines.Count == MaxClaimLines;
        if (!isFull)
        {
            _lines.Add(line);
        }

        if (isFull || _source.Kept > MaxClaimMebibytes << 20)
        {
            _open.Number = ReadNumber();
            _open.IsTooLarge = true;
            _open.HasTooManyLines = isFull;
            _lines.Begin(0, _source.Position);
        }
    }

    /// <summary>Ends the claim that is open; its last <paramref name="carried"/> lines belong to the next.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private DeliveredClaim? Close(int carried, bool isLast = false)
    {
        var count = _lines.Count - carried;
        if (count == 0 && !_open.IsTooLarge)
        {
            return null;
        }

        _faults.ClaimNumber = _open.IsTooLarge ? _open.Number : ReadNumber();
        _faults.IsInClaim = _open.IsTooLarge || _open.HasClaim || _open.HasInsurance || _open.HasBody || IsStart(_lines[0].Record);
        var claim = Judge(count, out var isDetail);
        var isClaim = _faults.IsInClaim;
        if (isLast && Side == ClaimSide.Insurer && isClaim && !isDetail && EndsEarly(count, claim))
        {
            (IsCutShort, claim) = (true, null);
        }

        if (claim is not null)
        {
            ClaimsRead++;
            _totals.Add(claim.AsBilled);
            RemarkUnlikely(claim.AsBilled);
            (_lastNumber, _isBeneathSummary) = (claim.AsBilled.Number, claim.AsBilled.SummaryClass == 1);
        }
        else if (isDetail)
        {
            DetailsPassedOver++;
            if (!_isBeneathSummary)
            {
                _faults.Remark(ClaimFaultKind.DetailWithoutSummary, _lines[0], _faults.ClaimNumber ?? "");
            }
        }
        else if (isClaim)
        {
            // It may have been the summary of what follows, and was told.
            (ClaimsSetAside, _isBeneathSummary) = (ClaimsSetAside + 1, true);
            _totals.AddSetAside(_open.Payers, _open.Unknown, _open.IsTooLarge);
        }

        _faults.ClaimNumber = null;
        _faults.IsInClaim = false;
        return claim;
    }

    private void RemarkUnlikely(Claim claim)
    {
        if (claim.Number.Length > 0 && claim.Number == _lastNumber)
        {
            _faults.Remark(ClaimFaultKind.ClaimRepeated, _lines[0], claim.Number);
        }

        if (claim.BilledMonth is { } billed && claim.Month > billed)
        {
            _faults.Remark(ClaimFaultKind.MonthAfterBilled, _lines[0], claim.Month.ToString(), billed.ToString());
        }

        var days = DateTime.DaysInMonth(claim.Month.Year, claim.Month.Month);
        if (claim.Days > days && Kind != ClaimKind.Pharmacy)
        {
            _faults.Remark(
                ClaimFaultKind.TooManyDays, _lines[0], claim.Days.ToString(CultureInfo.InvariantCulture), days.ToString(CultureInfo.InvariantCulture));
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private DeliveredClaim? Judge(int count, out bool isDetail)
    {
        isDetail = false;
        if (_open.IsTooLarge)
        {
            var (most, unit) = _open.HasTooManyLines ? (MaxClaimLines, ClaimFaultText.FormLines) : (MaxClaimMebibytes, ClaimFaultText.FormMebibytes);
            _faults.AtLine(ClaimFaultKind.ClaimTooLarge, _open.FirstLine, null, string.Format(CultureInfo.InvariantCulture, unit, most));
            return null;
        }

        var first = _lines[0];
        var isGood = IsStart(first.Record);
        var lastBlock = 0;
        isGood &= AreGood(count, ref lastBlock, out var marks);
        if (!IsStart(first.Record) && _layouts.Knows(first.Record))
        {
            _faults.AtLine(ClaimFaultKind.OutsideAClaim, first.Number, null, RecordName.Text(StartRecord));
        }

        if (!isGood || !_replay.Replay(count, lastBlock))
        {
            return null;
        }

        var billed = _builder.Build(_replay.Billed, first, _institution, isBilled: true, out isDetail);
        var corrections = _replay.Corrections;
        var examined = billed is null || corrections.Length == 0 ? billed : _builder.Build(_replay.Examined, first, _institution, isBilled: false, out isDetail);
        return examined is null ? null : new DeliveredClaim
        {
            AsBilled = billed!,
            AsExamined = examined,
            Corrections = corrections,
            Line = first.Number,
            IsReExamined = marks.Mk,
            IsReturned = marks.Hi,
        };
    }

    /// <summary>Judges each line by itself, and notes to which block it belongs.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private bool AreGood(int count, ref int block, out (bool Mk, bool Hi) marks)
    {
        var isGood = true;
        byte service = 0;
        marks = default;
        for (var i = 0; i < count; i++)
        {
            ref var line = ref _lines[i];
            var bytes = _lines.Bytes(line);
            isGood &= _judge.IsGood(line, bytes);
            switch (line.Record)
            {
                case RecordName.Si or RecordName.Iy or RecordName.To or RecordName.Co when _layouts.Kind is ClaimKind.Medical:
                    var own = bytes[line.Body..] is [_, _, (byte)',', >= (byte)'0' and <= (byte)'9' and var tens, >= (byte)'0' and <= (byte)'9' and var ones, (byte)',', ..]
                        ? (byte)(((tens - '0') * 10) + ones - '0')
                        : (byte)0;
                    service = line.IsOwn && own > 0 ? own : service;
                    line.Service = line.IsOwn ? service : own;
                    break;
                case RecordName.Sh when line.IsOwn:
                    block++;
                    break;
                case RecordName.Mk:
                    marks.Mk = true;
                    break;
                case RecordName.Hi:
                    marks.Hi = true;
                    break;
                default:
                    break;
            }

            line.Block = line.IsOwn ? block : 0;
            if (Side == ClaimSide.Provider && i > 0 && line.Record is RecordName.Si or RecordName.Iy or RecordName.To or RecordName.Cd or RecordName.Cz
                && bytes.SequenceEqual(_lines.Bytes(_lines[i - 1])))
            {
                _faults.Remark(ClaimFaultKind.LineRepeated, line, RecordName.Text(line.Record));
            }
        }

        return isGood;
    }

    /// <summary>The number of the open claim, where its first line tells it.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private string? ReadNumber()
    {
        if (_lines.Count == 0)
        {
            return null;
        }

        var first = _lines[_lines.Count > 1 && _lines[0].Record == _layouts.ClaimHeader ? 1 : 0];
        var (record, min, max) = Side == ClaimSide.Insurer ? (RecordName.Mn, 9, 16) : (RecordName.Re, 1, 9);
        if (first.Record != record)
        {
            return null;
        }

        // The number is the column behind the record's name in both.
        var text = _lines.Record(first) is { Length: > 3 } bytes ? bytes[3..] : default;
        var end = text.IndexOf((byte)',');
        text = end < 0 ? text : text[..end];
        return FieldForms.Judge(FieldForm.Digits, min, max, text) is null ? Cp932.Decode(text) : null;
    }

    private void TakeHeader(in ClaimLine line)
    {
        var layout = _layouts.Find(_layouts.Header)!;
        var bytes = _lines.Bytes(line);
        var claims = ClaimsRead + ClaimsSetAside + DetailsPassedOver;
        var isFollowed = claims > _claimsAtHeader;
        if (_endLine == 0 && bytes.SequenceEqual(_header))
        {
            if (!isFollowed)
            {
                _faults.Remark(ClaimFaultKind.LineRepeated, line, layout.Name);
            }

            return;
        }

        var isGood = _judge.IsGood(line, bytes);
        if (!isGood && _endLine == 0 && _institution is { } known && Mentions(bytes, known.Institution.Code))
        {
            // The same institution's once more, damaged.
            return;
        }

        if (_endLine == 0 && _header.Length > 0 && !isFollowed)
        {
            // Which of the two the claims that follow belong to cannot be told.
            _institution = null;
            _faults.AtColumn(ClaimFaultKind.RecordTwice, line, 0, layout.Name);
            return;
        }

        // A part begins, the first or another institution's: numbers of claims begin anew.
        (_header, _endLine, _claimsAtHeader) = (bytes.ToArray(), 0, claims);
        (_lastNumber, _isBeneathSummary) = (null, false);
        _institution = isGood ? _builder.ReadHeader(bytes, layout, default) : null;
    }

    private bool Mentions(ReadOnlySpan<byte> header, string code)
    {
        Span<byte> digits = stackalloc byte[code.Length];
        _ = System.Text.Encoding.ASCII.GetBytes(code, digits);
        _columns.Split(header);
        for (var i = 1; i < _columns.Count; i++)
        {
            if (_columns.Get(header, i).SequenceEqual(digits))
            {
                return true;
            }
        }

        return false;
    }

    private void CheckTotals(in ClaimLine line)
    {
        if (!_judge.IsGood(line, _lines.Bytes(line)))
        {
            return;
        }

        var record = _lines.Record(line);
        var columns = new Columns();
        columns.Split(record);
        var layout = _layouts.Find(RecordName.Go)!;
        // Of several volumes the last one alone has the sums.
        if (FieldForms.TryReadNumber(columns.Get(record, layout.PlaceOf(Field.Count)), out var count) && (count < _totals.Least || count > _totals.Most))
        {
            _faults.AtColumn(ClaimFaultKind.CountDiffers, line, layout.PlaceOf(Field.Count), Text(count), Text(_totals.Least));
        }

        // The points of a claim that was set aside may be unknown, so the sum says nothing then.
        if (FieldForms.TryReadNumber(columns.Get(record, layout.PlaceOf(Field.Points)), out var points) && _totals.ArePointsKnown && points != _totals.Points)
        {
            _faults.AtColumn(ClaimFaultKind.PointsDiffer, line, layout.PlaceOf(Field.Points), Text(points), Text(_totals.Points));
        }

        _totals = default;
    }

    /// <summary>Whether the last claim of an insurer's file, which no GO need follow, ends before its end.</summary>
    private bool EndsEarly(int count, DeliveredClaim? claim)
    {
        if (_open.IsTooLarge)
        {
            return false;
        }

        ref var last = ref _lines[count - 1];
        if (claim is null)
        {
            // A damaged line is no cut: then something else than the end of the file is wrong.
            var isTorn = _source.IsLastLineOpen && _faults.LastLine == last.Number && _faults.Last is ClaimFaultKind.ColumnsMissing or ClaimFaultKind.PrefixUnreadable or ClaimFaultKind.UnknownRecord or ClaimFaultKind.Undecodable;
            return isTorn || (_open.Unknown == 0 && (!_open.HasClaim || _open.Payers == 0 || _faults.Last == ClaimFaultKind.LineWithoutCorrection));
        }

        var sums = new RowSums(_lines, _layouts);
        if (!sums.ReachesPoints(_replay.Billed, claim.AsBilled, out var sum))
        {
            _faults.AtLine(ClaimFaultKind.CutShort, last.Number, Text(sum), Text(claim.AsBilled.Points));
            return true;
        }

        if (claim.Corrections.Count > 0 && sums.AreExact(_replay.Billed, claim.AsBilled, out _) && !sums.AreExact(_replay.Examined, claim.AsExamined, out var examined))
        {
            _faults.Remark(ClaimFaultKind.CorrectionsShort, last, Text(examined), Text(claim.AsExamined.Points));
        }

        return false;
    }

    private void TellAfterEnd(in ClaimLine line)
    {
        LinesUnread++;
        if (!_isAfterEndTold)
        {
            _isAfterEndTold = true;
            _faults.AtLine(ClaimFaultKind.AfterEnd, line.Number);
        }
    }

    private bool IsWholeEnd(in ClaimLine line)
    {
        var columns = new Columns();
        columns.Split(_lines.Record(line));
        return columns.Count == _layouts.Find(RecordName.Go)!.Least;
    }

    /// <summary>How many of the last lines are what is left of GO: none, one, or two between which it was broken.</summary>
    private int DamagedEnd()
    {
        if (Side == ClaimSide.Insurer || _lines.Count < 2)
        {
            return 0;
        }

        var last = _lines.Bytes(_lines[_lines.Count - 1]);
        var before = _lines.Bytes(_lines[_lines.Count - 2]);
        var isBroken = before.StartsWith("G"u8) && !_layouts.Knows(_lines[_lines.Count - 2].Record) && before.Length + last.Length < 40;
        return isBroken && IsLikeEnd([.. before, .. last]) ? 2 : IsLikeEnd(last) ? 1 : 0;
    }

    private static bool IsLikeEnd(ReadOnlySpan<byte> bytes)
    {
        var columns = new Columns();
        columns.Split(bytes);

        // A letter of the name that became a comma makes a column more.
        var more = columns.Count == 5 && columns.Get(bytes, 0).Length + columns.Get(bytes, 1).Length == 1 ? 1 : 0;
        return bytes.StartsWith("GO"u8) || "GO"u8.StartsWith(bytes)
            || (columns.Count == 4 + more && FieldForms.TryReadNumber(columns.Get(bytes, 1 + more), out _)
                && FieldForms.TryReadNumber(columns.Get(bytes, 2 + more), out _) && columns.Get(bytes, 3 + more).Length == 2);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// What GO is to say of the claims since the one before. It counts one for the insurance and one for each public fund of a claim, and sums the points of the first
    /// payer alone. Of a claim that was set aside the payers may not all be known.
    /// </summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Totals
    {
        private const int MostPayers = 5;

        private bool _hasUnknownPoints;

        public long Least { get; private set; }

        public long Most { get; private set; }

        public long Points { get; private set; }

        public readonly bool ArePointsKnown => !_hasUnknownPoints;

        public void Add(Claim claim)
        {
            var payers = (claim.InsurerNumber is null ? 0 : 1) + claim.PublicFunds.Count;
            (Least, Most, Points) = (Least + payers, Most + payers, Points + claim.Points);
        }

        public void AddSetAside(int payers, int unknownLines, bool isTooLarge)
        {
            _hasUnknownPoints = true;
            Least++;
            Most += isTooLarge ? MostPayers : Math.Clamp(payers + unknownLines, 1, MostPayers);
        }
    }

    /// <summary>What is known of the claim whose lines are being gathered.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct OpenClaim
    {
        public long FirstLine;
        public string? Number;
        public bool HasClaim;
        public bool HasInsurance;
        public bool HasBody;
        public int UnknownTail;
        public int Unknown;

        /// <summary>HO and KO.</summary>
        public int Payers;
        public int LastRow;
        public bool IsTooLarge;
        public bool HasTooManyLines;
    }
}
