namespace KenkoPortal.Core.Accounts;

/// <summary>
/// How often on one day, Japan's, a member, or who registers with a letter, was told that a login ID is taken. Each such answer tells of somebody else's
/// account, so that there is an end to them (row A1).
/// </summary>
public sealed class TakenLoginIds
{
    public const int MostPerDay = 10;

    public int Count { get; private set; }
    public DateOnly? Day { get; private set; }

    public bool AreUsedUpOn(DateOnly today) => Day == today && Count >= MostPerDay;

    public void CountOn(DateOnly today) => (Day, Count) = (today, Day == today ? Count + 1 : 1);
}
