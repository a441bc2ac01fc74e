using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace KenkoPortal.Core.GenericDrugs;

internal sealed class GenericDrugLineMapping : IEntityTypeConfiguration<GenericDrugLine>
{
    public void Configure(EntityTypeBuilder<GenericDrugLine> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Candidates).HasConversion(new AsJson(), new ByValue());
        builder.Property(e => e.Mark).HasConversion<string>();
        builder.HasIndex(e => new { e.SocietyId, e.PersonId, e.Month });
        builder.HasIndex(e => new { e.SocietyId, e.PublicationId });
    }

    private sealed class AsJson() : ValueConverter<IReadOnlyList<GenericCandidate>, string>(
        candidates => JsonSerializer.Serialize(candidates, JsonSerializerOptions.Default),
        stored => JsonSerializer.Deserialize<List<GenericCandidate>>(stored, JsonSerializerOptions.Default)!);

    private sealed class ByValue() : ValueComparer<IReadOnlyList<GenericCandidate>>(
        (left, right) => left == right || (left != null && right != null && left.SequenceEqual(right)),
        candidates => candidates.Count);
}
