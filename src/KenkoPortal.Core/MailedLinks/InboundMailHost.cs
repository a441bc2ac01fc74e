using KenkoPortal.Core.Common;
using KenkoPortal.Smtp;

namespace KenkoPortal.Core.MailedLinks;

/// <summary>Judges one recipient of an incoming mail.</summary>
public delegate ValueTask<RecipientVerdict> RecipientJudge(RecipientQuestion question, CancellationToken cancellationToken);

/// <summary>What the SMTP server asks of the portal: reads addresses, judges recipients, and makes an <see cref="Envelope"/> of each message.</summary>
/// <param name="judge">Judges a recipient; it must not cache what other processes may change.</param>
/// <param name="keep">Puts an envelope on disk before it returns true.</param>
public sealed class InboundMailHost(RecipientJudge judge, Func<Envelope, CancellationToken, ValueTask<bool>> keep) : ISmtpHost
{
    /// <summary>Size of a bounce that is read as a delivery report, in bytes; a longer one is taken and says nothing.</summary>
    private const int MaxReportBytes = 256 * 1024;

    public string? ReadSender(string path) => EmailAddress.TryParseSmtp(path, oneLabel: false, out var sender) ? sender.Value : null;

    public string? ReadRecipient(string path) => EmailAddress.TryParseSmtp(path, oneLabel: true, out var recipient) ? recipient.Value : null;

    public ValueTask<RecipientVerdict> JudgeAsync(RecipientQuestion question, CancellationToken cancellationToken) => judge(question, cancellationToken);

    public IMessageSink Begin(MailTransaction mail) => new Message(mail, keep);

    private sealed class Message : IMessageSink
    {
        private readonly Func<Envelope, CancellationToken, ValueTask<bool>> _keep;
        private readonly EmailAddress? _sender;
        private readonly List<EmailAddress> _recipients;
        private readonly MessageFacts _facts;
        private readonly MessageSource? _source;

        public Message(MailTransaction mail, Func<Envelope, CancellationToken, ValueTask<bool>> keep)
        {
            _keep = keep;
            _sender = mail.Sender is null ? null : EmailAddress.Parse(mail.Sender);
            _recipients = [.. mail.Recipients.Select(EmailAddress.Parse)];
            var mayBeReport = mail.TakesReport && (_sender is null || AutomaticSender.IsDaemon(_sender.LocalPart));
            _facts = new MessageFacts(mayBeReport ? MaxReportBytes : 0);
            _source = _recipients.Exists(r => Postmaster.IsOne(r.LocalPart)) ? new MessageSource() : null;
        }

        public void AddLine(ReadOnlySpan<byte> line)
        {
            _facts.AddLine(line);
            _source?.AddLine(line);
        }

        public ValueTask<bool> KeepAsync(CancellationToken cancellationToken)
        {
            _facts.Finish();
            return _keep(new Envelope(_sender, _recipients, _facts.Signs, _facts.Report) { Author = _facts.Author, Source = _source?.ToString() }, cancellationToken);
        }
    }
}
