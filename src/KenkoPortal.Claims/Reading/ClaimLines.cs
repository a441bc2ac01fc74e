using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>A line of the claim that is being gathered.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ClaimLine
{
    /// <summary>Its number in the file, from 1.</summary>
    public long Number;

    /// <summary>Where it lies in the source.</summary>
    public int Start;

    public int Length;

    /// <summary>Where the record's name begins in the line.</summary>
    public int Body;

    public int Record;

    /// <summary>データ識別; 1 is the institution's own. Always 1 on the provider's side.</summary>
    public int Stage;

    public int Row;

    public int Branch;

    public LineDamage Damage;

    /// <summary>診療識別 that holds for the line, its own or its block's.</summary>
    public byte Service;

    /// <summary>調剤: the number of its prescription.</summary>
    public int Block;

    public readonly bool IsOwn => Stage == 1;
}

/// <summary>The lines of one claim, in the order of the file; their bytes stay in the source.</summary>
internal sealed class ClaimLines(LineSource source)
{
    private ClaimLine[] _lines = new ClaimLine[512];

    public int Count { get; private set; }

    public ref ClaimLine this[int index] => ref _lines[index];

    public ReadOnlySpan<byte> Bytes(in ClaimLine line) => source.Bytes(line.Start, line.Length);

    /// <summary>The line from its record's name on.</summary>
    public ReadOnlySpan<byte> Record(in ClaimLine line) => source.Bytes(line.Start + line.Body, line.Length - line.Body);

    [MethodImpl(Compiled.AtOnce)]
    public void Add(in ClaimLine line)
    {
        if (Count == _lines.Length)
        {
            Array.Resize(ref _lines, Count * 2);
        }

        _lines[Count++] = line;
    }

    /// <summary>Forgets all lines but the last <paramref name="carried"/>.</summary>
    /// <returns>By how much the positions of lines that are read already have become less.</returns>
    [MethodImpl(Compiled.AtOnce)]
    public int Begin(int carried, int nextStart)
    {
        var first = Count - carried;
        var shift = carried > 0 ? _lines[first].Start : nextStart;
        Array.Copy(_lines, first, _lines, 0, carried);
        Count = carried;
        for (var i = 0; i < carried; i++)
        {
            _lines[i].Start -= shift;
        }

        source.Release(shift);
        return shift;
    }
}
