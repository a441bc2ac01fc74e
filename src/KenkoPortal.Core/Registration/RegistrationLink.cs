using KenkoPortal.Core.Mail;

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

    public bool MustWaitAt(DateTimeOffset now) => LastAttemptAt is { } last && now - last < SlowPace;

    /// <summary>Whether a person of this household may use the link.</summary>
    public bool Serves(Guid householdId) => HouseholdId is null || HouseholdId == householdId;

    public void BindTo(Guid householdId) => HouseholdId ??= householdId;
}
