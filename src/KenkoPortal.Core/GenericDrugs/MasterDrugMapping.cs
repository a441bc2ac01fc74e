using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.GenericDrugs;

internal sealed class MasterDrugMapping : IEntityTypeConfiguration<MasterDrug>
{
    public void Configure(EntityTypeBuilder<MasterDrug> builder)
    {
        builder.HasKey(e => new { e.EditionId, e.Code });
    }
}
