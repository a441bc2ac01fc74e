using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.ReceivedClaims;

/// <summary>Stores the amounts in columns of the row that has them.</summary>
internal static class ClaimAmountsMapping
{
    /// <summary>The columns have the names of the amounts alone, without the name of the part.</summary>
    public static void HasOwnColumnNames(this ComplexPropertyBuilder<ClaimAmounts> builder)
    {
        foreach (var property in builder.Metadata.ComplexType.GetProperties())
        {
            builder.Property(property.ClrType, property.Name).HasColumnName(property.Name);
        }
    }
}
