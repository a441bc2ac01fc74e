using KenkoPortal.Core.MailedLinks;

namespace KenkoPortal.Core.Reissue;

/// <summary>One パスワード再発行のご案内 mail of an account: its link and temporary password. Its states are in README.md.</summary>
public sealed class ReissueRequest : MailedLink
{
    public required Guid AccountId { get; init; }

    /// <summary>When the member set the new password.</summary>
    public DateTimeOffset? DoneAt { get; private set; }

    public override bool IsDone => DoneAt is not null;

    public void Complete(DateTimeOffset now)
    {
        DoneAt = now;
        End(now);
    }
}
