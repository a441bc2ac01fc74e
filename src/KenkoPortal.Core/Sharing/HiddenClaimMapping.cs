using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Sharing;

internal sealed class HiddenClaimMapping : IEntityTypeConfiguration<HiddenClaim>
{
    public void Configure(EntityTypeBuilder<HiddenClaim> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Ignore(e => e.Identity);
        builder.HasIndex(e => new { e.SocietyId, e.PersonId, e.ClaimId, e.Month, e.InstitutionKey }).IsUnique();
    }
}
