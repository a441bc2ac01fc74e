using System.Globalization;

namespace KenkoPortal.Claims.Reading;

/// <summary>Makes faults of what the other rooms find, and counts them.</summary>
internal sealed class FaultReporter(Action<ClaimFault>? tell)
{
    private const int MostShown = 40;

    private static readonly string[] PrefixTitles = ["データ識別", "行番号", "枝番号"];

    private readonly HashSet<(int Record, int Column)> _blank = [];

    public Layouts? Layouts { get; set; }

    /// <summary>The number of the claim that is being judged, where it is known.</summary>
    public string? ClaimNumber { get; set; }

    /// <summary>Whether what is reported belongs to a claim, which is set aside for it.</summary>
    public bool IsInClaim { get; set; }

    /// <summary>While a line is only tried.</summary>
    public bool IsMuted { get; set; }

    public long Count { get; private set; }

    /// <summary>The last fault that was told.</summary>
    public ClaimFaultKind? Last { get; private set; }

    public long LastLine { get; private set; }

    /// <summary>At a column counted behind the record's name, which has 0.</summary>
    public void AtColumn(ClaimFaultKind kind, in ClaimLine line, int column, ReadOnlySpan<byte> found, string? expected = null) =>
        AtColumn(kind, line, column, Show(found), expected);

    public void AtColumn(ClaimFaultKind kind, in ClaimLine line, int column, string? found, string? expected = null)
    {
        var title = Layouts?.Find(line.Record)?.TitleOf(column) ?? (column == 0 ? "レコード識別" : Nth(column + (Layouts?.PrefixColumns ?? 0)));
        Tell(new ClaimFault(kind, line.Number, column + (Layouts?.PrefixColumns ?? 0) + 1, title, ClaimNumber, IsInClaim) { Found = found, Expected = expected });
    }

    /// <summary>At a column counted from the beginning of the line.</summary>
    public void AtPlace(ClaimFaultKind kind, in ClaimLine line, int place, ReadOnlySpan<byte> found) => AtPlace(kind, line, place, Show(found));

    public void AtPlace(ClaimFaultKind kind, in ClaimLine line, int place, string found, string? expected = null)
    {
        var prefix = Layouts?.PrefixColumns ?? 0;
        var title = place < prefix ? PrefixTitles[place] : Layouts?.Find(line.Record)?.TitleOf(place - prefix) ?? Nth(place);
        Tell(new ClaimFault(kind, line.Number, place + 1, title, ClaimNumber, IsInClaim) { Found = found, Expected = expected });
    }

    public void AtLine(ClaimFaultKind kind, long line, string? found = null, string? expected = null) =>
        Tell(new ClaimFault(kind, line, 1, ClaimFaultText.WholeLine, ClaimNumber, IsInClaim) { Found = found, Expected = expected });

    public void AtFile(ClaimFaultKind kind, long line, string? found = null, string? expected = null) =>
        Tell(new ClaimFault(kind, line, 1, ClaimFaultText.WholeFile, null, false) { Found = found, Expected = expected });

    /// <summary>A column that is blank against the standard, and does not keep its claim from being delivered. Each column is told once a file.</summary>
    public void RemarkBlank(in ClaimLine line, int column)
    {
        if (!IsMuted && _blank.Add((line.Record, column)))
        {
            var isInClaim = IsInClaim;
            IsInClaim = false;
            AtColumn(ClaimFaultKind.ValueUnusual, line, column, (string?)null);
            IsInClaim = isInClaim;
        }
    }

    /// <summary>A fault that does not keep its claim from being delivered.</summary>
    public void Remark(ClaimFaultKind kind, in ClaimLine line, string found, string? expected = null) =>
        Tell(new ClaimFault(kind, line.Number, 1, ClaimFaultText.WholeLine, ClaimNumber, false) { Found = found, Expected = expected });

    private static string Nth(int place) => string.Format(CultureInfo.InvariantCulture, ClaimFaultText.NthColumn, place + 1);

    private void Tell(ClaimFault fault)
    {
        if (IsMuted)
        {
            return;
        }

        Count++;
        (Last, LastLine) = (fault.Kind, fault.Line);
        tell?.Invoke(fault);
    }

    private static string Show(ReadOnlySpan<byte> found)
    {
        var text = Cp932.Decode(found.Length > MostShown * 2 ? found[..(MostShown * 2)] : found);
        return string.Concat(text.Take(MostShown).Select(c => char.IsControl(c) || c is '\uFFFD' or (>= '\uE000' and <= '\uF8FF') ? '〓' : c));
    }
}
