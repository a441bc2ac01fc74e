using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Audit;

internal sealed class ImportRunMapping : IEntityTypeConfiguration<ImportRun>
{
    public void Configure(EntityTypeBuilder<ImportRun> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.AppliedAt });
        builder.Property(e => e.SetAside).HasDefaultValue(0).HasSentinel(0);
        builder.Property(e => e.Waiting).HasDefaultValue(0).HasSentinel(0);
    }
}
