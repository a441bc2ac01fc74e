using static KenkoPortal.Smtp.SmtpState;

namespace KenkoPortal.Smtp;

/// <summary>Where a session stands (RFC 5321 §3, §4.1.4).</summary>
public enum SmtpState
{
    /// <summary>Greeted by us; the client has not said who it is, or has just started TLS.</summary>
    Connected,

    /// <summary>After EHLO or HELO, and after each message.</summary>
    Ready,

    /// <summary>A sender was taken, no recipient yet.</summary>
    Sender,

    /// <summary>At least one recipient was taken.</summary>
    Recipients,

    /// <summary>Bytes are message text, not commands.</summary>
    Data,

    /// <summary>Over.</summary>
    Closed,
}

/// <summary>The commands that the listener knows.</summary>
public enum SmtpVerb
{
    Unknown,
    Helo,
    Ehlo,
    StartTls,
    Mail,
    Rcpt,
    Data,
    Rset,
    Noop,
    Vrfy,
    Expn,
    Help,
    Auth,
    Quit,
}

/// <summary>The protocol on one screen: which command is good in which state, and where it leads if it succeeds.
/// A command that fails leaves the state as it was; <c>null</c> is 503, bad sequence of commands.</summary>
public static class SmtpStateTable
{
    private static readonly Dictionary<SmtpVerb, SmtpState?[]> Rows = new()
    {
        //                     Connected  Ready      Sender      Recipients
        [SmtpVerb.Ehlo]     = [Ready,     Ready,     Ready,      Ready],
        [SmtpVerb.Helo]     = [Ready,     Ready,     Ready,      Ready],
        [SmtpVerb.StartTls] = [null,      Connected, null,       null],
        [SmtpVerb.Mail]     = [null,      Sender,    null,       null],
        [SmtpVerb.Rcpt]     = [null,      null,      Recipients, Recipients],
        [SmtpVerb.Data]     = [null,      null,      null,       SmtpState.Data],
        [SmtpVerb.Rset]     = [Connected, Ready,     Ready,      Ready],
        [SmtpVerb.Noop]     = [Connected, Ready,     Sender,     Recipients],
        [SmtpVerb.Vrfy]     = [Connected, Ready,     Sender,     Recipients],
        [SmtpVerb.Expn]     = [Connected, Ready,     Sender,     Recipients],
        [SmtpVerb.Help]     = [Connected, Ready,     Sender,     Recipients],
        [SmtpVerb.Auth]     = [Connected, Ready,     Sender,     Recipients],
        [SmtpVerb.Unknown]  = [Connected, Ready,     Sender,     Recipients],
        [SmtpVerb.Quit]     = [Closed,    Closed,    Closed,     Closed],
    };

    /// <summary>The state after <paramref name="verb"/> succeeded in <paramref name="state"/>; null where it may not come.
    /// <see cref="Data"/> and <see cref="Closed"/> take no commands.</summary>
    public static SmtpState? Next(SmtpState state, SmtpVerb verb) =>
        state <= Recipients ? Rows[verb][(int)state] : null;
}
