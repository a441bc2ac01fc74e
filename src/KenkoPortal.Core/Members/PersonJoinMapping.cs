using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Members;

internal sealed class PersonJoinMapping : IEntityTypeConfiguration<PersonJoin>
{
    public void Configure(EntityTypeBuilder<PersonJoin> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.StayedId });
    }
}
