using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.ReceivedClaims;

internal sealed class ReceivedClaimMapping : IEntityTypeConfiguration<ReceivedClaim>
{
    public void Configure(EntityTypeBuilder<ReceivedClaim> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.ComplexProperty(e => e.Amounts).HasOwnColumnNames();
        builder.HasIndex(e => new { e.SocietyId, e.SourceKey }).IsUnique();
        builder.HasIndex(e => new { e.SocietyId, e.Month, e.PersonId });
        builder.HasIndex(e => new { e.SocietyId, e.Match, e.SymbolKey, e.NumberKey });
    }
}
