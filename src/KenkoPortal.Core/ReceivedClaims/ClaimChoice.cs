using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.ReceivedClaims;

/// <summary>What came of choosing a claim's person, or of taking the choice back.</summary>
/// <param name="Month">The month whose notices are to be computed anew.</param>
/// <param name="IsPublished">Members see the claim already, with another person or with one no longer meant.</param>
/// <param name="IsUnchanged">It was so before: nothing was done.</param>
public sealed record ChoiceOutcome(TreatmentMonth Month, bool IsPublished, bool IsUnchanged);

/// <summary>
/// Staff decide whose a claim is where several people fit and the name does not tell (twins). They choose among those who fit and nobody else; where nobody fits, the
/// members' list is to be mended. The choice stays with the claim when it comes corrected, as long as that person fits; the next month's claim is another.
/// </summary>
public sealed class ClaimChoice(PortalContext db, UnitOfWork work, ClaimOwners owners, AuditTrail audit, TimeProvider clock)
{
    /// <summary>The claims that wait, by month and number. They name people's cards: the look leaves an event with their count (row G2).</summary>
    public async Task<IReadOnlyList<WaitingClaim>> ShowWaitingAsync(CancellationToken cancellationToken)
    {
        var waiting = await owners.WaitingAsync(cancellationToken);
        await work.CommitAsync(
            () =>
            {
                audit.Add(AuditKind.WaitingClaimsShown, detail: $"claims={waiting.Count}");
                return Task.CompletedTask;
            },
            cancellationToken);
        return waiting;
    }

    /// <param name="number">The claim's number.</param>
    /// <param name="month">Where several claims have the number: whose month of treatment.</param>
    /// <param name="card">記号-番号-枝番 of the person.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PortalInputException">There is no such claim, it waits for nobody's choice, or the person is not among those who fit.</exception>
    public Task<ChoiceOutcome> AssignAsync(string number, TreatmentMonth? month, CardIdentity card, CancellationToken cancellationToken) => WriteAsync(
        number,
        month,
        async (claim, matching) =>
        {
            var candidates = matching.CandidatesFor(ClaimPatient.Of(claim));
            var isCard = (claim.SymbolKey, claim.NumberKey) == (card.Symbol.Key, card.Number.Key);
            if (!isCard || candidates.Where(c => c.Branch == card.Branch!.Value).ToList() is not [var chosen])
            {
                throw new PortalInputException(ClaimChoiceText.NoCandidate.With(
                    number, card, string.Join("、", candidates.Select(c => $"{claim.SymbolKey}-{claim.NumberKey}-{c.Branch}"))));
            }

            return await SetAsync(claim, matching, chosen.PersonId, AuditKind.ClaimAssigned, chosen.PersonId, cancellationToken);
        },
        cancellationToken);

    /// <summary>Takes the choice back: the claim waits again.</summary>
    /// <inheritdoc cref="AssignAsync"/>
    public Task<ChoiceOutcome> UnassignAsync(string number, TreatmentMonth? month, CancellationToken cancellationToken) => WriteAsync(
        number,
        month,
        (claim, matching) => SetAsync(claim, matching, null, AuditKind.ClaimUnassigned, claim.ChosenPersonId, cancellationToken),
        cancellationToken);

    private Task<ChoiceOutcome> WriteAsync(
        string number, TreatmentMonth? month, Func<ReceivedClaim, ClaimMatching, Task<ChoiceOutcome>> write, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            // What imports and computing write of a claim's person must be seen, and not be overwritten.
            await work.QueueUpAsync(ClaimOwners.Queue, cancellationToken);
            await work.QueueUpAsync(NoticeComputation.Queue, cancellationToken);
            return await write(await FindAsync(number, month, cancellationToken), await owners.LoadAsync(cancellationToken));
        },
        cancellationToken);

    private async Task<ChoiceOutcome> SetAsync(
        ReceivedClaim claim, ClaimMatching matching, Guid? chosen, AuditKind kind, Guid? subject, CancellationToken cancellationToken)
    {
        if (claim.ChosenPersonId == chosen)
        {
            return new ChoiceOutcome(claim.Month, IsPublished: false, IsUnchanged: true);
        }

        (claim.ChosenPersonId, claim.ChangedAt) = (chosen, clock.GetUtcNow());
        (claim.Match, claim.PersonId) = matching.Find(ClaimPatient.Of(claim));
        audit.Add(kind, subject, $"claim={claim.Id} month={claim.Month}");
        var isPublished = await db.MedicalCostLines.AnyAsync(
            l => l.ClaimId == claim.Id && l.PersonId != claim.PersonId && db.Publications.Any(p => p.Id == l.PublicationId && p.State == PublicationState.Published), cancellationToken);
        return new ChoiceOutcome(claim.Month, isPublished, IsUnchanged: false);
    }

    private async Task<ReceivedClaim> FindAsync(string number, TreatmentMonth? month, CancellationToken cancellationToken)
    {
        var named = db.ReceivedClaims.Where(c => c.Number == number && c.WithdrawnAt == null);
        if (month is { } only)
        {
            named = named.Where(c => c.Month == only);
        }

        var claims = await named.Take(100).ToListAsync(cancellationToken);
        if (claims.Count == 0)
        {
            throw new PortalInputException(ClaimChoiceText.NoClaim.With(PlainText.Shown(number, 40)));
        }

        return claims.Where(c => c.Match == ClaimMatch.Ambiguous || c.ChosenPersonId is not null).ToList() switch
        {
            [var claim] => claim,
            [] => throw new PortalInputException(ClaimChoiceText.NotWaiting.With(number)),
            _ => throw new PortalInputException(ClaimChoiceText.Several.With(number)),
        };
    }
}
