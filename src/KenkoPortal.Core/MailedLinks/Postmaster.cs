using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Mail;
using KenkoPortal.Core.Societies;
using KenkoPortal.Smtp;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>The mailboxes that each mail domain has for its administrators (RFC 5321 §4.5.1, RFC 2142 §4).</summary>
public static class Postmaster
{
    public const string Name = RecipientQuestion.Postmaster;

    /// <summary>Is the part before the @ such a mailbox?</summary>
    public static bool IsOne(string localPart) => localPart.Equals(Name, StringComparison.OrdinalIgnoreCase) || localPart.Equals("abuse", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A mail to the postmaster forwarded to the society's staff: the beginning of its source as text, marked line by line, nothing of it run or opened.</summary>
/// <remarks>Like all of our mail it says <c>Auto-Submitted</c>, and mail that says so is not forwarded: two postmasters never talk to each other.</remarks>
public sealed class PostmasterForward(PortalContext db) : IMailTemplate
{
    public const string TemplateName = "postmaster-mail";

    public string Name => TemplateName;

    public async Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken)
    {
        var received = await db.PostmasterMails.AsNoTracking().SingleOrDefaultAsync(m => m.Id == mail.SubjectId, cancellationToken);
        if (received is null)
        {
            return null;
        }

        var quoted = string.Join('\n', received.Source.TrimEnd('\n').Split('\n').Select(line => "> " + line));
        return new MailText(InboundMailText.PostmasterSubject, InboundMailText.PostmasterBody.With(society.Name, JapanTime.DateAndClock(received.ReceivedAt), quoted));
    }
}

/// <summary>The alarm to the society's staff when asks wait since the society's cap of an hour is full (row M12).</summary>
public sealed class AsksWaitMail : IMailTemplate
{
    public const string TemplateName = "asks-wait";

    public string Name => TemplateName;

    public Task<MailText?> WriteAsync(OutboxMail mail, Society society, CancellationToken cancellationToken) => Task.FromResult<MailText?>(new(
        InboundMailText.AsksWaitSubject,
        InboundMailText.AsksWaitBody.With(society.Name, JapanTime.DateAndClock(mail.QueuedAt))));
}
