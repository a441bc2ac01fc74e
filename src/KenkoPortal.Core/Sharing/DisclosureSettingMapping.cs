using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Sharing;

internal sealed class DisclosureSettingMapping : IEntityTypeConfiguration<DisclosureSetting>
{
    public void Configure(EntityTypeBuilder<DisclosureSetting> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        // The periods of before this column were all chosen. The portal writes the cause of every new one.
        builder.Property(e => e.Cause).HasDefaultValue(DisclosureCause.Chosen).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.PersonId, e.Kind, e.From });
    }
}
