using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.GenericDrugs;

internal sealed class ListedDrugMapping : IEntityTypeConfiguration<ListedDrug>
{
    public void Configure(EntityTypeBuilder<ListedDrug> builder)
    {
        builder.HasKey(e => new { e.EditionId, e.Code });
    }
}
