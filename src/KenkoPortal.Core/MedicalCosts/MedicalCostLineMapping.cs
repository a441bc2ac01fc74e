using KenkoPortal.Core.ReceivedClaims;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.MedicalCosts;

internal sealed class MedicalCostLineMapping : IEntityTypeConfiguration<MedicalCostLine>
{
    public void Configure(EntityTypeBuilder<MedicalCostLine> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.ComplexProperty(e => e.Amounts).HasOwnColumnNames();
        builder.HasIndex(e => new { e.SocietyId, e.PersonId, e.Month });
        builder.HasIndex(e => new { e.SocietyId, e.PublicationId });
    }
}
