using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Societies;

internal sealed class SocietyMapping : IEntityTypeConfiguration<Society>
{
    public void Configure(EntityTypeBuilder<Society> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Key).HasMaxLength(32);
        builder.HasIndex(e => e.Key).IsUnique();
        builder.HasIndex(e => e.Host).IsUnique();
        builder.HasIndex(e => e.RegistrationAddress).IsUnique();
        Added(builder.Property(e => e.Revision), 0);
        Added(builder.Property(e => e.OfficeNetworks), "");
        Added(builder.Property(e => e.OfficeLoginsPerMinute), 300);
        Added(builder.Property(e => e.NoticeDay), 20);
        Added(builder.Property(e => e.NoticeYears), 5);
        Added(builder.Property(e => e.GenericLeastYen), 300);
        Added(builder.Property(e => e.GenericLeastDays), 14);
        Added(builder.Property(e => e.GenericLeastAge), 0);
        Added(builder.Property(e => e.GenericExcluded), "117 42");
    }

    /// <summary>A column that later versions added: the societies of before get its value from the database. The sentinel is the value itself, so that 0 can be written.</summary>
    private static void Added<T>(PropertyBuilder<T> property, T value) => property.HasDefaultValue(value).HasSentinel(value);
}
