using System.Globalization;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Audit;

/// <summary>Which events are looked for.</summary>
/// <param name="From">From this moment.</param>
/// <param name="To">Before this moment.</param>
/// <param name="PersonId">About this person or their account.</param>
/// <param name="Kind">Of this kind.</param>
/// <param name="Most">The newest so many.</param>
public sealed record AuditQuestion(DateTimeOffset? From, DateTimeOffset? To, Guid? PersonId, AuditKind? Kind, int Most);

/// <summary>An event as staff see it.</summary>
/// <param name="Event">What was done.</param>
/// <param name="ActorCard">記号-番号-枝番 of whose account acted, for staff to find them.</param>
public sealed record ShownEvent(AuditEvent Event, string? ActorCard)
{
    /// <summary>The ids alone: a record's own ToString would carry the card into whatever logs it.</summary>
    public override string ToString() => $"{Event.Id}";
}

/// <summary>Answers who did what: above all, who looked at a person's notices. Whoever looks leaves an event too (row G2).</summary>
public sealed class AuditReading(PortalContext db, UnitOfWork work, AuditTrail audit)
{
    private const string AccountActor = "account:";

    /// <returns>The newest first.</returns>
    public Task<IReadOnlyList<ShownEvent>> ListAsync(AuditQuestion question, CancellationToken cancellationToken) => work.CommitAsync<IReadOnlyList<ShownEvent>>(
        async () =>
        {
            var events = await EventsAsync(question, cancellationToken);
            audit.Add(AuditKind.AuditShown, question.PersonId, string.Create(
                CultureInfo.InvariantCulture, $"events={events.Count}{(question.Kind is { } kind ? $" kind={kind}" : "")}{(question.From is { } from ? $" from={from:yyyyMMddHHmm}" : "")}"));
            var cards = await CardsAsync(events, cancellationToken);
            return events.ConvertAll(e => new ShownEvent(e, AccountOf(e) is { } account ? cards.GetValueOrDefault(account) : null));
        },
        cancellationToken);

    private async Task<List<AuditEvent>> EventsAsync(AuditQuestion question, CancellationToken cancellationToken)
    {
        var events = db.AuditEvents.AsNoTracking();
        if (question.From is { } from)
        {
            events = events.Where(e => e.At >= from);
        }

        if (question.To is { } to)
        {
            events = events.Where(e => e.At < to);
        }

        if (question.Kind is { } kind)
        {
            events = events.Where(e => e.Kind == kind);
        }

        if (question.PersonId is { } person)
        {
            var subjects = await db.MemberAccounts.Where(a => a.PersonId == person).Select(a => (Guid?)a.Id).ToListAsync(cancellationToken);
            subjects.Add(person);
            events = events.Where(e => subjects.Contains(e.SubjectId));
        }

        return await events.OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(question.Most).ToListAsync(cancellationToken);
    }

    private async Task<Dictionary<Guid, string>> CardsAsync(List<AuditEvent> events, CancellationToken cancellationToken)
    {
        var accounts = events.Select(AccountOf).OfType<Guid>().Distinct().ToArray();
        var cards = await (
            from account in db.MemberAccounts.AsNoTracking()
            where EF.Parameter(accounts).Contains(account.Id)
            join card in db.InsuranceCards.AsNoTracking() on account.PersonId equals card.PersonId
            select new { account.Id, card.Symbol, card.Number, card.Branch, card.ValidFrom, IsHeld = card.ValidTo == null }).ToListAsync(cancellationToken);
        return cards.GroupBy(c => c.Id).Select(g => g.MaxBy(c => (c.IsHeld, c.ValidFrom))!).ToDictionary(c => c.Id, c => $"{c.Symbol}-{c.Number}-{c.Branch}");
    }

    private static Guid? AccountOf(AuditEvent e) =>
        e.Actor.StartsWith(AccountActor, StringComparison.Ordinal) && Guid.TryParse(e.Actor.AsSpan(AccountActor.Length), out var account) ? account : null;
}
