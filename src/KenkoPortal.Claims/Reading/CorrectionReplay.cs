using System.Globalization;
using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>
/// Replays the examiner's JY records over the institution's lines, in the order of the file: 2 puts the new line in the target's place, 3
/// removes the target, 1 puts the new line right behind the target. A target is named by 行番号 and 枝番号; a line that was replaced stands for
/// its replacement, so a place can be corrected twice.
/// </summary>
internal sealed class CorrectionReplay(ClaimLines lines, Layouts layouts, FaultReporter faults)
{
    private const int Nowhere = -1;

    private readonly Columns _columns = new();
    private readonly Dictionary<long, int> _places = [];
    private readonly List<ClaimCorrection> _corrections = [];
    private readonly List<int> _billed = [];
    private readonly List<int> _examined = [];
    private State[] _states = [];
    private int[] _next = [];
    private int[] _previous = [];
    private int[] _standIns = [];
    private int _lastBlock;

    private enum State : byte
    {
        /// <summary>The examiner's, and no JY has brought it in so far.</summary>
        Waiting,
        Standing,
        Replaced,
        Removed,
        Carried,
    }

    /// <summary>The claim as billed.</summary>
    public List<int> Billed => _billed;

    /// <summary>The claim as examined.</summary>
    public List<int> Examined => _corrections.Count == 0 ? _billed : _examined;

    public ClaimCorrection[] Corrections => [.. _corrections];

    /// <param name="count">The lines of the claim; those behind belong to the next.</param>
    /// <param name="lastBlock">The highest number of a prescription so far.</param>
    /// <returns>False if something was wrong, which is reported.</returns>
    [MethodImpl(Compiled.AtOnce)]
    public bool Replay(int count, int lastBlock)
    {
        _billed.Clear();
        _examined.Clear();
        _corrections.Clear();
        _lastBlock = lastBlock;
        var hasCorrections = false;
        var isOrdered = true;
        for (var i = 0; i < count; i++)
        {
            ref var line = ref lines[i];
            hasCorrections |= line.Record == RecordName.Jy;
            isOrdered &= i == 0 || (lines[i - 1].Row, lines[i - 1].Branch).CompareTo((line.Row, line.Branch)) < 0;
            if (line.IsOwn)
            {
                _billed.Add(i);
            }
        }

        if (layouts.PrefixColumns == 0)
        {
            return true;
        }

        if ((hasCorrections || !isOrdered) && !NameLines(count))
        {
            return false;
        }

        Prepare(count);
        var isGood = true;
        for (var i = 0; hasCorrections && i < count; i++)
        {
            isGood = isGood && (lines[i].Record != RecordName.Jy || Apply(lines[i]));
        }

        for (var i = 0; isGood && i < count; i++)
        {
            if (_states[i] == State.Waiting)
            {
                faults.AtColumn(ClaimFaultKind.LineWithoutCorrection, lines[i], 0, RecordName.Text(lines[i].Record));
                isGood = false;
            }
        }

        if (isGood && _corrections.Count > 0)
        {
            for (var i = _next[count]; i != count; i = _next[i])
            {
                _examined.Add(i);
            }
        }

        return isGood;
    }

    private static long KeyOf(int row, int branch) => ((long)row << 32) | (uint)branch;

    [MethodImpl(Compiled.AtOnce)]
    private bool NameLines(int count)
    {
        _places.Clear();
        for (var i = 0; i < count; i++)
        {
            ref var line = ref lines[i];
            if (!_places.TryAdd(KeyOf(line.Row, line.Branch), i))
            {
                var first = lines[_places[KeyOf(line.Row, line.Branch)]].Number;
                faults.AtPlace(ClaimFaultKind.LineNumberTwice, line, 1, Name(line.Row, line.Branch), first.ToString(CultureInfo.InvariantCulture));
                return false;
            }
        }

        return true;
    }

    /// <summary>Links the institution's lines to a ring through <paramref name="count"/>.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private void Prepare(int count)
    {
        if (_states.Length <= count)
        {
            var size = Math.Max(count + 1, _states.Length * 2);
            (_states, _next, _previous, _standIns) = (new State[size], new int[size], new int[size], new int[size]);
        }

        var last = count;
        for (var i = 0; i < count; i++)
        {
            _standIns[i] = Nowhere;
            _states[i] = lines[i].IsOwn ? State.Standing : Layouts.IsAdministrative(lines[i].Record) ? State.Carried : State.Waiting;
            if (_states[i] == State.Standing)
            {
                (_next[last], _previous[i]) = (i, last);
                last = i;
            }
        }

        (_next[last], _previous[count]) = (count, last);
    }

    [MethodImpl(Compiled.AtOnce)]
    private bool Apply(in ClaimLine jy)
    {
        var layout = layouts.Find(RecordName.Jy)!;
        var record = lines.Record(jy);
        _columns.Split(record);
        var operation = (ClaimCorrectionKind)(_columns.Get(record, layout.PlaceOf(Field.Operation))[0] - '0');
        if (operation is not (ClaimCorrectionKind.Added or ClaimCorrectionKind.Replaced or ClaimCorrectionKind.Removed))
        {
            faults.AtColumn(ClaimFaultKind.CorrectionUnknown, jy, layout.PlaceOf(Field.Operation), _columns.Get(record, layout.PlaceOf(Field.Operation)));
            return false;
        }

        var row = FieldForms.ReadNumber(_columns.Get(record, layout.PlaceOf(Field.TargetRow)));
        var branch = FieldForms.ReadNumber(_columns.Get(record, layout.PlaceOf(Field.TargetBranch)));
        var target = StandingAt(row, branch);
        if (target == Nowhere)
        {
            faults.AtColumn(ClaimFaultKind.CorrectionWithoutTarget, jy, layout.PlaceOf(Field.TargetRow), Name(row, branch));
            return false;
        }

        var reason = _columns.Get(record, layout.PlaceOf(Field.Reason));
        int? newRow = null, newBranch = null;
        if (operation == ClaimCorrectionKind.Removed)
        {
            Unlink(target);
            _states[target] = State.Removed;
        }
        else
        {
            var newRowText = _columns.Get(record, layout.PlaceOf(Field.NewRow));
            var newBranchText = _columns.Get(record, layout.PlaceOf(Field.NewBranch));
            if (newRowText.IsEmpty || newBranchText.IsEmpty)
            {
                faults.AtColumn(ClaimFaultKind.ValueMissing, jy, layout.PlaceOf(newRowText.IsEmpty ? Field.NewRow : Field.NewBranch), (string?)null);
                return false;
            }

            (newRow, newBranch) = (FieldForms.ReadNumber(newRowText), FieldForms.ReadNumber(newBranchText));
            if (!_places.TryGetValue(KeyOf(newRow.Value, newBranch.Value), out var added))
            {
                faults.AtColumn(ClaimFaultKind.CorrectionWithoutLine, jy, layout.PlaceOf(Field.NewRow), Name(newRow.Value, newBranch.Value));
                return false;
            }

            if (_states[added] != State.Waiting)
            {
                faults.AtColumn(ClaimFaultKind.CorrectionLineUsed, jy, layout.PlaceOf(Field.NewRow), Name(newRow.Value, newBranch.Value));
                return false;
            }

            BringIn(added, target, operation);
        }

        _corrections.Add(new ClaimCorrection(
            operation, reason.IsEmpty ? null : (char)reason[0], RecordName.Text(lines[target].Record), row, branch, newRow, newBranch));
        return true;
    }

    private int StandingAt(int row, int branch)
    {
        if (!_places.TryGetValue(KeyOf(row, branch), out var at))
        {
            return Nowhere;
        }

        var first = at;
        while (_states[at] == State.Replaced)
        {
            at = _standIns[at];
        }

        // However often a place is corrected, the next look is short.
        _standIns[first] = at;
        return _states[at] == State.Standing ? at : Nowhere;
    }

    private void BringIn(int added, int target, ClaimCorrectionKind operation)
    {
        ref var line = ref lines[added];
        ref var place = ref lines[target];
        line.Service = line.Service == 0 ? place.Service : line.Service;
        line.Block = line.Record == RecordName.Sh && operation == ClaimCorrectionKind.Added ? ++_lastBlock : place.Block;
        var after = _next[target];
        (_next[target], _previous[added], _next[added], _previous[after]) = (added, target, after, added);
        _states[added] = State.Standing;
        if (operation == ClaimCorrectionKind.Replaced)
        {
            Unlink(target);
            _states[target] = State.Replaced;
            _standIns[target] = added;
        }
    }

    private void Unlink(int index) => (_next[_previous[index]], _previous[_next[index]]) = (_next[index], _previous[index]);

    private static string Name(int row, int branch) => string.Create(CultureInfo.InvariantCulture, $"{row}-{branch}");
}
