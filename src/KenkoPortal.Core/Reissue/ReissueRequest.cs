using KenkoPortal.Core.Mail;

namespace KenkoPortal.Core.Reissue;

/// <summary>One パスワード再発行のご案内 mail of an account: its link and temporary password. Its states are in README.md.</summary>
public sealed class ReissueRequest : MailedLink
{
    public required Guid AccountId { get; init; }
}
