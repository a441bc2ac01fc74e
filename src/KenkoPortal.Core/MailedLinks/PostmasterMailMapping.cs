using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.MailedLinks;

internal sealed class PostmasterMailMapping : IEntityTypeConfiguration<PostmasterMail>
{
    public void Configure(EntityTypeBuilder<PostmasterMail> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.ReceivedAt });
    }
}
