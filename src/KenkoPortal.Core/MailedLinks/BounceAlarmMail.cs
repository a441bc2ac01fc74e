using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>The alarm to the society's staff when many mails to one domain come back at once (row M11). It names domains and counts, no address.</summary>
public sealed class BounceAlarmMail(PortalContext db) : IMailTemplate
{
    public const string TemplateName = "bounce-alarm";

    public string Name => TemplateName;

    public async Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken)
    {
        var since = mail.QueuedAt.AddDays(-1);
        var domains = await db.BounceReports.Where(b => b.IsHeldBack && b.ReceivedAt > since && b.Domain != null).GroupBy(b => b.Domain!)
            .Select(g => new { Domain = g.Key, Mails = g.Select(b => b.MailId).Distinct().Count() }).OrderBy(d => d.Domain).ToListAsync(cancellationToken);
        var lines = string.Join('\n', domains.Select(d => BounceText.AlarmLine.With(d.Domain, d.Mails)));
        return new MailText(BounceText.AlarmSubject, BounceText.AlarmBody.With(society.Name, JapanTime.DateAndClock(mail.QueuedAt), lines));
    }
}
