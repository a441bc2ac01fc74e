using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;

namespace KenkoPortal.Tests.Fuzzing;

/// <summary>Mutated mail addresses, typed and said in SMTP: whatever is taken is one line that reads back, and makes a mail of one recipient.</summary>
public static class AddressFuzzer
{
    private static readonly string[] Seeds =
    [
        "taro@example.jp", "Taro.Minato+tag@mail.example.co.jp", "a..b@docomo.example.jp", "abc.@ezweb.example.jp", ".abc@example.jp", "\"a..b\"@example.jp", "\"a\\\"b\"@example.jp",
        "o'hara_-!#$%&*/=?^`{|}~@example.jp", "x@xn--wgv71a.jp", "portal@localhost", "a@b.c.d.e.f.g", new string('a', 64) + "@" + new string('b', 63) + ".jp",
    ];

    /// <inheritdoc cref="SmtpFuzzer.Run"/>
    public static FuzzReport Run(ulong seed, long rounds, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var count = new FuzzCount("mail addresses", seed, progress);
        for (var round = 0L; round < rounds && !cancellationToken.IsCancellationRequested; round++)
        {
            var dice = Dice.ForRound(seed, round);
            var text = dice.Of(Seeds);
            for (var changes = 1 + dice.Below(3); changes > 0; changes--)
            {
                text = Mutation.OfText(dice, text);
            }

            Try(count, round, text);
        }

        return count.Report();
    }

    /// <inheritdoc cref="SmtpFuzzer.Replay"/>
    public static FuzzReport Replay(byte[] input)
    {
        var count = new FuzzCount("mail addresses", 0, null);
        Try(count, 0, Encoding.Unicode.GetString(input));
        return count.Report();
    }

    private static void Try(FuzzCount count, long round, string text)
    {
        count.Tried();
        try
        {
            EmailAddress?[] read =
            [
                EmailAddress.TryParse(text, out var typed) ? typed : null,
                EmailAddress.TryParseSetting(text, out var set) ? set : null,
                EmailAddress.TryParseSmtp(text, oneLabel: false, out var said) ? said : null,
            ];
            foreach (var address in read.OfType<EmailAddress>())
            {
                count.Accepted();
                if (FaultIn(address) is { } fault)
                {
                    count.Crashed(round, fault, Encoding.Unicode.GetBytes(text));
                }
            }
        }
        catch (Exception exception)
        {
            count.Crashed(round, exception.ToString(), Encoding.Unicode.GetBytes(text));
        }
    }

    private static string? FaultIn(EmailAddress address)
    {
        if (address.SmtpForm.Any(c => c is <= ' ' or > '~' or '<' or '>' or ',') || address.SmtpForm.Length > 256 || address.Value.Count(c => c == '@') != 1)
        {
            return "an address that is not one line of plain characters";
        }

        if (!EmailAddress.TryParseSmtp(address.SmtpForm, oneLabel: true, out var again) || again.Folded != address.Folded)
        {
            return "an address that does not read back";
        }

        if (address.ToString().Contains(address.LocalPart, StringComparison.Ordinal) && address.LocalPart.Length > 3 && !"[address]".Contains(address.LocalPart, StringComparison.Ordinal))
        {
            return "an address that a log would show";
        }

        var mail = Encoding.ASCII.GetString(MimeWriter.Write(new MailMessage(
            address, address, "組合", address, "件名", "本文\n", "1@example.jp", DateTimeOffset.UnixEpoch))).Split("\r\n\r\n")[0].Split("\r\n");
        return mail.Count(l => !l.StartsWith(' ')) != 9 || mail.Count(l => l.StartsWith("To: ", StringComparison.Ordinal)) != 1 ? "a mail with other headers" : null;
    }
}
