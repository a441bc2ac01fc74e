using System.Globalization;
using KenkoPortal.Core.Publication;
using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>The pages of 医療費通知 that are measured, and what they must say.</summary>
internal sealed class MemberPages(NoticeArchive archive)
{
    /// <summary>The newest month's page.</summary>
    public string Month => $"/medical-costs/{archive.Newest}";

    /// <summary>The page of the newest year that is whole.</summary>
    public string Year => string.Create(CultureInfo.InvariantCulture, $"/medical-costs/{archive.WholeYear}");

    /// <summary>The accounts that have something to read on both.</summary>
    public IReadOnlyList<Tenant> Readers(Population population) => archive.Paying(population.Accounts, archive.Newest);

    /// <summary>Opens both pages as every member: each must tell what that member paid, and so is neither the way to the login nor another's.</summary>
    /// <returns>Milliseconds of each.</returns>
    public async Task<(IReadOnlyList<double> Month, IReadOnlyList<double> Year)> CheckAllAsync(Ground ground, PortalProcess portal, LoggedIn members) => (
        await members.CheckAsync(ground, portal, Month, m => NoticeWords.Yen(archive.PaidYen(m.Account.PersonId, archive.Newest)), members.Members.Count),
        await members.CheckAsync(ground, portal, Year, m => NoticeWords.Yen(archive.PaidYen(m.Account.PersonId)), members.Members.Count));
}
