using System.Globalization;
using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>Judges lines by their layouts: characters, number of columns, form of each known column.</summary>
internal sealed class LineJudge(Layouts layouts, FaultReporter faults)
{
    private readonly Columns _columns = new();

    /// <summary>Reports everything that is wrong with a line.</summary>
    /// <returns>True for a line in which nothing is.</returns>
    [MethodImpl(Compiled.AtOnce)]
    public bool IsGood(in ClaimLine line, ReadOnlySpan<byte> bytes)
    {
        if (line.Damage == LineDamage.TooLong)
        {
            faults.AtLine(ClaimFaultKind.LineTooLong, line.Number);
            return false;
        }

        var wrong = Cp932.FirstFault(bytes, out var isControl);
        if (wrong >= 0)
        {
            _columns.Split(bytes);
            var place = _columns.At(wrong);
            faults.AtPlace(isControl ? ClaimFaultKind.ControlCharacter : ClaimFaultKind.Undecodable, line, place, Around(bytes, wrong));
            return false;
        }

        if (line.Damage == LineDamage.Prefix)
        {
            _columns.Split(bytes);
            var place = 0;
            while (place < 2 && FieldForms.TryReadNumber(_columns.Get(bytes, place), out _))
            {
                place++;
            }

            faults.AtPlace(ClaimFaultKind.PrefixUnreadable, line, place, _columns.Get(bytes, place));
            return false;
        }

        return layouts.Find(line.Record) is { } layout ? Fits(line, bytes[line.Body..], layout) : IsCarried(line, bytes[line.Body..]);
    }

    private bool IsCarried(in ClaimLine line, ReadOnlySpan<byte> record)
    {
        if (layouts.Knows(line.Record))
        {
            return true;
        }

        _columns.Split(record);
        faults.AtColumn(ClaimFaultKind.UnknownRecord, line, 0, _columns.Get(record, 0));
        return false;
    }

    [MethodImpl(Compiled.AtOnce)]
    private bool Fits(in ClaimLine line, ReadOnlySpan<byte> record, RecordLayout layout)
    {
        if (layout is { Least: 1, Most: Columns.Most })
        {
            return true;
        }

        _columns.Split(record);
        if (_columns.Count < layout.Least)
        {
            faults.AtColumn(ClaimFaultKind.ColumnsMissing, line, _columns.Count - 1, Text(_columns.Count + layouts.PrefixColumns), Text(layout.Least + layouts.PrefixColumns));
            return false;
        }

        if (_columns.Count > layout.Most && _columns.HasContentFrom(layout.Most))
        {
            faults.AtColumn(ClaimFaultKind.ColumnsTooMany, line, layout.Most, Text(_columns.Count + layouts.PrefixColumns), Text(layout.Most + layouts.PrefixColumns));
            return false;
        }

        var isGood = true;
        foreach (var rule in layout.Rules)
        {
            var text = _columns.Get(record, rule.Index);
            if (text.IsEmpty)
            {
                if (rule.WhenBlank == Blank.SetsAside)
                {
                    faults.AtColumn(ClaimFaultKind.ValueMissing, line, rule.Index, (string?)null);
                    isGood = false;
                }
                else if (rule.WhenBlank == Blank.IsTold && !(rule.Field == Field.Quantity && layout.PlaceOf(Field.Code) is >= 0 and var code && DrugReduction.Is(_columns.Get(record, code))))
                {
                    faults.RemarkBlank(line, rule.Index);
                }
            }
            else if (rule.Form != FieldForm.Text && FieldForms.Judge(rule.Form, rule.Min, rule.Max, text) is { } kind)
            {
                faults.AtColumn(kind, line, rule.Index, text, FieldForms.Expected(rule.Form, rule.Min, rule.Max));
                isGood = false;
            }
        }

        return isGood;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ReadOnlySpan<byte> Around(ReadOnlySpan<byte> bytes, int wrong)
    {
        // The column up to the fault and a little beyond; a character may be cut at its beginning, not a comma.
        var start = bytes[..wrong].LastIndexOf((byte)',') + 1;
        var length = bytes[start..].IndexOf((byte)',');
        return bytes.Slice(start, length < 0 ? bytes.Length - start : length);
    }
}
