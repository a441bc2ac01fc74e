using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Letters;

internal sealed class ProvisionalFailureMapping : IEntityTypeConfiguration<ProvisionalFailure>
{
    public void Configure(EntityTypeBuilder<ProvisionalFailure> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.At });
    }
}
