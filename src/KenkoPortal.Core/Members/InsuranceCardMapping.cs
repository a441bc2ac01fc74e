using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Members;

internal sealed class InsuranceCardMapping : IEntityTypeConfiguration<InsuranceCard>
{
    public void Configure(EntityTypeBuilder<InsuranceCard> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.SymbolKey, e.NumberKey, e.Branch, e.ValidFrom }).IsUnique()
            .HasDatabaseName("IX_InsuranceCards_Card"); // the usual name is longer than PostgreSQL's 63 characters
        builder.HasIndex(e => new { e.SocietyId, e.PersonId });
    }
}
