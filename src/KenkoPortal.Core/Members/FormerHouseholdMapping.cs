using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Members;

internal sealed class FormerHouseholdMapping : IEntityTypeConfiguration<FormerHousehold>
{
    public void Configure(EntityTypeBuilder<FormerHousehold> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.PersonId });
        builder.HasIndex(e => new { e.SocietyId, e.HouseholdId });
    }
}
