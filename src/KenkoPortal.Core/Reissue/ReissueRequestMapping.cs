using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Reissue;

internal sealed class ReissueRequestMapping : IEntityTypeConfiguration<ReissueRequest>
{
    public void Configure(EntityTypeBuilder<ReissueRequest> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.TokenHash }).IsUnique();
        builder.HasIndex(e => new { e.SocietyId, e.AccountId });
    }
}
