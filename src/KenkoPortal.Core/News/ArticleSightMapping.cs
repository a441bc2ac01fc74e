using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.News;

internal sealed class ArticleSightMapping : IEntityTypeConfiguration<ArticleSight>
{
    public void Configure(EntityTypeBuilder<ArticleSight> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.PersonId, e.ArticleId }).IsUnique();
    }
}
