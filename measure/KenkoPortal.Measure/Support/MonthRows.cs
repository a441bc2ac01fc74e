using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.ReceivedClaims;

namespace KenkoPortal.Measure.Support;

/// <summary>A month of a society as rows: claims, and the lines of both notices.</summary>
internal sealed class MonthRows(NoticePattern pattern, Guid societyId, TreatmentMonth month)
{
    private readonly Stamp _claims = new(pattern.Claims, nameof(ReceivedClaim.Id));
    private readonly Stamp _costs = new(pattern.Costs, nameof(MedicalCostLine.ClaimId));
    private readonly Stamp _drugs = new(pattern.Drugs, nameof(GenericDrugLine.ClaimId));
    private readonly int _number = (month.Year * 100) + month.Month;

    public Guid PublicationId { get; } = Guid.CreateVersion7();

    public List<object?[]> Costs { get; } = [];

    public List<object?[]> Drugs { get; } = [];

    /// <summary>Who has a line.</summary>
    public int People { get; private set; }

    public TableRows ClaimRows => new(pattern.Claims.Name, pattern.Claims.Columns, Claims);

    public TableRows CostRows => new(pattern.Costs.Name, pattern.Costs.Columns, Costs);

    public TableRows DrugRows => new(pattern.Drugs.Name, pattern.Drugs.Columns, Drugs);

    private List<object?[]> Claims { get; } = [];

    /// <summary>Adds a person's rows.</summary>
    public void Add(NoticeArchive.Holder person)
    {
        var of = pattern.Of(person.Number, month.Month);
        var ids = new Dictionary<object, Guid>(of.Claims.Count);
        foreach (var claim in of.Claims)
        {
            var id = ids[claim[_claims.Claim]!] = Guid.CreateVersion7();
            Claims.Add(ClaimOf(claim, id, person));
        }

        Costs.AddRange(of.Costs.Select(line => LineOf(_costs, line, ids, person)));
        Drugs.AddRange(of.Drugs.Select(line => LineOf(_drugs, line, ids, person)));
        People += of.Costs.Count > 0 ? 1 : 0;
    }

    private object?[] ClaimOf(object?[] row, Guid id, NoticeArchive.Holder person)
    {
        var claim = _claims.Of(row, id, societyId, person.PersonId, _number);
        claim[_claims.Table.Of(nameof(ReceivedClaim.SourceKey))] = string.Create(CultureInfo.InvariantCulture, $"{_number}{Claims.Count:D11}");
        claim[_claims.Table.Of(nameof(ReceivedClaim.SymbolKey))] = person.SymbolKey;
        claim[_claims.Table.Of(nameof(ReceivedClaim.NumberKey))] = person.NumberKey;
        claim[_claims.Table.Of(nameof(ReceivedClaim.Branch))] = person.Branch;
        return claim;
    }

    private object?[] LineOf(Stamp stamp, object?[] row, Dictionary<object, Guid> ids, NoticeArchive.Holder person)
    {
        var line = stamp.Of(row, Guid.CreateVersion7(), societyId, person.PersonId, _number);
        line[stamp.Claim] = ids[row[stamp.Claim]!];
        line[stamp.Publication] = PublicationId;
        return line;
    }

    /// <summary>The columns of a table that are another's in each row.</summary>
    private sealed class Stamp(PatternTable table, string claim)
    {
        private readonly int _id = table.Of("Id");
        private readonly int _society = table.Of("SocietyId");
        private readonly int _person = table.Person;
        private readonly int _month = table.Month;

        public PatternTable Table => table;

        /// <summary>The claim's id.</summary>
        public int Claim { get; } = table.Of(claim);

        public int Publication => table.Of(nameof(MedicalCostLine.PublicationId));

        public object?[] Of(object?[] row, Guid id, Guid societyId, Guid personId, int month)
        {
            var copy = (object?[])row.Clone();
            (copy[_id], copy[_society], copy[_person], copy[_month]) = (id, societyId, personId, month);
            return copy;
        }
    }
}
