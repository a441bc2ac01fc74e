namespace KenkoPortal.Claims.Reading;

/// <summary>
/// The points of a claim's rows beside those that its first payer is told. What is missing shows where a file was cut off; where rows may come to less by
/// the rules of the kind, nothing is concluded (the library's README).
/// </summary>
internal sealed class RowSums(ClaimLines lines, Layouts layouts)
{
    private const int Meals = 97;

    private readonly Columns _columns = new();

    /// <summary>Whether the rows come to the points at least: some rows are public funds' alone, and 薬剤料逓減 takes the place of drugs above it.</summary>
    /// <param name="order">The lines of the version.</param>
    /// <param name="claim">The version.</param>
    /// <param name="sum">What the rows come to.</param>
    public bool ReachesPoints(List<int> order, Claim claim, out long sum)
    {
        sum = 0;
        switch (layouts.Kind)
        {
            case ClaimKind.Medical or ClaimKind.Dental:
                return !TrySum(order, out sum) || sum >= claim.Points;

            // The bundle's points stand in records that are not read; it has a group at least. A summary has none of its own.
            case ClaimKind.Dpc:
                return claim.SummaryClass != 0 || claim.Points == 0 || Has(order, RecordName.Bu);

            // Points stand in dozens of columns of CZ and KI. A claim without any, or one that ends with the head of a prescription, has lost the rest.
            case ClaimKind.Pharmacy:
                return claim.Points == 0 || (Has(order, RecordName.Cz) || Has(order, RecordName.Ki) ? lines[order[^1]].Record != RecordName.Sh : false);
            default:
                return true;
        }
    }

    /// <summary>Whether the rows come to the points and no more, as where nobody but the insurance pays.</summary>
    /// <inheritdoc cref="ReachesPoints"/>
    public bool AreExact(List<int> order, Claim claim, out long sum) => TrySum(order, out sum) && claim.PublicFunds.Count == 0 && sum == claim.Points;

    private bool Has(List<int> order, int record)
    {
        foreach (var i in order)
        {
            if (lines[i].Record == record)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>点数 × 回数 of the rows, meals apart, which are in yen.</summary>
    /// <returns>False where a row's points are not known.</returns>
    private bool TrySum(List<int> order, out long sum)
    {
        sum = 0;
        foreach (var i in order)
        {
            ref var line = ref lines[i];
            if (line.Record is not (RecordName.Si or RecordName.Iy or RecordName.To or RecordName.Ss) || line.Service == Meals)
            {
                continue;
            }

            // Dental SI and TO are carried without a layout.
            if (layouts.Find(line.Record) is not { } layout || layout.PlaceOf(Field.Points) < 0)
            {
                return false;
            }

            var record = lines.Record(line);
            _columns.Split(record);
            if (!FieldForms.TryReadNumber(_columns.Get(record, layout.PlaceOf(Field.Points)), out var points))
            {
                continue;
            }

            if (!FieldForms.TryReadNumber(_columns.Get(record, layout.PlaceOf(Field.Times)), out var times))
            {
                return false;
            }

            sum += (long)points * times;
        }

        return true;
    }
}
