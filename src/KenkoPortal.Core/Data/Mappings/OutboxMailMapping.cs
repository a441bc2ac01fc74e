using KenkoPortal.Core.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Data.Mappings;

internal sealed class OutboxMailMapping : IEntityTypeConfiguration<OutboxMail>
{
    public void Configure(EntityTypeBuilder<OutboxMail> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.Lane, e.NextAttemptAt });
        builder.HasIndex(e => new { e.SentAt, e.FailedAt, e.NextAttemptAt });
        builder.Ignore(e => e.IsWaiting);
    }
}
