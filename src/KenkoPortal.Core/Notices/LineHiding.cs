using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Notices;

/// <summary>A line of the viewer's own, or of a child they act for.</summary>
/// <param name="Row">The line.</param>
/// <param name="InstitutionKey">都道府県, 点数表 and 医療機関コード.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="IsHidden">It is kept from the household by itself.</param>
/// <param name="Linked">The lines of pharmacies for this institution in this month: they go with it.</param>
public sealed record OwnLine(MedicalCostRow Row, string InstitutionKey, Subject Owner, bool IsHidden, IReadOnlyList<MedicalCostRow> Linked);

/// <summary>Keeps single lines from the household. It is a change of disclosure, so it asks for 現在のパスワード and is told to all addresses (rows A15, A16).</summary>
public sealed class LineHiding(
    PortalContext db, NoticeReading reading, HiddenLines hidden, UnitOfWork work, AuditTrail audit, CurrentPassword passwords, AccountSecurity security)
{
    /// <summary>The line of a claim as it can be read now. That of a child, for whom the viewer acts, leaves an event (row G2).</summary>
    /// <returns>Null where it is not the viewer's: the page does not exist.</returns>
    public async Task<OwnLine?> OpenAsync(Guid viewerId, Guid claimId, CancellationToken cancellationToken)
    {
        var shelf = await reading.OpenAsync(viewerId, NoticeKind.MedicalCost, cancellationToken);
        var line = await FindAsync(shelf, claimId, cancellationToken);
        if (line is { Owner.IsSelf: false })
        {
            await reading.SeeAsync(shelf, [line.Owner], [.. shelf.Calendar.Months.Where(m => m.Month == line.Row.Month)], cancellationToken);
        }

        return line;
    }

    /// <summary>Keeps the line from the household, or shows it again as the switches say.</summary>
    /// <returns>Null where it is not the viewer's: the page does not exist.</returns>
    /// <exception cref="PortalBusyException">Too many wait for hashing.</exception>
    public async Task<ProfileResult?> SetAsync(SignedIn signedIn, Guid claimId, bool hide, string currentPassword, CancellationToken cancellationToken)
    {
        if (await passwords.RefuseAsync(signedIn, currentPassword, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        return await work.CommitAsync(
            async () =>
            {
                if (await passwords.LockedAccountAsync(signedIn, cancellationToken) is null)
                {
                    return ProfileResult.SessionEnded;
                }

                var shelf = await reading.OpenAsync(signedIn.PersonId, NoticeKind.MedicalCost, cancellationToken);
                if (await FindAsync(shelf, claimId, cancellationToken) is not { } line)
                {
                    return (ProfileResult?)null;
                }

                // A version that takes this one's place hides what it finds hidden: it waits for us, or we for it, and then the line may be another.
                await work.LockAsync<Publication>(line.Row.PublicationId, cancellationToken);
                if (!await db.Publications.AnyAsync(p => p.Id == line.Row.PublicationId && p.State == PublicationState.Published, cancellationToken))
                {
                    return null;
                }

                // Two clicks at a time would both hide it.
                await work.LockAsync<Person>(line.Owner.PersonId, cancellationToken);
                var stored = await hidden.OfAsync(line.Owner.PersonId, claimId, cancellationToken);
                if (hide == stored.Count > 0)
                {
                    return ProfileResult.Saved;
                }

                if (hide)
                {
                    hidden.Hide(line.Owner.PersonId, claimId, line.Row.Month, line.InstitutionKey);
                }
                else
                {
                    await hidden.ShowAsync(stored, line.Row.Month, cancellationToken);
                }

                audit.Add(hide ? AuditKind.LineHidden : AuditKind.LineShown, claimId);
                await security.TellAllAsync(signedIn.AccountId, ProfileChangedMail.TemplateName, [], cancellationToken);
                return ProfileResult.Saved;
            },
            cancellationToken);
    }

    private async Task<OwnLine?> FindAsync(NoticeShelf shelf, Guid claimId, CancellationToken cancellationToken)
    {
        List<Guid> own = [.. shelf.Subjects.People.Where(p => p.IsOwn).Select(p => p.PersonId)];
        List<Guid> visible = [.. shelf.Calendar.Months.Select(m => m.PublicationId)];
        var line = await db.MedicalCostLines.AsNoTracking()
            .Where(l => own.Contains(l.PersonId) && l.ClaimId == claimId && visible.Contains(l.PublicationId))
            .Select(l => new { l.PersonId, l.Month, l.InstitutionKey }).FirstOrDefaultAsync(cancellationToken);
        if (line is null)
        {
            return null;
        }

        var owner = shelf.Subjects.People.Single(p => p.PersonId == line.PersonId);
        var rows = await reading.CostsAsync(shelf, [owner], MonthRange.Of(line.Month), cancellationToken);
        var kept = shelf.Subjects.Hidden.Where(h => h.PersonId == line.PersonId && h.ClaimId == claimId).ToList();
        return new OwnLine(
            rows.Single(r => r.ClaimId == claimId),
            line.InstitutionKey,
            owner,
            kept.Count > 0,
            [.. rows.Where(r => r.ClaimId != claimId && r.PrescriberKey is { } key && (key == line.InstitutionKey || kept.Exists(h => h.Month == line.Month && h.InstitutionKey == key)))]);
    }
}
