using KenkoPortal.Core.Societies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Data.Mappings;

internal sealed class SocietyMapping : IEntityTypeConfiguration<Society>
{
    public void Configure(EntityTypeBuilder<Society> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Key).HasMaxLength(32);
        builder.HasIndex(e => e.Key).IsUnique();
        builder.HasIndex(e => e.Host).IsUnique();
        builder.HasIndex(e => e.RegistrationAddress).IsUnique();
    }
}
