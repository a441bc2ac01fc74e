using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Letters;

internal sealed class ProvisionalCredentialMapping : IEntityTypeConfiguration<ProvisionalCredential>
{
    public void Configure(EntityTypeBuilder<ProvisionalCredential> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.ProvisionalId }).IsUnique();
        builder.HasIndex(e => new { e.SocietyId, e.PersonId });
        builder.Property(e => e.Letter).HasDefaultValue(LetterKind.Household).HasSentinel(LetterKind.Household);
        builder.OwnsOne(e => e.TakenLoginIds, taken => taken.Property(e => e.Count).HasDefaultValue(0).HasSentinel(0));
    }
}
