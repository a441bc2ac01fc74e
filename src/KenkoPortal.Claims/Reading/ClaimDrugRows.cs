using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>Gathers the drugs of a claim, and with 調剤 the days on which the prescriptions were issued.</summary>
internal sealed class ClaimDrugRows(ClaimLines lines, Layouts layouts, FaultReporter faults)
{
    /// <summary>調剤: a prescription without CZ.</summary>
    private const int NoBlock = -1;

    /// <summary>調剤: a prescription of which a CZ leaves 調剤数量 blank, so that nobody knows how much of its drugs was given.</summary>
    private const int UnknownTimes = -2;

    private static readonly string[] Marks = [.. Enumerable.Range(0, 128).Select(mark => ((char)mark).ToString())];

    private readonly RecordReader _reader = new();
    private readonly CodeCache _codes = new();
    private readonly List<ClaimDrug> _drugs = [];
    private readonly List<int> _blockSums = [];
    private readonly List<DateOnly?> _prescribedOn = [];

    public IReadOnlyList<ClaimDrug> Drugs => _drugs.Count == 0 ? [] : [.. _drugs];

    public IReadOnlyList<DateOnly?> PrescribedOn => layouts.Kind != ClaimKind.Pharmacy || _prescribedOn.Count == 0 ? [] : [.. _prescribedOn];

    /// <summary>Begins a claim.</summary>
    /// <param name="order">The lines of the version, in order.</param>
    [MethodImpl(Compiled.AtOnce)]
    public void Begin(List<int> order)
    {
        _drugs.Clear();
        if (layouts.Kind == ClaimKind.Pharmacy)
        {
            SumBlocks(order);
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    public bool Take(in ClaimLine line)
    {
        var record = lines.Record(line);
        var layout = layouts.Find(RecordName.Iy)!;
        _reader.Split(record);
        int? times;
        if (layouts.Kind == ClaimKind.Pharmacy)
        {
            times = line.Block < _blockSums.Count ? _blockSums[line.Block] : NoBlock;
        }
        else
        {
            times = _reader.Number(record, layout, Field.Times);
        }

        if (times == NoBlock)
        {
            faults.AtLine(ClaimFaultKind.RecordMissing, line.Number, null, "CZ");
            return false;
        }

        Keep(record, layout, times);
        return true;
    }

    /// <summary>CD rows code treatments and materials too; drugs begin with 6.</summary>
    public bool TakeBundled(in ClaimLine line)
    {
        var record = lines.Record(line);
        var layout = layouts.Find(RecordName.Cd)!;
        _reader.Split(record);
        if (_reader.Column(record, layout, Field.Code) is not [(byte)'6', ..])
        {
            return true;
        }

        foreach (var field in stackalloc[] { Field.Quantity, Field.Times })
        {
            if (_reader.Column(record, layout, field).IsEmpty)
            {
                faults.RemarkBlank(line, layout.PlaceOf(field));
            }
        }

        Keep(record, layout, _reader.Number(record, layout, Field.Times));
        return true;
    }

    /// <summary>A drug of which the claim tells what it is and how much. 薬剤料逓減 is none.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private void Keep(ReadOnlySpan<byte> record, RecordLayout layout, int? times)
    {
        var code = _reader.Column(record, layout, Field.Code);
        var quantity = _reader.Column(record, layout, Field.Quantity);
        if (times is { } known && known != UnknownTimes && !quantity.IsEmpty && !code.IsEmpty && !DrugReduction.Is(code))
        {
            _drugs.Add(new ClaimDrug(_codes.Get(code), FieldForms.ReadDecimal(quantity), known, _reader.Column(record, layout, Field.BurdenClass) is [var mark] ? Marks[mark] : null));
        }
    }

    /// <summary>
    /// The sum of 調剤数量 of each prescription; <see cref="NoBlock"/> where it has no CZ, <see cref="UnknownTimes"/> where one is blank. And the days on which the prescriptions
    /// were issued.
    /// </summary>
    private void SumBlocks(List<int> order)
    {
        _blockSums.Clear();
        _prescribedOn.Clear();
        var layout = layouts.Find(RecordName.Cz)!;
        foreach (var i in order)
        {
            ref var line = ref lines[i];
            if (line.Record != RecordName.Cz)
            {
                continue;
            }

            while (_blockSums.Count <= line.Block)
            {
                _blockSums.Add(NoBlock);
            }

            var record = lines.Record(line);
            _reader.Split(record);
            ref var sum = ref CollectionsMarshal.AsSpan(_blockSums)[line.Block];
            sum = _reader.Number(record, layout, Field.Quantity) is { } quantity && sum != UnknownTimes ? Math.Max(0, sum) + quantity : UnknownTimes;
            DateOnly? day = FieldForms.ReadDate(_reader.Column(record, layout, Field.PrescribedOn), out var issued) is null ? issued : null;
            if (!_prescribedOn.Contains(day))
            {
                _prescribedOn.Add(day);
            }
        }
    }
}
