using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.MedicalCosts.Tax;

/// <summary>A file that is ready to be handed out.</summary>
public sealed record NamedFile(string Name, string ContentType, byte[] Content);

/// <summary>Makes the year's file in the national portal's form: one person's CSV, several people's zip.</summary>
public sealed class NationalFiles(PortalContext db, TimeProvider clock)
{
    /// <param name="people">Whom the viewer may see, as <see cref="Visibility"/> says.</param>
    /// <param name="rows">The lines of the year that the viewer may see.</param>
    /// <param name="covered">The months that the year covers, oldest first.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<NamedFile> WriteAsync(
        IReadOnlyList<Subject> people, IReadOnlyList<MedicalCostRow> rows, IReadOnlyList<ReadableMonth> covered, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (society, months) = (db.Current.Society, covered.Select(m => m.Month).ToList());
        var files = new List<byte[]>();
        foreach (var subject in people)
        {
            var person = await ReadAsync(subject.PersonId, rows, cancellationToken);
            files.Add(NationalCsv.Write(person, (society.InsurerNumber, society.Name), months, JapanTime.DateOf(now)));
        }

        var name = NationalCsv.FileName(now);
        return files is [var one]
            ? new NamedFile(name, "text/csv; charset=utf-8", one)
            : new NamedFile(Path.ChangeExtension(name, ".zip"), "application/zip", NationalCsv.Zip(files, now));
    }

    private async Task<NationalPerson> ReadAsync(Guid personId, IReadOnlyList<MedicalCostRow> rows, CancellationToken cancellationToken)
    {
        var person = await db.Persons.AsNoTracking().SingleAsync(p => p.Id == personId, cancellationToken);
        var card = await db.InsuranceCards.AsNoTracking().Where(c => c.PersonId == personId)
            .OrderBy(c => c.ValidTo != null).ThenByDescending(c => c.ValidFrom).FirstAsync(cancellationToken);
        return new NationalPerson(
            person.Name, person.Kana, person.BirthDate, person.Sex, card.Symbol, card.Number, card.Branch, [.. rows.Where(r => r.PersonId == personId)]);
    }
}
