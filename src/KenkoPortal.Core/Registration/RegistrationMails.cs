using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Letters;
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

/// <summary>The answer to an empty mail whose sender is not certainly the asker's own address: it leads to the web form and holds no link of its own (row M13).</summary>
public sealed class RegistrationFormMail : IMailTemplate
{
    public const string TemplateName = "registration-form";

    public string Name => TemplateName;

    public Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken) => Task.FromResult<MailText?>(new(
        RegistrationMailText.FormSubject,
        RegistrationMailText.FormBody.With(society.Name, society.Url("/register"))));
}

/// <summary>「利用登録完了のご案内」.</summary>
public sealed class RegisteredMail : IMailTemplate
{
    public const string TemplateName = "registered";

    public string Name => TemplateName;

    public Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken) => Task.FromResult<MailText?>(new(
        RegistrationMailText.RegisteredSubject,
        RegistrationMailText.RegisteredBody.With(society.Name, society.Url("/login"), ContactOf(society))));

    /// <summary>Where to call when somebody else did it.</summary>
    internal static string ContactOf(Society society) =>
        society.Tel is { Length: > 0 } tel ? RegistrationMailText.ContactTel.With(society.Name, tel) : society.Name;
}

/// <summary>「ご利用再設定完了のご案内」, to the new address after a 再設定のご案内.</summary>
public sealed class RecoveredMail(PortalContext db) : IMailTemplate
{
    public const string TemplateName = "recovered";

    public string Name => TemplateName;

    public async Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken)
    {
        var isHeld = await db.MemberAccounts.AnyAsync(a => a.Id == mail.AccountId && a.NoticesHeldSince != null, cancellationToken);
        var body = RegistrationMailText.RecoveredBody.With(
            society.Name, society.Url("/login"), isHeld ? RegistrationMailText.RecoveredHeld : "", RegisteredMail.ContactOf(society));
        return new MailText(RegistrationMailText.RecoveredSubject, body);
    }
}

/// <summary>Tells an older address that the account was set anew, so that its owner can object before notices open (<see cref="NoticeHold"/>).</summary>
public sealed class RecoveryToldMail : IMailTemplate
{
    public const string TemplateName = NoticeHold.ToldTemplate;

    public string Name => TemplateName;

    public Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken) => Task.FromResult<MailText?>(new(
        RegistrationMailText.RecoveryToldSubject,
        RegistrationMailText.RecoveryToldBody.With(society.Name, JapanTime.DateAndClock(mail.QueuedAt), RegisteredMail.ContactOf(society))));
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
