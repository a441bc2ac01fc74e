using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Accounts;

internal sealed class AccountMailAddressMapping : IEntityTypeConfiguration<AccountMailAddress>
{
    public void Configure(EntityTypeBuilder<AccountMailAddress> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.AccountId, e.Slot }).IsUnique();
        builder.HasIndex(e => new { e.SocietyId, e.AddressKey });
    }
}
