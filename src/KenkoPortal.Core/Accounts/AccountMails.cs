using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>「メールアドレス確認のご案内」, to a new address.</summary>
public sealed class AddressConfirmationMail(PortalContext db, PortalKeys keys) : IMailTemplate
{
    public const string TemplateName = "address-confirmation";

    public string Name => TemplateName;

    public async Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken)
    {
        var link = await db.AddressConfirmations.AsNoTracking().SingleOrDefaultAsync(l => l.Id == mail.SubjectId, cancellationToken);
        if (link is null || link.EndedAt is not null)
        {
            return null;
        }

        var url = society.Url("/c/" + keys.Token(KeyPurpose.AddressLink, link.Id));
        return new MailText(
            AccountMailText.AddressSubject,
            AccountMailText.AddressBody.With(society.Name, url, JapanTime.Clock(link.ExpiresAt)));
    }
}

/// <summary>Tells that the password changed, without contents (row A16).</summary>
public sealed class PasswordChangedMail : IMailTemplate
{
    public const string TemplateName = "password-changed";

    public string Name => TemplateName;

    public Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken) => Task.FromResult<MailText?>(new(
        AccountMailText.PasswordChangedSubject,
        AccountMailText.PasswordChangedBody.With(society.Name, JapanTime.DateAndClock(mail.QueuedAt), society.Url("/login"))));
}

/// <summary>Tells that ID, addresses or disclosure changed, without contents (row A16).</summary>
public sealed class ProfileChangedMail : IMailTemplate
{
    public const string TemplateName = "profile-changed";

    public string Name => TemplateName;

    public Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken) => Task.FromResult<MailText?>(new(
        AccountMailText.ProfileChangedSubject,
        AccountMailText.ProfileChangedBody.With(society.Name, JapanTime.DateAndClock(mail.QueuedAt), society.Url("/login"))));
}

/// <summary>Tells that a new address was asked for and waits; nothing has changed yet (rows A16, L10).</summary>
public sealed class AddressAskedMail : IMailTemplate
{
    public const string TemplateName = "address-asked";

    public string Name => TemplateName;

    public Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken) => Task.FromResult<MailText?>(new(
        AccountMailText.AddressAskedSubject,
        AccountMailText.AddressAskedBody.With(society.Name, JapanTime.DateAndClock(mail.QueuedAt), society.Url("/login"))));
}

/// <summary>Tells that the society took the account away (row A16).</summary>
public sealed class AccountRemovedMail : IMailTemplate
{
    public const string TemplateName = "account-removed";

    public string Name => TemplateName;

    public Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken) => Task.FromResult<MailText?>(new(
        AccountMailText.AccountRemovedSubject,
        AccountMailText.AccountRemovedBody.With(society.Name, JapanTime.DateAndClock(mail.QueuedAt))));
}
