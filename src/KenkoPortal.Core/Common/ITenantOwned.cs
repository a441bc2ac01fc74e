namespace KenkoPortal.Core.Common;

/// <summary>A row that belongs to one society. Query filters, the SaveChanges check and row-level security hang on it.</summary>
public interface ITenantOwned
{
    Guid SocietyId { get; }
}
