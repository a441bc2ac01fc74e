using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Registration;

/// <summary>「利用登録手続きのご案内」.</summary>
public sealed class RegistrationLinkMail(PortalContext db, PortalKeys keys) : IMailTemplate
{
    public const string TemplateName = "registration-link";

    public string Name => TemplateName;

    public async Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken)
    {
        var link = await db.RegistrationLinks.AsNoTracking().SingleOrDefaultAsync(l => l.Id == mail.SubjectId, cancellationToken);
        if (link is null || link.EndedAt is not null)
        {
            return null;
        }

        var url = society.Url("/c/" + keys.Token(KeyPurpose.RegistrationLink, link.Id));
        var body = RegistrationMailText.LinkBody.With(society.Name, url, JapanTime.Clock(link.ExpiresAt));
        return new MailText(RegistrationMailText.LinkSubject, body);
    }
}

/// <summary>「利用登録完了のご案内」.</summary>
public sealed class RegisteredMail : IMailTemplate
{
    public const string TemplateName = "registered";

    public string Name => TemplateName;

    public Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken) => Task.FromResult<MailText?>(new(
        RegistrationMailText.RegisteredSubject,
        RegistrationMailText.RegisteredBody.With(society.Name, society.Url("/login"))));
}

/// <summary>The alarm to the society's staff when provisional logins fail in numbers (row A7).</summary>
public sealed class StaffAlarmMail : IMailTemplate
{
    public const string TemplateName = "staff-alarm";

    public string Name => TemplateName;

    public Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken) => Task.FromResult<MailText?>(new(
        RegistrationMailText.AlarmSubject,
        RegistrationMailText.AlarmBody.With(society.Name, ProvisionalFailure.BudgetPerHour, JapanTime.DateAndClock(mail.QueuedAt))));
}
