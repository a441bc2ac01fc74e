using System.Buffers;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.MailedLinks;

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
/// the mailboxes that the host knows, keeps the envelope and a few facts, and relays nothing.</summary>
/// <remarks>
/// RFC 5321 with PIPELINING (2920), SIZE (1870), 8BITMIME (6152), ENHANCEDSTATUSCODES (2034) and STARTTLS (3207); no
/// SMTPUTF8, since no address of ours or that we would answer needs it. The answers do not depend on how the bytes are cut.
/// Not for several threads at once.
/// </remarks>
public sealed class SmtpSession
{
    private readonly SmtpSessionOptions _options;
    private readonly bool _offersTls;
    private readonly RecipientJudge _judge;
    private readonly Func<Envelope, CancellationToken, ValueTask<bool>> _keep;
    private readonly TimeProvider _clock;
    private readonly IPAddress? _peer;
    private readonly List<EmailAddress> _recipients = [];
    private readonly byte[] _command;
    private int _commandBytes;
    private bool _sawCr;
    private EmailAddress? _sender;
    private bool _takesReport;
    private MessageFacts? _facts;
    private SmtpDataReader? _data;
    private MessageSource? _source;
    private bool _isForPostmaster;
    private int _commandsWithoutMessage;

    /// <param name="offersTls">A certificate is there, and the connection is not encrypted yet.</param>
    /// <param name="keep">Puts the envelope on disk before the 250; false or an exception becomes 451.</param>
    /// <param name="peer">Where the connection comes from.</param>
    public SmtpSession(
        SmtpSessionOptions options,
        bool offersTls,
        RecipientJudge judge,
        Func<Envelope, CancellationToken, ValueTask<bool>> keep,
        TimeProvider clock,
        IPAddress? peer = null)
    {
        _peer = peer;
        _options = options;
        _offersTls = offersTls;
        _judge = judge;
        _keep = keep;
        _clock = clock;
        _command = new byte[options.MaxCommandBytes];
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
                var (consumed, line, problem) = ReadCommand(input.Span[at..]);
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

    private (int Consumed, string? Line, SmtpReply? Problem) ReadCommand(ReadOnlySpan<byte> input)
    {
        for (var i = 0; i < input.Length; i++)
        {
            var b = input[i];
            if (_sawCr != (b == '\n'))
            {
                return (i, null, SmtpReply.BareLineEnd);
            }

            if (_sawCr)
            {
                var line = Encoding.Latin1.GetString(_command, 0, _commandBytes);
                _sawCr = false;
                _commandBytes = 0;
                return (i + 1, line, null);
            }

            if (b == '\r')
            {
                _sawCr = true;
            }
            else if (_commandBytes == _command.Length)
            {
                return (i, null, SmtpReply.CommandTooLong);
            }
            else
            {
                _command[_commandBytes++] = b;
            }
        }

        return (input.Length, null, null);
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
            var mayBeReport = _takesReport && (_sender is null || AutomaticSender.IsDaemon(_sender.LocalPart));
            _facts = new MessageFacts(mayBeReport ? _options.MaxReportBytes : 0);
            _source = _isForPostmaster ? new MessageSource() : null;
            _data = new SmtpDataReader(_options.MaxMessageBytes, _options.MaxLineBytes, _facts, _source);
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

        _sender = null;
        return path.Length == 0 || EmailAddress.TryParseSmtp(path, oneLabel: false, out _sender)
            ? SmtpReply.SenderOk
            : SmtpReply.BadSender;
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

        // What is no address cannot be one of ours; routes and literals end here too. A postmaster without a domain is this host's (RFC 5321 §4.5.1).
        var isBare = path.Equals(Postmaster.Name, StringComparison.OrdinalIgnoreCase);
        if (!EmailAddress.TryParseSmtp(isBare ? $"{Postmaster.Name}@{_options.HostName}" : path, oneLabel: true, out var recipient))
        {
            return SmtpReply.UnknownRecipient;
        }

        if (_recipients.Contains(recipient))
        {
            return SmtpReply.RecipientOk;
        }

        if (_recipients.Count >= _options.MaxRecipients)
        {
            return SmtpReply.TooManyRecipients;
        }

        var verdict = await JudgeAsync(new RecipientQuestion(isBare ? Postmaster.Name : recipient.Value, _sender, _peer), cancellationToken);
        if (verdict is RecipientVerdict.Accept or RecipientVerdict.AcceptReport)
        {
            _recipients.Add(recipient);
            _isForPostmaster |= Postmaster.IsOne(recipient.LocalPart);
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
            var verdict = _judge(question, cancellationToken);
            return verdict.IsCompletedSuccessfully
                ? verdict.Result
                : await verdict.AsTask().WaitAsync(_options.RecipientTimeout, _clock, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever is wrong with the database, the sender's server will ask again.
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
        var envelope = new Envelope(_sender, [.. _recipients], _facts!.Signs, _facts.Report) { Author = _facts.Author, Source = _source?.ToString() };
        ForgetMessage();
        if (problem is not null)
        {
            Refuse(replies, problem, close: false);
        }
        else if (await KeepAsync(envelope, cancellationToken))
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

    private async ValueTask<bool> KeepAsync(Envelope envelope, CancellationToken cancellationToken)
    {
        try
        {
            return await _keep(envelope, cancellationToken);
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
        _facts = null;
        _data = null;
        _source = null;
        _isForPostmaster = false;
    }
}
