using System.Collections.Concurrent;
using KenkoPortal.Core.Mail;

namespace KenkoPortal.Tests.Support;

/// <summary>The relay of a test: keeps what it was given, or answers as it is told.</summary>
public sealed class SentMail : IMailTransport
{
    private readonly ConcurrentQueue<MailMessage> _sent = new();

    /// <summary>In the order of sending.</summary>
    public IReadOnlyList<MailMessage> All => [.. _sent];

    public MailMessage Last => _sent.Last();

    /// <summary>Messages that it was asked to take, whatever became of them.</summary>
    public int Tries { get; private set; }

    /// <summary>What to answer; null takes everything.</summary>
    public Func<MailMessage, Task<DeliveryResult>>? Answer { get; set; }

    /// <summary>Nobody is there.</summary>
    public static Task<DeliveryResult> Down(MailMessage message) =>
        Task.FromResult<DeliveryResult>(new DeliveryResult.Deferred(DeliveryStep.Connect, 0, null));

    public IEnumerable<MailMessage> To(string address) => _sent.Where(m => m.To.Value == address);

    public async Task<DeliveryResult> SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        Tries++;
        var result = Answer is null ? new DeliveryResult.Sent() : await Answer(message);
        if (result is DeliveryResult.Sent)
        {
            _sent.Enqueue(message);
        }

        return result;
    }
}
