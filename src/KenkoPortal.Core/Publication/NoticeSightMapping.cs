using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Publication;

internal sealed class NoticeSightMapping : IEntityTypeConfiguration<NoticeSight>
{
    public void Configure(EntityTypeBuilder<NoticeSight> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.ViewerId, e.PublicationId, e.PersonId, e.Kind }).IsUnique()
            .HasDatabaseName("IX_NoticeSights_Sight"); // the usual name is longer than PostgreSQL's 63 characters
    }
}
