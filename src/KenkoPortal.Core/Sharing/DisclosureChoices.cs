using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Sharing;

/// <summary>Stores what people choose in 世帯内への公開設定, and what they start with (row Z9). It must run inside a unit of work.</summary>
public sealed class DisclosureChoices(PortalContext db, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Stores a choice, also one that changes nothing: nobody could tell it from no choice later. A choice that stands is not stored again.</summary>
    public async Task ChooseAsync(Person person, PersonSwitches wanted, Guid byPersonId, CancellationToken cancellationToken)
    {
        var standing = await db.DisclosureSettings.Where(d => d.PersonId == person.Id && d.Until == null).ToListAsync(cancellationToken);
        foreach (var kind in Enum.GetValues<NoticeKind>())
        {
            var (isOpen, current) = (wanted.Discloses(kind), standing.FindAll(d => d.Kind == kind));
            if (current is not [var only] || !only.IsChoice(isOpen, person.HouseholdId, byPersonId))
            {
                current.ForEach(d => d.Until = clock.GetUtcNow());
                Begin(person, kind, isOpen, byPersonId, DisclosureCause.Chosen);
            }
        }
    }

    /// <summary>Closes both kinds for a person who objects, with an account or without: no start value opens them later. They can open them again themself.</summary>
    public async Task ObjectAsync(Person person, CancellationToken cancellationToken)
    {
        foreach (var current in await db.DisclosureSettings.Where(d => d.PersonId == person.Id && d.Until == null).ToListAsync(cancellationToken))
        {
            current.Until = clock.GetUtcNow();
        }

        foreach (var kind in Enum.GetValues<NoticeKind>())
        {
            Begin(person, kind, isOpen: false, person.Id, DisclosureCause.Objection);
        }
    }

    /// <summary>
    /// Stores what a person who registers starts with. The society's start value opens nobody for whom anything was stored before, who is protected or
    /// who has left; and it counts only if it held when the form was opened, as the form said.
    /// </summary>
    /// <param name="person">Who registers, locked: a list that protects them at the same moment comes before or after.</param>
    /// <param name="shownAt">When the registration form was opened.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task StartAsync(Person person, DateTimeOffset shownAt, CancellationToken cancellationToken)
    {
        var stored = await db.DisclosureSettings.Where(d => d.PersonId == person.Id).Select(d => d.Kind).Distinct().ToListAsync(cancellationToken);
        var isOpen = stored.Count == 0 && IsStartOpen(person, shownAt);
        foreach (var kind in Enum.GetValues<NoticeKind>().Except(stored))
        {
            Begin(person, kind, isOpen, person.Id, DisclosureCause.StartValue);
        }
    }

    /// <summary>Whether a person who opened the registration form then, and for whom nothing was stored, starts with 公開する.</summary>
    public bool IsStartOpen(Person person, DateTimeOffset shownAt) =>
        db.Current.Society.StartsOpenOn(JapanTime.DateOf(shownAt)) && !person.IsProtected && person.IsMemberOn(JapanTime.DateOf(clock.GetUtcNow()));

    private void Begin(Person person, NoticeKind kind, bool isOpen, Guid byPersonId, DisclosureCause cause)
    {
        db.DisclosureSettings.Add(new DisclosureSetting
        {
            SocietyId = db.SocietyId,
            PersonId = person.Id,
            HouseholdId = person.HouseholdId,
            Kind = kind,
            IsOpen = isOpen,
            From = clock.GetUtcNow(),
            SetByPersonId = byPersonId,
            Cause = cause,
        });
        audit.Add(isOpen ? AuditKind.DisclosureOpened : AuditKind.DisclosureClosed, person.Id, $"kind={kind} cause={cause}");
    }
}
