using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Core.Members;

namespace KenkoPortal.Core.Registration;

/// <summary>
/// The link of a 利用登録手続きのご案内 mail. It proves the address; the letter's credentials prove the person. Its states are in README.md.
/// </summary>
public sealed class RegistrationLink : MailedLink
{
    /// <summary>The pace of attempts under one link while the society's failure budget is used up (row A7).</summary>
    private static readonly TimeSpan SlowPace = TimeSpan.FromSeconds(30);

    public required string Address { get; init; }

    /// <summary>The address without regard to case: a newer link that was sent to it ends this one.</summary>
    public required string AddressKey { get; init; }

    /// <summary>Bound by the first provisional login that succeeds.</summary>
    public Guid? HouseholdId { get; private set; }

    /// <summary>Whose credentials bound it.</summary>
    public Guid? BoundByPersonId { get; private set; }

    public bool MustWaitAt(DateTimeOffset now) => LastAttemptAt is { } last && now - last < SlowPace;

    /// <summary>Whether a person may use the link: one of its household, or, where their letter is for them alone, nobody but who bound it.</summary>
    /// <param name="person">Who.</param>
    /// <param name="isAlone">Their credentials are good under a mail of their own only.</param>
    public bool Serves(Person person, bool isAlone) =>
        HouseholdId is null || (HouseholdId == person.HouseholdId && (!isAlone || BoundByPersonId == person.Id));

    public void BindTo(Person person)
    {
        if (HouseholdId is null)
        {
            (HouseholdId, BoundByPersonId) = (person.HouseholdId, person.Id);
        }
    }
}
