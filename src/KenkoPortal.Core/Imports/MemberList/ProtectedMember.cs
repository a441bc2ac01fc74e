using KenkoPortal.Core.Accounts;

namespace KenkoPortal.Core.Imports.MemberList;

/// <summary>A protected person whom a list does not mark.</summary>
/// <param name="Line">The list's line.</param>
/// <param name="Card">記号-番号-枝番.</param>
/// <param name="Name">氏名.</param>
public sealed record KeptProtection(int Line, string Card, string Name)
{
    /// <summary>The line alone: a record's own ToString would carry card and name into whatever logs it.</summary>
    public override string ToString() => $"{Line}";
}

/// <summary>Somebody whom a list protects from now on.</summary>
/// <param name="Line">The list's line.</param>
/// <param name="Card">記号-番号-枝番.</param>
/// <param name="Note">What staff should look at.</param>
public sealed record ProtectedMember(int Line, string Card, ProtectionNote Note)
{
    /// <inheritdoc cref="KeptProtection.ToString"/>
    public override string ToString() => $"{Line}";
}
