using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Audit;

internal sealed class AuditTallyMapping : IEntityTypeConfiguration<AuditTally>
{
    public void Configure(EntityTypeBuilder<AuditTally> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.At });
    }
}
