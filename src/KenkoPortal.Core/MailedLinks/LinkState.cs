namespace KenkoPortal.Core.MailedLinks;

/// <summary>Whether a mailed link is alive, and if not, why: its page says so.</summary>
public enum LinkEnd
{
    None,

    /// <summary>Never sent by us, of another society, or long gone.</summary>
    Unknown,
    Expired,
    TooManyFailures,

    /// <summary>A newer mail was sent.</summary>
    Replaced,

    /// <summary>What it was for is done.</summary>
    Done,

    /// <summary>Voided by a change of password, address or account.</summary>
    Voided,
}

/// <param name="End">Why it is dead.</param>
/// <param name="Link">The link, where it is known.</param>
/// <param name="ReplacedAt">When the newer mail was sent.</param>
public sealed record LinkState(LinkEnd End, MailedLink? Link = null, DateTimeOffset? ReplacedAt = null)
{
    public static readonly LinkState Unknown = new(LinkEnd.Unknown);

    public bool IsAlive => End == LinkEnd.None;

    public static LinkState Of(MailedLink link, DateTimeOffset? newerSentAt, DateTimeOffset now)
    {
        var end = newerSentAt is not null ? LinkEnd.Replaced
            : link.IsDone ? LinkEnd.Done
            : link.Failures >= MailedLink.MostFailures ? LinkEnd.TooManyFailures
            : !link.IsInTimeAt(now) || link.EndedAt >= link.ExpiresAt ? LinkEnd.Expired
            : link.EndedAt is not null ? LinkEnd.Voided
            : LinkEnd.None;
        return new LinkState(end, link, newerSentAt);
    }
}
