using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Sharing;

internal sealed class HiddenInstitutionMapping : IEntityTypeConfiguration<HiddenInstitution>
{
    public void Configure(EntityTypeBuilder<HiddenInstitution> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Ignore(e => e.Identity);
        builder.HasIndex(e => new { e.SocietyId, e.PersonId, e.InstitutionKey }).IsUnique();
    }
}
