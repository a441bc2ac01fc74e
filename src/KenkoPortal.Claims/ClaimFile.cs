using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
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

    private readonly LineSource _source;
    private readonly ClaimLines _lines;
    private readonly FaultReporter _faults;
    private readonly Columns _columns = new();
    private bool _isBegun;
    private Layouts _layouts = null!;
    private LineJudge _judge = null!;
    private CorrectionReplay _replay = null!;
    private ClaimBuilder _builder = null!;
    private ClaimHeaders _headers = null!;
    private ClaimHeader? _institution;
    private byte[] _header = [];
    private long _claimsAtHeader;
    private ClaimTotals _totals = null!;
    private ClaimWalk? _walk;
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
    public long LinesUnread => _walk?.LinesUnread ?? 0;

    /// <summary>
    /// Whether the file ends within its last claim, as far as can be told: an institution's file without GO, an insurer's whose last claim lacks records or lines
    /// without which there is no claim of its points (the library's README says where that shows). Known at the end.
    /// </summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Why nothing of the file is read; null where it is a claims file. Known when the first claim was asked for.</summary>
    public ClaimFaultKind? Refusal { get; private set; }

    /// <summary>The faults told so far.</summary>
    public long FaultsTold => _faults.Count;

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

        var walk = _walk!;
        while (walk.TryGather(out var line, out var carried))
        {
            if (line.Record == RecordName.Go)
            {
                if (Close(0) is { } last)
                {
                    yield return last;
                }

                if (_judge.IsGood(line, _lines.Bytes(line)))
                {
                    _totals.Check(line);
                }

                // On the insurer's side claims stand for themselves, and nothing says that GO is the last line.
                walk.EndLine = Side == ClaimSide.Provider ? line.Number : 0;
                walk.Forget(0, _source.Position);
            }
            else if (walk.IsHeader(line) || walk.IsLostHeader(line))
            {
                if (Close(carried) is { } last)
                {
                    yield return last;
                }

                TakeHeader(line);
                walk.Forget(0, _source.Position);
            }
            else
            {
                if (Close(carried) is { } claim)
                {
                    yield return claim;
                }

                line.Start -= walk.Forget(carried, line.Start);
                walk.Add(line);
            }
        }

        if (Close(walk.EndLine == 0 ? walk.DamagedEnd() : 0, isLast: true) is { } final)
        {
            yield return final;
        }

        if (Side == ClaimSide.Provider && walk.EndLine == 0)
        {
            IsCutShort = true;
            _faults.AtLine(ClaimFaultKind.EndMissing, _source.LineNumber);
        }
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
        _headers = new ClaimHeaders(_lines, _layouts);
        _builder = new ClaimBuilder(_lines, _layouts, _headers, _faults);
        _totals = new ClaimTotals(_lines, _layouts, _faults);
        _walk = new ClaimWalk(_source, _lines, _layouts, side, _judge, _builder, _faults);
        return true;
    }

    /// <summary>Ends the claim that is open; its last <paramref name="carried"/> lines belong to the next.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private DeliveredClaim? Close(int carried, bool isLast = false)
    {
        ref readonly var open = ref _walk!.Open;
        var count = _lines.Count - carried;
        if (count == 0 && !open.IsTooLarge)
        {
            return null;
        }

        _faults.ClaimNumber = open.IsTooLarge ? open.Number : _walk.ReadNumber();
        _faults.IsInClaim = open.IsTooLarge || open.HasClaim || open.HasInsurance || open.HasBody || _walk.IsStart(_lines[0].Record);
        var claim = Judge(count, out var isDetail);
        var isClaim = _faults.IsInClaim;
        if (isLast && Side == ClaimSide.Insurer && isClaim && !isDetail && EndsEarly(count, claim))
        {
            IsCutShort = true;
            claim = null;
        }

        if (claim is not null)
        {
            ClaimsRead++;
            _totals.Add(claim.AsBilled);
            RemarkUnlikely(claim.AsBilled);
            _lastNumber = claim.AsBilled.Number;
            _isBeneathSummary = claim.AsBilled.SummaryClass == 1;
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
            ClaimsSetAside++;
            _isBeneathSummary = true;
            _totals.AddSetAside(open.Payers, open.Unknown, open.IsTooLarge);
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
        ref readonly var open = ref _walk!.Open;
        isDetail = false;
        if (open.IsTooLarge)
        {
            var (most, unit) = open.HasTooManyLines ? (MaxClaimLines, ClaimFaultText.FormLines) : (MaxClaimMebibytes, ClaimFaultText.FormMebibytes);
            _faults.AtLine(ClaimFaultKind.ClaimTooLarge, open.FirstLine, null, string.Format(CultureInfo.InvariantCulture, unit, most));
            return null;
        }

        var first = _lines[0];
        var isGood = _walk.IsStart(first.Record);
        var lastBlock = 0;
        isGood &= AreGood(count, ref lastBlock, out var marks);
        if (!_walk.IsStart(first.Record) && _layouts.Knows(first.Record))
        {
            _faults.AtLine(ClaimFaultKind.OutsideAClaim, first.Number, null, RecordName.Text(_walk.StartRecord));
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

    private void TakeHeader(in ClaimLine line)
    {
        var layout = _layouts.Find(_layouts.Header)!;
        var bytes = _lines.Bytes(line);
        var claims = ClaimsRead + ClaimsSetAside + DetailsPassedOver;
        var isFollowed = claims > _claimsAtHeader;
        if (_walk!.EndLine == 0 && bytes.SequenceEqual(_header))
        {
            if (!isFollowed)
            {
                _faults.Remark(ClaimFaultKind.LineRepeated, line, layout.Name);
            }

            return;
        }

        var isGood = _judge.IsGood(line, bytes);
        if (!isGood && _walk.EndLine == 0 && _institution is { } known && Mentions(bytes, known.Institution.Code))
        {
            // The same institution's once more, damaged.
            return;
        }

        if (_walk.EndLine == 0 && _header.Length > 0 && !isFollowed)
        {
            // Which of the two the claims that follow belong to cannot be told.
            _institution = null;
            _faults.AtColumn(ClaimFaultKind.RecordTwice, line, 0, layout.Name);
            return;
        }

        // A part begins, the first or another institution's: numbers of claims begin anew.
        _header = bytes.ToArray();
        _walk.EndLine = 0;
        _claimsAtHeader = claims;
        _lastNumber = null;
        _isBeneathSummary = false;
        _institution = isGood ? _headers.Read(bytes, layout, default) : null;
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

    /// <summary>Whether the last claim of an insurer's file, which no GO need follow, ends before its end.</summary>
    private bool EndsEarly(int count, DeliveredClaim? claim)
    {
        ref readonly var open = ref _walk!.Open;
        if (open.IsTooLarge)
        {
            return false;
        }

        ref var last = ref _lines[count - 1];
        if (claim is null)
        {
            // A damaged line is no cut: then something else than the end of the file is wrong.
            var isTorn = _source.IsLastLineOpen && _faults.LastLine == last.Number && _faults.Last is ClaimFaultKind.ColumnsMissing or ClaimFaultKind.PrefixUnreadable or ClaimFaultKind.UnknownRecord or ClaimFaultKind.Undecodable;
            return isTorn || (open.Unknown == 0 && (!open.HasClaim || open.Payers == 0 || _faults.Last == ClaimFaultKind.LineWithoutCorrection));
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

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
