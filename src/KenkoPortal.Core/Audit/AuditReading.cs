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

/// <summary>A person as they are called when the events are read.</summary>
/// <param name="Name">氏名.</param>
/// <param name="Card">記号-番号-枝番, for staff to find them.</param>
public sealed record NamedPerson(string Name, string? Card)
{
    /// <summary>Nothing: a record's own ToString would carry the name into whatever logs it.</summary>
    public override string ToString() => nameof(NamedPerson);
}

/// <summary>An event as staff see it, with the names of the moment of reading: the event itself holds ids alone.</summary>
/// <param name="Event">What was done.</param>
/// <param name="By">Whose account acted.</param>
/// <param name="About">Whom it was done to.</param>
/// <param name="Thing">The title of the article that it was done to.</param>
public sealed record ShownEvent(AuditEvent Event, NamedPerson? By, NamedPerson? About, string? Thing)
{
    /// <summary>The ids alone: a record's own ToString would carry names into whatever logs it.</summary>
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
            return await NameAsync(events, cancellationToken);
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
            var subjects = await SubjectsOfAsync(person, cancellationToken);
            events = events.Where(e => subjects.Contains(e.SubjectId));
        }

        return await events.OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(question.Most).ToListAsync(cancellationToken);
    }

    /// <summary>The person, and what of theirs is the subject of events: accounts, removed ones too, letters, and what their mails led to.</summary>
    private async Task<List<Guid?>> SubjectsOfAsync(Guid person, CancellationToken cancellationToken)
    {
        var accounts = await db.MemberAccounts.Where(a => a.PersonId == person).Select(a => a.Id).ToListAsync(cancellationToken);
        HashSet<Guid> same = [person, .. (await JoinedAsync(cancellationToken)).Where(joined => joined.Value == person).Select(joined => joined.Key)];
        accounts.AddRange((await RemovedAsync(cancellationToken)).Where(removed => same.Contains(removed.Value)).Select(removed => removed.Key));
        return
        [
            .. same.Select(id => (Guid?)id),
            .. accounts.Select(id => (Guid?)id),
            .. await db.ProvisionalCredentials.AsNoTracking().Where(c => c.PersonId == person).Select(c => (Guid?)c.Id).ToListAsync(cancellationToken),
            .. await db.ReissueRequests.AsNoTracking().Where(r => accounts.Contains(r.AccountId)).Select(r => (Guid?)r.Id).ToListAsync(cancellationToken),
            .. await db.AddressConfirmations.AsNoTracking().Where(c => accounts.Contains(c.AccountId)).Select(c => (Guid?)c.Id).ToListAsync(cancellationToken),
            .. await db.AccountMailAddresses.AsNoTracking().Where(a => accounts.Contains(a.AccountId)).Select(a => (Guid?)a.Id).ToListAsync(cancellationToken),
        ];
    }

    private async Task<IReadOnlyList<ShownEvent>> NameAsync(List<AuditEvent> events, CancellationToken cancellationToken)
    {
        var subjects = events.Select(e => e.SubjectId).OfType<Guid>().Distinct().ToArray();
        var accounts = await AccountsOfAsync(subjects, cancellationToken);
        var people = await db.ProvisionalCredentials.AsNoTracking().Where(c => subjects.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.PersonId, cancellationToken);
        foreach (var claim in await db.ReceivedClaims.AsNoTracking().Where(c => subjects.Contains(c.Id) && c.PersonId != null).Select(c => new { c.Id, c.PersonId }).ToListAsync(cancellationToken))
        {
            people.TryAdd(claim.Id, claim.PersonId!.Value);
        }

        var owners = await OwnersAsync([.. accounts.Values, .. events.Select(AccountOf).OfType<Guid>(), .. subjects], cancellationToken);
        var joined = await JoinedAsync(cancellationToken);
        var named = await NamesAsync([.. people.Values, .. owners.Values, .. subjects, .. joined.Values], cancellationToken);
        var titles = await db.Articles.AsNoTracking().Where(a => subjects.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Title, cancellationToken);
        return events.ConvertAll(e => new ShownEvent(
            e,
            AccountOf(e) is { } account && owners.TryGetValue(account, out var actor) ? named.GetValueOrDefault(Now(actor)) : null,
            e.SubjectId is { } subject ? named.GetValueOrDefault(Now(PersonOf(subject))) : null,
            e.SubjectId is { } thing ? titles.GetValueOrDefault(thing) : null));

        Guid Now(Guid person) => joined.GetValueOrDefault(person, person);

        Guid PersonOf(Guid subject) => people.TryGetValue(subject, out var person) || owners.TryGetValue(accounts.GetValueOrDefault(subject, subject), out person) ? person : subject;
    }

    /// <summary>Of what hangs on an account, the account.</summary>
    private async Task<Dictionary<Guid, Guid>> AccountsOfAsync(Guid[] subjects, CancellationToken cancellationToken)
    {
        var found = await db.ReissueRequests.AsNoTracking().Where(r => subjects.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.AccountId, cancellationToken);
        foreach (var (id, account) in await db.AddressConfirmations.AsNoTracking().Where(c => subjects.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.AccountId, cancellationToken))
        {
            found[id] = account;
        }

        foreach (var (id, account) in await db.AccountMailAddresses.AsNoTracking().Where(a => subjects.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.AccountId, cancellationToken))
        {
            found[id] = account;
        }

        return found;
    }

    /// <summary>Of each account its person, removed ones too.</summary>
    private async Task<Dictionary<Guid, Guid>> OwnersAsync(Guid[] accounts, CancellationToken cancellationToken)
    {
        var people = await db.MemberAccounts.AsNoTracking().Where(a => accounts.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.PersonId, cancellationToken);
        foreach (var (account, person) in await RemovedAsync(cancellationToken))
        {
            people.TryAdd(account, person);
        }

        return people;
    }

    private async Task<Dictionary<Guid, NamedPerson>> NamesAsync(Guid[] persons, CancellationToken cancellationToken)
    {
        var ids = persons.Distinct().ToArray();
        var cards = (await db.InsuranceCards.AsNoTracking().Where(c => ids.Contains(c.PersonId)).ToListAsync(cancellationToken))
            .GroupBy(c => c.PersonId).Select(g => g.MaxBy(c => (c.ValidTo is null, c.ValidFrom))!).ToDictionary(c => c.PersonId, c => $"{c.Symbol}-{c.Number}-{c.Branch}");
        return (await db.Persons.Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.Name }).ToListAsync(cancellationToken))
            .ToDictionary(p => p.Id, p => new NamedPerson(p.Name, cards.GetValueOrDefault(p.Id)));
    }

    /// <summary>Of people whom staff made one with another, that other: events name them as they were.</summary>
    private async Task<Dictionary<Guid, Guid>> JoinedAsync(CancellationToken cancellationToken)
    {
        var joins = await db.PersonJoins.AsNoTracking().Where(j => j.UndoneAt == null).ToDictionaryAsync(j => j.GoneId, j => j.StayedId, cancellationToken);
        foreach (var gone in joins.Keys.ToList())
        {
            while (joins.TryGetValue(joins[gone], out var further))
            {
                joins[gone] = further;
            }
        }

        return joins;
    }

    /// <summary>Accounts that were taken away, with their people: the events alone still know.</summary>
    private async Task<Dictionary<Guid, Guid>> RemovedAsync(CancellationToken cancellationToken) => await db.AuditEvents.AsNoTracking()
        .Where(e => e.Kind == AuditKind.AccountRemoved && e.SubjectId != null && e.OtherId != null)
        .ToDictionaryAsync(e => e.OtherId!.Value, e => e.SubjectId!.Value, cancellationToken);

    private static Guid? AccountOf(AuditEvent e) =>
        e.Actor.StartsWith(AccountActor, StringComparison.Ordinal) && Guid.TryParse(e.Actor.AsSpan(AccountActor.Length), out var account) ? account : null;
}
