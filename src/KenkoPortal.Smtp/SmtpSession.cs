using System.Buffers;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace KenkoPortal.Smtp;

/// <summary>What the connection does after some bytes were read.</summary>
public enum SmtpNext
{
    /// <summary>Send the replies and read on.</summary>
    Read,

    /// <summary>Send the replies, start TLS with the very next byte, then call <see cref="SmtpSession.TlsStarted"/>.</summary>
    StartTls,

    /// <summary>Send the replies and close.</summary>
    Close,
}

/// <summary>How far the session came in the bytes that it was given.</summary>
/// <param name="Consumed">All of them, save after <see cref="SmtpNext.StartTls"/> and <see cref="SmtpNext.Close"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SmtpProgress(int Consumed, SmtpNext Next);

/// <summary>A receive-only SMTP server as a machine over bytes: no socket, no clock, no thread of its own. It takes mail for
/// the mailboxes that the host knows, hands it to the host line by line, and relays nothing.</summary>
/// <remarks>
/// RFC 5321 with PIPELINING (2920), SIZE (1870), 8BITMIME (6152), ENHANCEDSTATUSCODES (2034) and STARTTLS (3207); no
/// SMTPUTF8, since no address that a host of ours deals with needs it. The answers do not depend on how the bytes are cut.
/// Not for several threads at once.
/// </remarks>
public sealed class SmtpSession
{
    private readonly SmtpSessionOptions _options;
    private readonly bool _offersTls;
    private readonly ISmtpHost _host;
    private readonly TimeProvider _clock;
    private readonly IPAddress? _peer;
    private readonly List<string> _recipients = [];
    private readonly SmtpCommandReader _commands;
    private string? _sender;
    private bool _takesReport;
    private IMessageSink? _sink;
    private SmtpDataReader? _data;
    private int _commandsWithoutMessage;

    /// <param name="offersTls">A certificate is there, and the connection is not encrypted yet.</param>
    /// <param name="host">Reads addresses, judges recipients and takes messages.</param>
    /// <param name="peer">Where the connection comes from.</param>
    public SmtpSession(SmtpSessionOptions options, bool offersTls, ISmtpHost host, TimeProvider clock, IPAddress? peer = null)
    {
        _peer = peer;
        _options = options;
        _offersTls = offersTls;
        _host = host;
        _clock = clock;
        _commands = new SmtpCommandReader(options.MaxCommandBytes);
    }

    public SmtpState State { get; private set; }

    /// <summary>TLS was started.</summary>
    public bool IsSecure { get; private set; }

    /// <summary>Commands answered, plus messages ended: grows whenever the client got something done.</summary>
    public int Steps { get; private set; }

    /// <summary>Messages that were kept.</summary>
    public int Kept { get; private set; }

    /// <summary>Commands and messages refused for good (5xx).</summary>
    public int Errors { get; private set; }

    /// <summary>Recipients that were put off since their peer or sender's domain sends too much.</summary>
    public int PutOff { get; private set; }

    /// <summary>The code of the last reply.</summary>
    public int LastCode { get; private set; }

    /// <summary>Bytes of the message that is being read; 0 outside DATA.</summary>
    public long MessageBytes => State is SmtpState.Data ? _data!.Bytes : 0;

    /// <summary>Writes the 220 that opens the session.</summary>
    public void Greet(IBufferWriter<byte> replies) => Reply(replies, new SmtpReply(220, $"{_options.HostName} ESMTP"));

    /// <summary>TLS stands: the client begins anew, and nothing that it said in the clear counts (RFC 3207 §4.2).</summary>
    public void TlsStarted()
    {
        IsSecure = true;
        State = SmtpState.Connected;
        ForgetMessage();
    }

    /// <summary>Ends the session from outside, with a 421.</summary>
    public void End(IBufferWriter<byte> replies, SmtpReply reply)
    {
        Reply(replies, reply);
        State = SmtpState.Closed;
    }

    /// <summary>Reads what came from the client and writes the replies.</summary>
    public async ValueTask<SmtpProgress> ReceiveAsync(ReadOnlyMemory<byte> input, IBufferWriter<byte> replies, CancellationToken cancellationToken)
    {
        var at = 0;
        while (at < input.Length && State is not SmtpState.Closed)
        {
            var next = SmtpNext.Read;
            if (State is SmtpState.Data)
            {
                var result = _data!.Read(input.Span[at..], out var consumed);
                at += consumed;
                await EndDataAsync(result, replies, cancellationToken);
            }
            else
            {
                var problem = _commands.Read(input.Span[at..], out var consumed, out var line);
                at += consumed;
                if (problem is not null)
                {
                    Refuse(replies, problem, close: true);
                }
                else if (line is not null)
                {
                    next = await ExecuteAsync(line, replies, cancellationToken);
                }
            }

            if (next is SmtpNext.StartTls)
            {
                return new SmtpProgress(at, next);
            }
        }

        return new SmtpProgress(at, State is SmtpState.Closed ? SmtpNext.Close : SmtpNext.Read);
    }

    private async ValueTask<SmtpNext> ExecuteAsync(string line, IBufferWriter<byte> replies, CancellationToken cancellationToken)
    {
        Steps++;
        if (++_commandsWithoutMessage > _options.MaxCommandsWithoutMessage)
        {
            End(replies, SmtpReply.TooManyCommands);
            return SmtpNext.Close;
        }

        var (verb, argument) = SmtpCommandLine.Split(line);
        var next = SmtpStateTable.Next(State, verb);
        var reply = line.AsSpan().ContainsAnyExceptInRange(' ', '~') ? SmtpReply.NotPrintable
            : next is null ? SmtpReply.BadSequence
            : verb switch
            {
                SmtpVerb.Ehlo or SmtpVerb.Helo => Hello(argument, verb, replies),
                SmtpVerb.StartTls => argument.Length > 0 ? SmtpReply.BadArgument : MayStartTls ? SmtpReply.StartTls : SmtpReply.NotImplemented,
                SmtpVerb.Mail => TakeSender(argument),
                SmtpVerb.Rcpt => await TakeRecipientAsync(argument, cancellationToken),
                SmtpVerb.Data => argument.Length > 0 ? SmtpReply.BadArgument : SmtpReply.GoAhead,
                SmtpVerb.Rset => argument.Length > 0 ? SmtpReply.BadArgument : SmtpReply.Ok,
                SmtpVerb.Noop => SmtpReply.Ok,
                SmtpVerb.Vrfy => SmtpReply.CannotVerify,
                SmtpVerb.Quit => SmtpReply.Bye,
                SmtpVerb.Unknown => SmtpReply.UnknownCommand,
                _ => SmtpReply.NotImplemented,
            };

        if (reply is null)
        {
            State = SmtpState.Ready;
            return SmtpNext.Read;
        }

        if (reply.Code >= 500)
        {
            Refuse(replies, reply, close: false);
            return SmtpNext.Read;
        }

        Reply(replies, reply);
        if (reply.Code >= 400)
        {
            return SmtpNext.Read;
        }

        State = next!.Value;
        if (verb is SmtpVerb.Rset)
        {
            ForgetMessage();
        }
        else if (State is SmtpState.Data)
        {
            _sink = _host.Begin(new MailTransaction(_sender, [.. _recipients], _takesReport));
            _data = new SmtpDataReader(_options.MaxMessageBytes, _options.MaxLineBytes, _sink);
        }

        return verb is SmtpVerb.StartTls ? SmtpNext.StartTls : SmtpNext.Read;
    }

    private bool MayStartTls => _offersTls && !IsSecure;

    /// <summary>Null: it has answered by itself.</summary>
    private SmtpReply? Hello(string name, SmtpVerb verb, IBufferWriter<byte> replies)
    {
        if (name.Length == 0)
        {
            return SmtpReply.BadArgument;
        }

        ForgetMessage();
        if (verb is SmtpVerb.Helo)
        {
            return new SmtpReply(250, _options.HostName);
        }

        List<string> lines =
        [
            _options.HostName,
            "PIPELINING",
            string.Create(CultureInfo.InvariantCulture, $"SIZE {_options.MaxMessageBytes}"),
            "8BITMIME",
            "ENHANCEDSTATUSCODES",
        ];
        if (MayStartTls)
        {
            lines.Insert(1, "STARTTLS");
        }

        SmtpReply.WriteLines(replies, 250, lines);
        LastCode = 250;
        return null;
    }

    private SmtpReply TakeSender(string argument)
    {
        if (!SmtpCommandLine.TryReadPath(argument, "FROM:", out var path, out var parameters))
        {
            return SmtpReply.BadArgument;
        }

        foreach (var parameter in parameters)
        {
            if (parameter.StartsWith("SIZE=", StringComparison.OrdinalIgnoreCase)
                && long.TryParse(parameter.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                if (size > _options.MaxMessageBytes)
                {
                    return SmtpReply.TooLarge;
                }
            }
            else if (!parameter.Equals("BODY=7BIT", StringComparison.OrdinalIgnoreCase)
                && !parameter.Equals("BODY=8BITMIME", StringComparison.OrdinalIgnoreCase))
            {
                return SmtpReply.BadParameter;
            }
        }

        _sender = path.Length == 0 ? null : _host.ReadSender(path);
        return path.Length == 0 || _sender is not null ? SmtpReply.SenderOk : SmtpReply.BadSender;
    }

    private async ValueTask<SmtpReply> TakeRecipientAsync(string argument, CancellationToken cancellationToken)
    {
        if (!SmtpCommandLine.TryReadPath(argument, "TO:", out var path, out var parameters))
        {
            return SmtpReply.BadArgument;
        }

        if (parameters.Count > 0)
        {
            return SmtpReply.BadParameter;
        }

        // What the host cannot read cannot be one of its mailboxes. A postmaster without a domain is this host's (RFC 5321 §4.5.1).
        var isBare = path.Equals(RecipientQuestion.Postmaster, StringComparison.OrdinalIgnoreCase);
        if (_host.ReadRecipient(isBare ? $"{RecipientQuestion.Postmaster}@{_options.HostName}" : path) is not { } recipient)
        {
            return SmtpReply.UnknownRecipient;
        }

        if (_recipients.Contains(recipient, StringComparer.OrdinalIgnoreCase))
        {
            return SmtpReply.RecipientOk;
        }

        if (_recipients.Count >= _options.MaxRecipients)
        {
            return SmtpReply.TooManyRecipients;
        }

        var verdict = await JudgeAsync(new RecipientQuestion(isBare ? RecipientQuestion.Postmaster : recipient, _sender, _peer), cancellationToken);
        if (verdict is RecipientVerdict.Accept or RecipientVerdict.AcceptReport)
        {
            _recipients.Add(recipient);
            _takesReport |= verdict is RecipientVerdict.AcceptReport;
        }

        PutOff += verdict is RecipientVerdict.TooMany ? 1 : 0;
        return verdict switch
        {
            RecipientVerdict.Accept or RecipientVerdict.AcceptReport => SmtpReply.RecipientOk,
            RecipientVerdict.Unknown => SmtpReply.UnknownRecipient,
            RecipientVerdict.TooMany => SmtpReply.TooManyMessages,
            _ => SmtpReply.TryLater,
        };
    }

    private async ValueTask<RecipientVerdict> JudgeAsync(RecipientQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            var verdict = _host.JudgeAsync(question, cancellationToken);
            return verdict.IsCompletedSuccessfully
                ? verdict.Result
                : await verdict.AsTask().WaitAsync(_options.RecipientTimeout, _clock, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever is wrong at the host, the sender's server asks again.
            return RecipientVerdict.TryLater;
        }
    }

    private async ValueTask EndDataAsync(SmtpDataResult result, IBufferWriter<byte> replies, CancellationToken cancellationToken)
    {
        switch (result)
        {
            case SmtpDataResult.More:
                return;
            case SmtpDataResult.BareLineEnd:
                Refuse(replies, SmtpReply.BareLineEnd, close: true);
                return;
            case SmtpDataResult.FarTooLarge:
                Refuse(replies, SmtpReply.TooLarge, close: true);
                return;
            default:
                break;
        }

        Steps++;
        State = SmtpState.Ready;
        var problem = _data!.IsTooLarge ? SmtpReply.TooLarge : _data.IsMalformed ? SmtpReply.BadMessage : null;
        var sink = _sink!;
        ForgetMessage();
        if (problem is not null)
        {
            Refuse(replies, problem, close: false);
        }
        else if (await KeepAsync(sink, cancellationToken))
        {
            Kept++;
            _commandsWithoutMessage = 0;
            Reply(replies, SmtpReply.Kept);
        }
        else
        {
            Reply(replies, SmtpReply.TryLater);
        }
    }

    private static async ValueTask<bool> KeepAsync(IMessageSink sink, CancellationToken cancellationToken)
    {
        try
        {
            return await sink.KeepAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Refuse(IBufferWriter<byte> replies, SmtpReply reply, bool close)
    {
        Errors++;
        if (!close && Errors >= _options.MaxErrors)
        {
            Reply(replies, reply);
            End(replies, SmtpReply.TooManyErrors);
            return;
        }

        Reply(replies, reply);
        if (close)
        {
            State = SmtpState.Closed;
        }
    }

    private void Reply(IBufferWriter<byte> replies, SmtpReply reply)
    {
        reply.WriteTo(replies);
        LastCode = reply.Code;
    }

    private void ForgetMessage()
    {
        _sender = null;
        _takesReport = false;
        _recipients.Clear();
        _sink = null;
        _data = null;
    }
}
