using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;

namespace KenkoPortal.Core.MedicalCosts.Tax;

/// <summary>A person of a yearly notice, by their real name.</summary>
/// <param name="Name">療養を受けた者.</param>
/// <param name="Relationship">続柄.</param>
/// <param name="Rows">Their lines, by month.</param>
public sealed record TaxPerson(string Name, string Relationship, IReadOnlyList<MedicalCostRow> Rows);

/// <summary>
/// What the files for a tax return are made of. It knows names and no 保険者番号, no 記号・番号: a filer must black them out (National Tax
/// Agency, Tax Answer 1119), so they are never printed.
/// </summary>
/// <param name="Year">The year of treatment.</param>
/// <param name="InsuredName">被保険者等の氏名.</param>
/// <param name="People">Whom it is about.</param>
/// <param name="Cover">Which months it covers, one sentence a line.</param>
public sealed record TaxPack(int Year, string InsuredName, IReadOnlyList<TaxPerson> People, IReadOnlyList<string> Cover)
{
    public static TaxPack Of(NoticeShelf shelf, IReadOnlyList<Subject> people, IReadOnlyList<MedicalCostRow> rows, int year) => new(
        year,
        shelf.Subjects.InsuredName,
        [.. people.Select(p => new TaxPerson(p.Name, p.Relationship, [.. rows.Where(r => r.PersonId == p.PersonId)]))],
        NoticeCover.Of(shelf.Calendar, year));
}
