using System.Globalization;

namespace KenkoPortal.Claims.Reading;

/// <summary>
/// What GO is to say of the claims since the one before. It counts one for the insurance and one for each public fund of a claim, and sums the points of the first
/// payer alone. Of a claim that was set aside the payers may not all be known.
/// </summary>
internal sealed class ClaimTotals(ClaimLines lines, Layouts layouts, FaultReporter faults)
{
    private const int MostPayers = 5;

    private bool _hasUnknownPoints;
    private long _least;
    private long _most;
    private long _points;

    public void Add(Claim claim)
    {
        var payers = (claim.InsurerNumber is null ? 0 : 1) + claim.PublicFunds.Count;
        _least += payers;
        _most += payers;
        _points += claim.Points;
    }

    public void AddSetAside(int payers, int unknownLines, bool isTooLarge)
    {
        _hasUnknownPoints = true;
        _least++;
        _most += isTooLarge ? MostPayers : Math.Clamp(payers + unknownLines, 1, MostPayers);
    }

    /// <summary>Compares with GO, and begins anew.</summary>
    /// <param name="line">A GO that is good by itself.</param>
    public void Check(in ClaimLine line)
    {
        var record = lines.Record(line);
        var columns = new Columns();
        columns.Split(record);
        var layout = layouts.Find(RecordName.Go)!;
        // Of several volumes the last one alone has the sums.
        if (FieldForms.TryReadNumber(columns.Get(record, layout.PlaceOf(Field.Count)), out var count) && (count < _least || count > _most))
        {
            faults.AtColumn(ClaimFaultKind.CountDiffers, line, layout.PlaceOf(Field.Count), ToText(count), ToText(_least));
        }

        // The points of a claim that was set aside may be unknown, so the sum says nothing then.
        if (FieldForms.TryReadNumber(columns.Get(record, layout.PlaceOf(Field.Points)), out var points) && !_hasUnknownPoints && points != _points)
        {
            faults.AtColumn(ClaimFaultKind.PointsDiffer, line, layout.PlaceOf(Field.Points), ToText(points), ToText(_points));
        }

        _least = 0;
        _most = 0;
        _points = 0;
        _hasUnknownPoints = false;
    }

    private static string ToText(long number) => number.ToString(CultureInfo.InvariantCulture);
}
