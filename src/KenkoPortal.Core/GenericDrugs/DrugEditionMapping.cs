using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.GenericDrugs;

internal sealed class DrugEditionMapping : IEntityTypeConfiguration<DrugEdition>
{
    public void Configure(EntityTypeBuilder<DrugEdition> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => e.ValidFrom).IsUnique();
    }
}
