using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Accounts;

internal sealed class AddressUseMapping : IEntityTypeConfiguration<AddressUse>
{
    public void Configure(EntityTypeBuilder<AddressUse> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.PersonId });
    }
}
