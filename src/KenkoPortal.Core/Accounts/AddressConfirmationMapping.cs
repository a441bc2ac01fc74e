using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Accounts;

internal sealed class AddressConfirmationMapping : IEntityTypeConfiguration<AddressConfirmation>
{
    public void Configure(EntityTypeBuilder<AddressConfirmation> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.TokenHash }).IsUnique();
        builder.HasIndex(e => new { e.SocietyId, e.AccountId });
    }
}
