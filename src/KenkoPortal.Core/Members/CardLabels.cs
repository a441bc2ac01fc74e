using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Members;

/// <summary>How staff are told of a person: by 記号-番号-枝番 of the card that they have, or had last.</summary>
public static class CardLabels
{
    /// <summary>The labels of those who have one.</summary>
    public static async Task<Dictionary<Guid, string>> OfAsync(PortalContext db, IReadOnlyCollection<Guid> people, CancellationToken cancellationToken) =>
        (await db.InsuranceCards.AsNoTracking().Where(c => people.Contains(c.PersonId)).ToListAsync(cancellationToken))
            .GroupBy(c => c.PersonId).ToDictionary(g => g.Key, g => Of(g.MaxBy(c => (c.ValidTo is null, c.ValidFrom))!));

    /// <summary>記号-番号-枝番 of one card.</summary>
    public static string Of(InsuranceCard card) => $"{card.Symbol}-{card.Number}-{card.Branch}";
}
