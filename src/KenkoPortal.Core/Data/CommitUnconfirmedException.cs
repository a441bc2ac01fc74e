using System.Data.Common;

namespace KenkoPortal.Core.Data;

/// <summary>
/// Nobody knows whether a transaction will last: its COMMIT is still under way, its connection died meanwhile, or the synchronous standby did not confirm it. The caller must not
/// acknowledge it, and must not run it again by itself: it may be there.
/// </summary>
public sealed class CommitUnconfirmedException(Exception? inner = null) : DbException(Text, inner)
{
    private const string Text = "The commit was not confirmed.";
}
