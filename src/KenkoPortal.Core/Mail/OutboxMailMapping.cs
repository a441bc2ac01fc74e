using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Mail;

internal sealed class OutboxMailMapping : IEntityTypeConfiguration<OutboxMail>
{
    public void Configure(EntityTypeBuilder<OutboxMail> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        // What was sent stays for two weeks: without the two marks before the time, each look for due mails would read all of it.
        builder.HasIndex(e => new { e.SocietyId, e.Lane, e.SentAt, e.FailedAt, e.NextAttemptAt });
        builder.Ignore(e => e.IsWaiting);
    }
}
