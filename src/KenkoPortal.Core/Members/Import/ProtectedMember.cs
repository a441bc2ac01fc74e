using KenkoPortal.Core.Accounts;

namespace KenkoPortal.Core.Members.Import;

/// <summary>Somebody whom a list protects from now on.</summary>
/// <param name="Line">The list's line.</param>
/// <param name="Card">記号-番号-枝番.</param>
/// <param name="Note">What staff should look at.</param>
public sealed record ProtectedMember(int Line, string Card, ProtectionNote Note)
{
    /// <summary>The line alone: a record's own ToString would carry card and name into whatever logs it.</summary>
    public override string ToString() => $"{Line}";
}
