using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Publication;

/// <summary>A month's notices of one person, as the help desk looks at them.</summary>
/// <param name="PersonId">Whose.</param>
/// <param name="Card">記号-番号-枝番 by which they were asked for.</param>
/// <param name="Version">The version.</param>
/// <param name="MedicalCosts">Its lines of 医療費通知, each with its claim's number.</param>
/// <param name="GenericDrugs">Its lines of ジェネリック通知.</param>
public sealed record ShownNotices(
    Guid PersonId, string Card, NoticeVersion Version, IReadOnlyList<(string? Number, MedicalCostLine Line)> MedicalCosts, IReadOnlyList<GenericDrugLine> GenericDrugs)
{
    /// <summary>The ids alone.</summary>
    public override string ToString() => $"{PersonId} {Version.Id}";
}

/// <summary>What the help desk sees of people's notices. Each look leaves an event about each person.</summary>
public sealed class NoticeSupport(PortalContext db, UnitOfWork work, AuditTrail audit)
{
    /// <param name="card">記号-番号 for all of the card, 記号-番号-枝番 for one. Where it can be read as both, the card that exists is meant.</param>
    /// <param name="month">The month.</param>
    /// <param name="isDraft">What was computed and is not published yet, in place of what members see.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>One for each person who ever held the card, by 枝番; nothing where the month is not published.</returns>
    /// <exception cref="PortalInputException">The card cannot be read, or nobody has it.</exception>
    public Task<IReadOnlyList<ShownNotices>> ShowAsync(string card, TreatmentMonth month, bool isDraft, CancellationToken cancellationToken) =>
        work.CommitAsync<IReadOnlyList<ShownNotices>>(
            async () =>
            {
                var holders = await HoldersAsync(card, cancellationToken);
                var state = isDraft ? PublicationState.Computed : PublicationState.Published;
                var publication = await db.Publications.AsNoTracking().SingleOrDefaultAsync(p => p.Month == month && p.State == state, cancellationToken);
                var shown = new List<ShownNotices>();
                foreach (var holder in holders)
                {
                    audit.Add(AuditKind.NoticesShown, holder.PersonId, string.Create(CultureInfo.InvariantCulture, $"month={month} state={state}"));
                    if (publication is not null)
                    {
                        shown.Add(await OfAsync(holder, publication, cancellationToken));
                    }
                }

                return shown;
            },
            cancellationToken);

    private async Task<ShownNotices> OfAsync(InsuranceCard holder, NoticeVersion publication, CancellationToken cancellationToken)
    {
        var costs = await db.MedicalCostLines.AsNoTracking()
            .Where(l => l.PublicationId == publication.Id && l.PersonId == holder.PersonId && l.Month == publication.Month).ToListAsync(cancellationToken);
        var drugs = await db.GenericDrugLines.AsNoTracking()
            .Where(l => l.PublicationId == publication.Id && l.PersonId == holder.PersonId && l.Month == publication.Month && l.Mark == null).ToListAsync(cancellationToken);
        var ids = costs.ConvertAll(l => l.ClaimId);
        var numbers = await db.ReceivedClaims.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Number }).ToDictionaryAsync(c => c.Id, c => c.Number, cancellationToken);
        return new ShownNotices(
            holder.PersonId,
            $"{holder.Symbol}-{holder.Number}-{holder.Branch}",
            publication,
            [.. costs.Select(l => (Number: numbers.GetValueOrDefault(l.ClaimId), Line: l)).OrderBy(l => l.Line.Care).ThenBy(l => l.Number, StringComparer.Ordinal)],
            [.. drugs.OrderByDescending(l => l.MostSavingYen).ThenBy(l => l.DrugCode, StringComparer.Ordinal)]);
    }

    private async Task<List<InsuranceCard>> HoldersAsync(string text, CancellationToken cancellationToken)
    {
        List<InsuranceCard> cards = [];
        var isCard = CardIdentity.TryParseHousehold(text, out var household);
        if (household is not null)
        {
            cards = await CardsAsync(household, cancellationToken);
        }

        if (cards.Count == 0 && CardIdentity.TryParsePerson(text, out var person))
        {
            isCard = true;
            cards = (await CardsAsync(person, cancellationToken)).FindAll(c => c.Branch == person.Branch!.Value);
        }

        if (!isCard)
        {
            throw new PortalInputException(PublicationText.CardForm);
        }

        return cards.Count == 0
            ? throw new PortalInputException(PublicationText.CardUnknown.With(PlainText.Shown(text, 40)))
            : [.. cards.GroupBy(c => c.PersonId).Select(g => g.MaxBy(c => c.ValidFrom)!).OrderBy(c => c.Branch, StringComparer.Ordinal).ThenBy(c => c.ValidFrom)];
    }

    private Task<List<InsuranceCard>> CardsAsync(CardIdentity card, CancellationToken cancellationToken)
    {
        var (symbol, number) = (card.Symbol.Key, card.Number.Key);
        return db.InsuranceCards.AsNoTracking().Where(c => c.SymbolKey == symbol && c.NumberKey == number).ToListAsync(cancellationToken);
    }
}
