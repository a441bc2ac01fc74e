namespace KenkoPortal.Core.Common;

/// <summary>
/// A row that all members of a society read alike and that is kept in memory (<see cref="Societies.KeptRows{T}"/>). Saving one moves
/// <see cref="Data.SocietiesVersion"/>; whoever deletes or changes one past the change tracker must do so too, unless no page shows it any more.
/// </summary>
public interface IKeptInMemory;
