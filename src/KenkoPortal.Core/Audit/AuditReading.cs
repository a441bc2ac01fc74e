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

    /// <summary>How <see cref="AuditKind.AccountRemoved"/> names the account; its subject is the person.</summary>
    private const string AccountDetail = "account=";

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
            subjects.AddRange((await RemovedAsync(cancellationToken)).Where(removed => removed.Value == person).Select(removed => (Guid?)removed.Key));
            subjects.Add(person);
            events = events.Where(e => subjects.Contains(e.SubjectId));
        }

        return await events.OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(question.Most).ToListAsync(cancellationToken);
    }

    /// <summary>Of each account the card of its person, removed ones too.</summary>
    private async Task<Dictionary<Guid, string>> CardsAsync(List<AuditEvent> events, CancellationToken cancellationToken)
    {
        var accounts = events.Select(AccountOf).OfType<Guid>().Distinct().ToArray();
        var people = await db.MemberAccounts.AsNoTracking().Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.PersonId, cancellationToken);
        if (people.Count < accounts.Length)
        {
            foreach (var (account, person) in await RemovedAsync(cancellationToken))
            {
                people.TryAdd(account, person);
            }
        }

        var ids = people.Values.Distinct().ToArray();
        var cards = (await db.InsuranceCards.AsNoTracking().Where(c => ids.Contains(c.PersonId)).ToListAsync(cancellationToken))
            .GroupBy(c => c.PersonId).Select(g => g.MaxBy(c => (c.ValidTo is null, c.ValidFrom))!).ToDictionary(c => c.PersonId, c => $"{c.Symbol}-{c.Number}-{c.Branch}");
        return people.Where(owner => cards.ContainsKey(owner.Value)).ToDictionary(owner => owner.Key, owner => cards[owner.Value]);
    }

    /// <summary>Accounts that were taken away, with their people: the events alone still know.</summary>
    private async Task<Dictionary<Guid, Guid>> RemovedAsync(CancellationToken cancellationToken)
    {
        var removed = new Dictionary<Guid, Guid>();
        foreach (var e in await db.AuditEvents.AsNoTracking().Where(e => e.Kind == AuditKind.AccountRemoved).ToListAsync(cancellationToken))
        {
            if (e is { SubjectId: { } person, Detail: { Length: >= 44 } detail } && Guid.TryParse(detail.AsSpan(AccountDetail.Length, 36), out var account))
            {
                removed[account] = person;
            }
        }

        return removed;
    }

    private static Guid? AccountOf(AuditEvent e) =>
        e.Actor.StartsWith(AccountActor, StringComparison.Ordinal) && Guid.TryParse(e.Actor.AsSpan(AccountActor.Length), out var account) ? account : null;
}
