
namespace KenkoPortal.Claims.Reading;

/// <summary>Tells what a file is by its first records; its name is not asked.</summary>
internal static class FileRecognition
{
    /// <summary>Lines that are looked at: one damaged line must not make another file of it.</summary>
    private const int MostLines = 2000;

    /// <summary>Files that come along with claims and are none, by what they begin with.</summary>
    /// <returns>What to say of it; null where it may be a claims file.</returns>
    public static ClaimFaultKind? Other(ReadOnlySpan<byte> head)
    {
        if (head is [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..])
        {
            return ClaimFaultKind.PackedFile;
        }

        var (hasAccident, hasInsurance) = (false, false);
        var isFirst = true;
        for (var lines = 0; head.Length > 0 && lines < MostLines; lines++)
        {
            var end = head.IndexOf((byte)'\n');
            var record = RecordName.Of((end < 0 ? head : head[..end]).TrimStart(LineSource.EndMark).TrimEnd((byte)'\r'));
            head = end < 0 ? default : head[(end + 1)..];
            if (isFirst && record == RecordName.Hi)
            {
                // On the insurer's side HI stands behind 行番号, within a claim.
                return ClaimFaultKind.ReturnFile;
            }

            isFirst &= record == RecordName.None;
            hasAccident |= record is RecordName.Rr or RecordName.Rs;
            hasInsurance |= record is RecordName.Ho or RecordName.Ko;
        }

        return hasAccident && !hasInsurance ? ClaimFaultKind.AccidentFile : null;
    }

    /// <param name="head">The beginning of the file, a line cut off at its end included.</param>
    /// <param name="side">Who handed it over.</param>
    /// <param name="kind">What it holds.</param>
    /// <returns>False if nothing in it is a claim's.</returns>
    public static bool TryRecognise(ReadOnlySpan<byte> head, out ClaimSide side, out ClaimKind kind)
    {
        Span<int> sides = stackalloc int[2];
        Span<int> kinds = stackalloc int[5];
        var columns = new Columns();
        var lines = 0;
        while (head.Length > 0 && lines++ < MostLines)
        {
            var end = head.IndexOf((byte)'\n');
            var line = end < 0 ? head : head[..end];
            head = end < 0 ? default : head[(end + 1)..];
            if (line.Length > LineSource.MaxLine)
            {
                continue;
            }

            line = line.TrimStart(LineSource.EndMark).TrimEnd((byte)'\r');
            var isPrefixed = ClaimLineReader.TryReadPrefix(line, out var body, out _, out _, out _);
            var record = RecordName.Of(line[body..]);
            if (record == RecordName.None)
            {
                continue;
            }

            sides[(int)(isPrefixed ? ClaimSide.Insurer : ClaimSide.Provider)]++;
            columns.Split(line[body..]);
            if (KindOf(record, line[body..], columns) is { } voted)
            {
                kinds[(int)voted]++;
            }
        }

        side = sides[(int)ClaimSide.Insurer] > sides[(int)ClaimSide.Provider] ? ClaimSide.Insurer : ClaimSide.Provider;
        var most = 0;
        for (var i = 1; i < kinds.Length; i++)
        {
            most = kinds[i] > kinds[most] ? i : most;
        }

        kind = (ClaimKind)most;
        return kinds[most] > 0;
    }

    /// <summary>医科 and DPC have the same record names; their HO, KO and RE differ in length.</summary>
    private static ClaimKind? KindOf(int record, ReadOnlySpan<byte> line, Columns columns) => record switch
    {
        RecordName.Uk => ClaimKind.Dental,
        RecordName.Yk => ClaimKind.Pharmacy,
        RecordName.Hm => ClaimKind.Nursing,
        RecordName.Bu or RecordName.Cd => ClaimKind.Dpc,
        RecordName.Re when columns.Get(line, 2) is [var first, _, _, _] => first switch
        {
            (byte)'1' => columns.Count == 38 ? ClaimKind.Medical : ClaimKind.Dpc,
            (byte)'3' => ClaimKind.Dental,
            (byte)'4' => ClaimKind.Pharmacy,
            (byte)'6' => ClaimKind.Nursing,
            _ => null,
        },
        RecordName.Ho when columns.Count == 15 => ClaimKind.Medical,
        RecordName.Ho when columns.Count == 16 => ClaimKind.Dpc,
        RecordName.Ko when columns.Count == 12 => ClaimKind.Medical,
        RecordName.Ko when columns.Count == 13 => ClaimKind.Dpc,
        _ => null,
    };
}
