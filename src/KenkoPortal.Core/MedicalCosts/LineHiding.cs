using KenkoPortal.Claims;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.Sharing;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.MedicalCosts;

/// <summary>What the household sees of a person's notices now, whatever is hidden.</summary>
/// <param name="MedicalCosts">医療費通知.</param>
/// <param name="GenericDrugs">ジェネリック通知.</param>
public sealed record SharedNow(bool MedicalCosts, bool GenericDrugs);

/// <summary>A line of a pharmacy that goes with another line or institution.</summary>
/// <param name="Name">薬局名.</param>
/// <param name="Month">調剤年月.</param>
public sealed record LinkedLine(string Name, TreatmentMonth Month);

/// <summary>A line of the viewer's own, or of a child they act for.</summary>
/// <param name="Row">The line.</param>
/// <param name="Institution">By which the institution is known.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="IsHidden">It is kept from the household by itself.</param>
/// <param name="HiddenOtherwise">By what else it is kept from the household.</param>
/// <param name="Linked">The lines of pharmacies for its prescriptions, of every month: they go with it.</param>
/// <param name="Shared">What the household sees.</param>
public sealed record OwnLine(
    MedicalCostRow Row, InstitutionIdentity Institution, Subject Owner, bool IsHidden, HiddenBy? HiddenOtherwise, IReadOnlyList<LinkedLine> Linked, SharedNow Shared);

/// <summary>An institution of which the viewer, or a child they act for, has or had a line.</summary>
/// <param name="Id">The page's address: a claim's id, or what hides it.</param>
/// <param name="Name">医療機関名.</param>
/// <param name="Owner">Who was there.</param>
/// <param name="IsHidden">It is kept from the household altogether, or lines are that cannot be read any more.</param>
/// <param name="Lines">Its lines that can be read now.</param>
/// <param name="Linked">The lines of pharmacies for its prescriptions.</param>
/// <param name="HiddenLines">Its lines that are hidden by themselves: they stay hidden.</param>
/// <param name="Shared">What the household sees.</param>
public sealed record OwnInstitution(Guid Id, string Name, Subject Owner, bool IsHidden, int Lines, IReadOnlyList<LinkedLine> Linked, int HiddenLines, SharedNow Shared);

/// <summary>Something that is kept from the household, in the list of all.</summary>
/// <param name="Owner">Whose.</param>
/// <param name="Name">医療機関名; null where it is not known any more.</param>
/// <param name="Month">Of a line; null where the institution is hidden altogether.</param>
/// <param name="HiddenAt">Since when.</param>
/// <param name="LineId">The line's page; null where that cannot be opened.</param>
/// <param name="InstitutionId">The institution's page.</param>
public sealed record HiddenItem(Subject Owner, string? Name, TreatmentMonth? Month, DateTimeOffset HiddenAt, Guid? LineId, Guid InstitutionId);

/// <summary>
/// Keeps single lines and whole institutions from the household. It is a change of disclosure, so it asks for 現在のパスワード and is told to all addresses (rows A15, A16), and
/// leaves an event about the person.
/// </summary>
public sealed class LineHiding(
    PortalContext db, NoticeReading reading, Visibility visibility, HiddenLines hidden, UnitOfWork work, AuditTrail audit, CurrentPassword passwords, AccountSecurity security)
{
    /// <summary>The line of a claim as it can be read now. That of a child, for whom the viewer acts, leaves an event (row G2).</summary>
    /// <returns>Null where it is not the viewer's: the page does not exist.</returns>
    public async Task<OwnLine?> OpenAsync(Guid viewerId, Guid claimId, CancellationToken cancellationToken)
    {
        var shelf = await reading.OpenAsync(viewerId, NoticeKind.MedicalCost, cancellationToken);
        var line = await FindAsync(shelf, claimId, cancellationToken);
        if (line is not null)
        {
            await SeeAsync(shelf, line.Owner, [line.Row.Month, .. line.Linked.Select(l => l.Month)], cancellationToken);
        }

        return line;
    }

    /// <summary>The institution of a line, or of what is hidden, as <see cref="OpenAsync"/>.</summary>
    /// <param name="viewerId">Who looks.</param>
    /// <param name="id">A claim's, or that of an entry in <see cref="ListAsync"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null where it is not the viewer's: the page does not exist.</returns>
    public async Task<OwnInstitution?> OpenInstitutionAsync(Guid viewerId, Guid id, CancellationToken cancellationToken)
    {
        var shelf = await reading.OpenAsync(viewerId, NoticeKind.MedicalCost, cancellationToken);
        if (await FindInstitutionAsync(shelf, id, cancellationToken) is not { } found)
        {
            return null;
        }

        await SeeAsync(shelf, found.Owner, [.. found.Lines.Concat(found.Linked).Select(l => l.Month)], cancellationToken);
        return new OwnInstitution(
            id,
            found.Identity.Name ?? found.Identity.Key!,
            found.Owner,
            found.Institutions.Count + found.Gone.Count > 0,
            found.Lines.Count,
            Linked(found.Linked),
            found.Lines.Count(l => shelf.Subjects.Hidden.Claims.Any(h => h.PersonId == l.PersonId && h.ClaimId == l.ClaimId)),
            await SharedAsync(found.Owner, cancellationToken));
    }

    /// <summary>What the viewer, and the children they act for, keep from the household.</summary>
    public async Task<IReadOnlyList<HiddenItem>> ListAsync(Guid viewerId, CancellationToken cancellationToken)
    {
        var shelf = await reading.OpenAsync(viewerId, NoticeKind.MedicalCost, cancellationToken);
        var own = shelf.Subjects.People.Where(p => p.IsOwn).ToList();
        var (claims, institutions) = (shelf.Subjects.Hidden.Claims, shelf.Subjects.Hidden.Institutions);
        var lines = await visibility.LinesAsync([.. own.Select(p => p.PersonId)], cancellationToken);
        var readable = Readable(shelf, lines).Select(l => (l.PersonId, l.ClaimId)).ToHashSet();
        var items = new List<HiddenItem>();
        foreach (var owner in own)
        {
            // One that has several keys is one entry, and a claim that had several codes or months is one.
            var entries = new List<HiddenInstitution>();
            var (rows, known) = (institutions.Where(i => i.PersonId == owner.PersonId).OrderBy(i => i.HiddenAt).ThenBy(i => i.Id).ToList(), new List<InstitutionIdentity>());
            foreach (var row in rows.Where(r => !known.Exists(k => k.MayBe(r.Identity))))
            {
                entries.Add(row);
                known.AddRange(InstitutionIdentity.Under([row.Identity], lines.Where(l => l.PersonId == owner.PersonId).Select(l => l.Institution).Concat(rows.ConvertAll(r => r.Identity))));
            }

            items.AddRange(entries.Select(i => new HiddenItem(owner, i.InstitutionName, null, i.HiddenAt, null, i.Id)));
            items.AddRange(claims.Where(c => c.PersonId == owner.PersonId).GroupBy(c => c.ClaimId).Select(g => g.MaxBy(c => c.Id)!).OrderByDescending(c => c.Month).ThenBy(c => c.Id)
                .Select(c => new HiddenItem(owner, c.InstitutionName, c.Month, c.HiddenAt, readable.Contains((c.PersonId, c.ClaimId)) ? c.ClaimId : null, c.Id)));
        }

        foreach (var child in own.Where(p => !p.IsSelf && items.Exists(i => i.Owner == p)))
        {
            await SeeAsync(shelf, child, [.. claims.Where(c => c.PersonId == child.PersonId).Select(c => c.Month), .. shelf.Calendar.Months.Take(1).Select(m => m.Month)], cancellationToken);
        }

        return items;
    }

    /// <summary>Keeps the line from the household, or shows it again as the switches say.</summary>
    /// <returns>Null where it is not the viewer's: the page does not exist.</returns>
    /// <exception cref="PortalBusyException">Too many wait for hashing.</exception>
    public Task<ProfileResult?> SetAsync(SignedIn signedIn, Guid claimId, bool hide, string currentPassword, CancellationToken cancellationToken) =>
        ChangeAsync(signedIn, currentPassword, shelf => ChangeLineAsync(shelf, claimId, hide, cancellationToken), cancellationToken);

    /// <summary>Keeps an institution from the household, what came of it and what comes, or shows it again as the switches say.</summary>
    /// <inheritdoc cref="SetAsync"/>
    public Task<ProfileResult?> SetInstitutionAsync(SignedIn signedIn, Guid id, bool hide, string currentPassword, CancellationToken cancellationToken) =>
        ChangeAsync(signedIn, currentPassword, shelf => ChangeInstitutionAsync(shelf, id, hide, cancellationToken), cancellationToken);

    /// <param name="signedIn">Who asks.</param>
    /// <param name="currentPassword">現在のパスワード.</param>
    /// <param name="change">True where something changed, false where it was so already, null where it is not the viewer's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task<ProfileResult?> ChangeAsync(SignedIn signedIn, string currentPassword, Func<NoticeShelf, Task<bool?>> change, CancellationToken cancellationToken)
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

                var isChanged = await change(await reading.OpenAsync(signedIn.PersonId, NoticeKind.MedicalCost, cancellationToken));
                if (isChanged == true)
                {
                    await security.TellAllAsync(signedIn.AccountId, ProfileChangedMail.TemplateName, [], cancellationToken);
                }

                return isChanged is null ? (ProfileResult?)null : ProfileResult.Saved;
            },
            cancellationToken);
    }

    private async Task<bool?> ChangeLineAsync(NoticeShelf shelf, Guid claimId, bool hide, CancellationToken cancellationToken)
    {
        if (await FindAsync(shelf, claimId, cancellationToken) is not { } line)
        {
            return null;
        }

        // A version that takes this one's place hides what it finds hidden: it waits for us, or we for it, and then the line may be another.
        await work.LockAsync<NoticeVersion>(line.Row.PublicationId, cancellationToken);
        if (!await db.Publications.AnyAsync(p => p.Id == line.Row.PublicationId && p.State == PublicationState.Published, cancellationToken))
        {
            return null;
        }

        // Two clicks at a time would both hide it.
        await work.LockAsync<Person>(line.Owner.PersonId, cancellationToken);
        var stored = await hidden.OfAsync(line.Owner.PersonId, claimId, cancellationToken);
        if (hide == stored.Count > 0)
        {
            return false;
        }

        if (hide)
        {
            hidden.Hide(line.Owner.PersonId, claimId, line.Row.Month, line.Institution);
        }
        else
        {
            await hidden.ShowAsync(stored, line.Row.Month, cancellationToken);
        }

        audit.Add(hide ? AuditKind.LineHidden : AuditKind.LineShown, line.Owner.PersonId, $"claim={claimId}");
        return true;
    }

    private async Task<bool?> ChangeInstitutionAsync(NoticeShelf shelf, Guid id, bool hide, CancellationToken cancellationToken)
    {
        if (await FindInstitutionAsync(shelf, id, cancellationToken) is not { } found)
        {
            return null;
        }

        // Two clicks at a time would both hide it. The second looks anew.
        await work.LockAsync<Person>(found.Owner.PersonId, cancellationToken);
        var ids = found.Institutions.Select(h => h.Id).ToArray();
        var stored = (await db.HiddenInstitutions.Where(h => h.PersonId == found.Owner.PersonId).ToListAsync(cancellationToken)).FindAll(h => ids.Contains(h.Id) || h.Identity.MayBe(found.Identity));
        var gone = found.Gone.Select(h => h.Id).ToArray();
        var goneLines = hide ? [] : await db.HiddenClaims.Where(h => gone.Contains(h.Id)).ToListAsync(cancellationToken);
        if (hide ? stored.Count > 0 : stored.Count + goneLines.Count == 0)
        {
            return false;
        }

        if (hide)
        {
            stored.Add(hidden.Hide(found.Owner.PersonId, found.Identity));
        }
        else
        {
            db.HiddenInstitutions.RemoveRange(stored);
            db.HiddenClaims.RemoveRange(goneLines);
        }

        audit.Add(
            hide ? AuditKind.InstitutionHidden : AuditKind.InstitutionShown,
            found.Owner.PersonId,
            $"institution={(stored.Count > 0 ? stored[0].Id : id)}");
        return true;
    }

    private async Task<OwnLine?> FindAsync(NoticeShelf shelf, Guid claimId, CancellationToken cancellationToken)
    {
        if (await LineAsync(shelf, claimId, cancellationToken) is not { } line)
        {
            return null;
        }

        var owner = shelf.Subjects.People.Single(p => p.PersonId == line.PersonId);
        var rows = await reading.CostsAsync(shelf, [owner], MonthRange.Of(line.Month), cancellationToken);
        var kept = shelf.Subjects.Hidden.Claims.Where(h => h.PersonId == line.PersonId && h.ClaimId == claimId).ToList();
        var readable = await ReadableAsync(shelf, [line.PersonId], cancellationToken);
        return new OwnLine(
            rows.Single(r => r.ClaimId == claimId),
            line.Institution,
            owner,
            kept.Count > 0,
            shelf.Subjects.Hidden.Otherwise(line),
            Linked(readable.FindAll(l => l.ClaimId != claimId && (l.MayBeFor(line.Institution, line.Month) || kept.Exists(h => l.MayBeFor(h.Identity, h.Month))))),
            await SharedAsync(owner, cancellationToken));
    }

    private async Task<FoundInstitution?> FindInstitutionAsync(NoticeShelf shelf, Guid id, CancellationToken cancellationToken)
    {
        var own = shelf.Subjects.People.Where(p => p.IsOwn).ToList();
        var (claims, institutions) = (shelf.Subjects.Hidden.Claims, shelf.Subjects.Hidden.Institutions);
        var line = await LineAsync(shelf, id, cancellationToken);
        var (personId, identity) = line is not null ? (line.PersonId, line.Institution)
            : institutions.FirstOrDefault(i => i.Id == id) is { } institution ? (institution.PersonId, institution.Identity)
            : claims.FirstOrDefault(c => c.Id == id) is { } claim ? (claim.PersonId, claim.Identity)
            : default;
        if (identity is null || own.Find(p => p.PersonId == personId) is not { } owner)
        {
            return null;
        }

        var lines = await visibility.LinesAsync([personId], cancellationToken);
        var readable = Readable(shelf, lines);
        var known = InstitutionIdentity.Under([identity], lines.Select(l => l.Institution).Concat(institutions.Where(i => i.PersonId == personId).Select(i => i.Identity)));
        return new FoundInstitution(
            identity,
            owner,
            readable.FindAll(l => MayBe(l.Institution)),
            readable.FindAll(l => !MayBe(l.Institution) && known.Any(l.MayBeFor)),
            [.. institutions.Where(i => i.PersonId == personId && MayBe(i.Identity))],
            [.. claims.Where(c => c.PersonId == personId && MayBe(c.Identity) && !readable.Exists(l => l.ClaimId == c.ClaimId))]);

        bool MayBe(InstitutionIdentity other) => known.Any(k => k.MayBe(other));
    }

    /// <summary>The line of a claim of the viewer's own, in the version that can be read now.</summary>
    private async Task<JudgedLine?> LineAsync(NoticeShelf shelf, Guid claimId, CancellationToken cancellationToken) =>
        (await ReadableAsync(shelf, [.. shelf.Subjects.People.Where(p => p.IsOwn).Select(p => p.PersonId)], cancellationToken)).Find(l => l.ClaimId == claimId);

    private async Task<List<JudgedLine>> ReadableAsync(NoticeShelf shelf, IReadOnlyList<Guid> people, CancellationToken cancellationToken) =>
        Readable(shelf, await visibility.LinesAsync(people, cancellationToken));

    private static List<JudgedLine> Readable(NoticeShelf shelf, List<JudgedLine> lines)
    {
        var visible = shelf.Calendar.Months.Select(m => m.PublicationId).ToHashSet();
        return lines.FindAll(l => visible.Contains(l.PublicationId));
    }

    private async Task<SharedNow> SharedAsync(Subject owner, CancellationToken cancellationToken)
    {
        var switches = await visibility.DisclosureAsync(owner.PersonId, cancellationToken);
        return new SharedNow(switches[NoticeKind.MedicalCost], switches[NoticeKind.GenericDrug]);
    }

    /// <summary>A look at a child's lines is a look at another person.</summary>
    private Task SeeAsync(NoticeShelf shelf, Subject owner, IReadOnlyCollection<TreatmentMonth> months, CancellationToken cancellationToken) =>
        owner.IsSelf ? Task.CompletedTask : reading.SeeAsync(shelf, [owner], [.. shelf.Calendar.Months.Where(m => months.Contains(m.Month))], cancellationToken);

    private static List<LinkedLine> Linked(IEnumerable<JudgedLine> lines) =>
        [.. lines.OrderBy(l => l.Month).ThenBy(l => l.InstitutionName, StringComparer.Ordinal).Select(l => new LinkedLine(l.InstitutionName, l.Month)).Distinct()];

    /// <param name="Identity">By which it is known.</param>
    /// <param name="Owner">Whose.</param>
    /// <param name="Lines">Its lines that can be read.</param>
    /// <param name="Linked">Lines of pharmacies for its prescriptions.</param>
    /// <param name="Institutions">What hides it altogether.</param>
    /// <param name="Gone">What hides lines of it that cannot be read any more.</param>
    private sealed record FoundInstitution(
        InstitutionIdentity Identity, Subject Owner, List<JudgedLine> Lines, List<JudgedLine> Linked, List<HiddenInstitution> Institutions, List<HiddenClaim> Gone);
}
