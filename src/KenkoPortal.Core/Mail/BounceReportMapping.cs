using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Mail;

internal sealed class BounceReportMapping : IEntityTypeConfiguration<BounceReport>
{
    public void Configure(EntityTypeBuilder<BounceReport> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.IsHeldBack).HasDefaultValue(false);
        builder.HasIndex(e => new { e.DecidedAt, e.ReceivedAt });
        builder.HasIndex(e => new { e.SocietyId, e.MailId });
        builder.HasIndex(e => new { e.SocietyId, e.Domain, e.ReceivedAt });
    }
}
