using System.Buffers;
using System.Text;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Smtp;

namespace KenkoPortal.Tests.Smtp;

/// <summary>A client without a network: says things to a session and keeps what it hears.</summary>
internal sealed class Dialogue
{
    public const string Here = "touroku@kenpo.example";
    public const string Busy = "busy@kenpo.example";

    /// <summary>Where delivery reports come in.</summary>
    public const string ReturnPath = "return@kenpo.example";

    private readonly ArrayBufferWriter<byte> _replies = new();
    private readonly SmtpSession _session;

    public Dialogue(Action<SmtpSessionOptions>? configure = null, bool offersTls = false, bool keeps = true)
    {
        var options = new SmtpSessionOptions { HostName = "mx.kenpo.example" };
        configure?.Invoke(options);
        _session = new SmtpSession(options, offersTls, new InboundMailHost(JudgeAsync, KeepAsync), TimeProvider.System);

        ValueTask<bool> KeepAsync(Envelope envelope, CancellationToken cancellationToken)
        {
            if (keeps)
            {
                Envelopes.Add(envelope);
            }

            return ValueTask.FromResult(keeps);
        }
    }

    public List<Envelope> Envelopes { get; } = [];

    public SmtpSession Session => _session;

    public SmtpNext Next { get; private set; }

    /// <summary>Everything heard so far.</summary>
    public string Replies => Encoding.ASCII.GetString(_replies.WrittenSpan);

    /// <summary>Up to the start of a message's text.</summary>
    public static Dialogue InData(string sender = "taro@example.jp", Action<SmtpSessionOptions>? configure = null) => InData(sender, Here, configure);

    public static Dialogue InData(string sender, string recipient, Action<SmtpSessionOptions>? configure = null)
    {
        var dialogue = new Dialogue(configure);
        dialogue.Say($"EHLO c\r\nMAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n");
        return dialogue;
    }

    public static ValueTask<RecipientVerdict> JudgeAsync(RecipientQuestion question, CancellationToken cancellationToken) => ValueTask.FromResult(
        question.Recipient.EndsWith("@kenpo.example", StringComparison.OrdinalIgnoreCase)
            ? question.Recipient == Busy ? RecipientVerdict.TryLater : question.Recipient == ReturnPath ? RecipientVerdict.AcceptReport : RecipientVerdict.Accept
            : RecipientVerdict.Unknown);

    /// <summary>Says it in one piece and returns the replies to it.</summary>
    public string Say(string text) => Say(Encoding.Latin1.GetBytes(text));

    public string Say(byte[] bytes)
    {
        var before = _replies.WrittenCount;
        var progress = _session.ReceiveAsync(bytes, _replies, CancellationToken.None);
        Next = progress.IsCompleted ? progress.Result.Next : throw new InvalidOperationException("The session waits.");
        return Encoding.ASCII.GetString(_replies.WrittenSpan[before..]);
    }

    /// <summary>The codes of the last lines of replies.</summary>
    public static string Codes(string replies) => string.Join(' ', replies.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
        .Where(l => l[3] == ' ').Select(l => l[..3]));
}
