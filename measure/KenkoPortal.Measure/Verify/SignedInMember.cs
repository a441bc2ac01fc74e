using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Measure.Support;
using KenkoPortal.Members.Web.Pages;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>A member with an account, and a browser that is logged in.</summary>
internal sealed class SignedInMember
{
    private SignedInMember(Guid accountId, string loginId, string nickname, Visitor browser) =>
        (AccountId, LoginId, Nickname, Browser) = (accountId, loginId, nickname, browser);

    public Guid AccountId { get; }

    public string LoginId { get; }

    /// <summary>Stands on every page that only the member may see.</summary>
    public string Nickname { get; }

    public Visitor Browser { get; }

    /// <summary>Writes the account of a new person.</summary>
    /// <returns>The account's id.</returns>
    public static async Task<Guid> AddAsync(Stage stage, string loginId, string nickname, string passwordHash)
    {
        var person = (await stage.People.AddHouseholdAsync(_ => { }, "本人"))[0];
        var now = TimeProvider.System.GetUtcNow();
        var account = new MemberAccount
        {
            SocietyId = stage.Society.Id, PersonId = person.Id, LoginId = loginId, LoginIdKey = Core.Accounts.LoginId.KeyOf(loginId),
            PasswordHash = passwordHash, Nickname = nickname, CreatedAt = now,
        };
        await stage.People.WriteAsync(db =>
        {
            db.MemberAccounts.Add(account);
            db.AccountMailAddresses.Add(new AccountMailAddress
            {
                SocietyId = stage.Society.Id, AccountId = account.Id, Slot = 1, ConfirmedAt = now,
                Address = $"{loginId}@member.test", AddressKey = $"{loginId}@member.test",
            });
        });
        return account.Id;
    }

    /// <summary>Adds one and logs in through the front door.</summary>
    /// <param name="stage">A stage whose portal serves.</param>
    /// <param name="passwordHash">Of <see cref="Journeys.Password"/>.</param>
    /// <param name="patience">How long its browser waits for an answer.</param>
    public static async Task<SignedInMember> LogInAsync(Stage stage, string passwordHash, TimeSpan patience)
    {
        const string Id = "member-0000";
        const string Name = "みなとのひと";
        var id = await AddAsync(stage, Id, Name, passwordHash);
        var browser = stage.Surfer.Browser(patience);
        var home = await browser.LogInAsync(Id);
        return home.Status == HttpStatusCode.OK && home.Path == PageRoutes.Home
            ? new SignedInMember(id, Id, Name, browser)
            : throw new MeasureException($"the member could not log in: {(int)home.Status} {home.Path}");
    }
}
