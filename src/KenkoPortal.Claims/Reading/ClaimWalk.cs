using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>
/// Walks the lines of a file and finds where a claim begins and ends, also where lines are damaged, lost or written twice. It gathers the lines of one claim at a
/// time; <see cref="ClaimFile"/> judges them.
/// </summary>
internal sealed class ClaimWalk(
    LineSource source, ClaimLines lines, Layouts layouts, ClaimSide side, LineJudge judge, ClaimBuilder builder, FaultReporter faults)
{
    /// <summary>The columns of IR and UK; the others have fewer.</summary>
    private const int UsualHeader = 10;

    private readonly Columns _columns = new();
    private OpenClaim _open;
    private bool _isAfterEndTold;

    /// <summary>What is known of the claim whose lines are being gathered.</summary>
    public ref readonly OpenClaim Open => ref _open;

    /// <summary>The line of the GO behind which no other part has begun; 0 within a part.</summary>
    public long EndLine { get; set; }

    /// <summary>Lines after GO that belong to no part of the file, so far: they are not read.</summary>
    public long LinesUnread { get; private set; }

    public int StartRecord => side == ClaimSide.Insurer ? RecordName.Mn : RecordName.Re;

    public bool IsStart(int record) => record == StartRecord || (side == ClaimSide.Provider && record == layouts.ClaimHeader);

    /// <summary>Gathers the lines of the open claim.</summary>
    /// <param name="line">The line that ends it, not yet added: GO, a header, or the first of the next claim.</param>
    /// <param name="carried">How many of the lines gathered last belong to the next claim already.</param>
    /// <returns>False at the end of the file.</returns>
    [MethodImpl(Compiled.AtOnce)]
    public bool TryGather(out ClaimLine line, out int carried)
    {
        var isProvider = side == ClaimSide.Provider;
        while (source.TryRead(out var raw))
        {
            line = ClaimLineReader.Read(raw, source.Bytes(raw.Start, raw.Length), side);
            if (EndLine > 0 && !IsHeader(line))
            {
                TellAfterEnd(line);
                source.Release(source.Position);
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
    public bool IsHeader(in ClaimLine line) => side == ClaimSide.Provider && line.Record == layouts.Header;

    /// <summary>A line whose name was damaged and that looks like a header: whose the claims behind it are nobody knows then.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public bool IsLostHeader(in ClaimLine line) => side == ClaimSide.Provider && line.Damage == LineDamage.None && !layouts.Knows(line.Record) && IsLikeHeader(line);

    /// <summary>
    /// Tells a header, a damaged one too, from another record with a damaged name: it is short, and 医療機関コード stands where it belongs or beside it, since a
    /// comma may have come or gone.
    /// </summary>
    private bool IsLikeHeader(in ClaimLine line)
    {
        var layout = layouts.Find(layouts.Header)!;
        var bytes = lines.Bytes(line);
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

    public int Forget(int carried, int nextStart)
    {
        _open = default;
        return lines.Begin(carried, nextStart);
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
        if (side == ClaimSide.Provider)
        {
            if (line.Record == layouts.ClaimHeader)
            {
                if (IsLikeHeader(line))
                {
                    return true;
                }

                line.Record = RecordName.None;
                return false;
            }

            if (layouts.ClaimHeader == RecordName.Ir && line.Record == RecordName.Iy && IsLikeHeader(line))
            {
                // One letter from IR, and no drug row is so short.
                return true;
            }

            if (line.Record == RecordName.Re && _open.HasClaim && lines.Count > 0 && lines[0].Record == layouts.ClaimHeader)
            {
                // Each claim has such a line: what stands in its place and cannot be known was this one's.
                return CarryUnknown(out carried);
            }

            // The line of 歯科 that says who bills stands before RE.
            return line.Record == RecordName.Re
                ? _open.HasClaim || _open.HasInsurance || _open.HasBody || lines.Count != 1 || lines[0].Record != layouts.ClaimHeader
                : ComesAgain(line) && CarryUnknown(out carried);
        }

        if (line.Record == RecordName.Mn)
        {
            if (lines.Count == 0 || line.Row <= _open.LastRow || IsGoodByItself(line))
            {
                return true;
            }

            line.Record = RecordName.None;
            return false;
        }

        return lines.Count > 0 && IsNumberedLikeFirst(line) ? !IsRepetition(line) : ComesAgainNumbered(line) && CarryUnknown(out carried);
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
        carried = Math.Min(_open.UnknownTail, lines.Count);
        return true;
    }

    private bool IsGoodByItself(in ClaimLine line)
    {
        faults.IsMuted = true;
        var isGood = judge.IsGood(line, lines.Bytes(line));
        faults.IsMuted = false;
        return isGood;
    }

    /// <summary>行番号 begins anew with each claim, also where MN cannot be read.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private bool IsNumberedLikeFirst(in ClaimLine line)
    {
        ref var first = ref lines[0];
        return first.Damage == LineDamage.None && line.Damage == LineDamage.None && (line.Row, line.Branch) == (first.Row, first.Branch);
    }

    private bool IsDetail(in ClaimLine line) =>
        layouts.Kind == ClaimKind.Dpc && builder.SummaryClassOf(line) > 1;

    /// <summary>A line that was written twice, rather than the next claim's.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private bool IsRepetition(in ClaimLine line)
    {
        var bytes = lines.Bytes(line);
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            ref var other = ref lines[i];
            if (other.Record == line.Record)
            {
                return (side == ClaimSide.Provider || i == lines.Count - 1) && lines.Bytes(other).SequenceEqual(bytes);
            }
        }

        return false;
    }

    [MethodImpl(Compiled.AtOnce)]
    public void Add(in ClaimLine line)
    {
        _open.FirstLine = _open.FirstLine == 0 ? line.Number : _open.FirstLine;
        if (line.IsOwn)
        {
            _open.HasClaim |= line.Record == RecordName.Re;
            _open.HasInsurance |= line.Record == RecordName.Ho;
            _open.Payers += line.Record is RecordName.Ho or RecordName.Ko ? 1 : 0;
            _open.HasBody |= line.Record is not (RecordName.None or RecordName.Re or RecordName.Ho or RecordName.Ko or RecordName.Sn
                or RecordName.Jd or RecordName.Mf or RecordName.Gr) && !RecordName.IsInstitution(line.Record)
                && !Layouts.IsAdministrative(line.Record) && layouts.Knows(line.Record);
        }

        _open.LastRow = line.Damage == LineDamage.None ? line.Row : _open.LastRow;
        if (layouts.Knows(line.Record))
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
            source.Release(source.Position);
            return;
        }

        var isFull = lines.Count == ClaimFile.MaxClaimLines;
        if (!isFull)
        {
            lines.Add(line);
        }

        if (isFull || source.Kept > ClaimFile.MaxClaimMebibytes << 20)
        {
            _open.Number = ReadNumber();
            _open.IsTooLarge = true;
            _open.HasTooManyLines = isFull;
            lines.Begin(0, source.Position);
        }
    }

    /// <summary>The number of the open claim, where its first line tells it.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public string? ReadNumber()
    {
        if (lines.Count == 0)
        {
            return null;
        }

        var first = lines[lines.Count > 1 && lines[0].Record == layouts.ClaimHeader ? 1 : 0];
        var (record, min, max) = side == ClaimSide.Insurer ? (RecordName.Mn, 9, 16) : (RecordName.Re, 1, 9);
        if (first.Record != record)
        {
            return null;
        }

        // The number is the column behind the record's name in both.
        var text = lines.Record(first) is { Length: > 3 } bytes ? bytes[3..] : default;
        var end = text.IndexOf((byte)',');
        text = end < 0 ? text : text[..end];
        return FieldForms.Judge(FieldForm.Digits, min, max, text) is null ? Cp932.Decode(text) : null;
    }

    private void TellAfterEnd(in ClaimLine line)
    {
        LinesUnread++;
        if (!_isAfterEndTold)
        {
            _isAfterEndTold = true;
            faults.AtLine(ClaimFaultKind.AfterEnd, line.Number);
        }
    }

    private bool IsWholeEnd(in ClaimLine line)
    {
        var columns = new Columns();
        columns.Split(lines.Record(line));
        return columns.Count == layouts.Find(RecordName.Go)!.Least;
    }

    /// <summary>How many of the last lines are what is left of GO: none, one, or two between which it was broken.</summary>
    public int DamagedEnd()
    {
        if (side == ClaimSide.Insurer || lines.Count < 2)
        {
            return 0;
        }

        var last = lines.Bytes(lines[lines.Count - 1]);
        var before = lines.Bytes(lines[lines.Count - 2]);
        var isBroken = before.StartsWith("G"u8) && !layouts.Knows(lines[lines.Count - 2].Record) && before.Length + last.Length < 40;
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
}
