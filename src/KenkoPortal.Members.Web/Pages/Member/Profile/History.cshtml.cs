using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.MemberSessions;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Members.Web.Pages.Member.Profile;

/// <summary>「世帯内への公開設定の履歴」: since when what was disclosed, of oneself and of the children one acts for.</summary>
public sealed class HistoryModel(ProfileService profiles, Visibility visibility, PortalContext db) : PortalPage
{
    public IReadOnlyList<Entry> Entries { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var self = HttpContext.Member().PersonId;
        var household = await visibility.HouseholdAsync(self, Aborted);
        var persons = household.Where(m => m.IsSelf || m.MayActFor).ToDictionary(m => m.PersonId, m => m.Nickname);
        var settings = await db.DisclosureSettings.AsNoTracking().Where(d => persons.Keys.Contains(d.PersonId)).OrderByDescending(d => d.From).ThenBy(d => d.Kind).ThenBy(d => d.Id).ToListAsync(Aborted);
        await profiles.RecordLooksAsync([.. settings.Select(s => s.PersonId).Where(id => id != self).Distinct()], Aborted);
        Entries = [.. settings.Select(s => new Entry(s.From, s.Until, persons[s.PersonId], s.Kind, s.IsOpen, s.Cause, s.SetByPersonId == s.PersonId))];
    }

    public sealed record Entry(DateTimeOffset From, DateTimeOffset? Until, string Nickname, NoticeKind Kind, bool IsOpen, DisclosureCause Cause, bool IsByOwner);
}
