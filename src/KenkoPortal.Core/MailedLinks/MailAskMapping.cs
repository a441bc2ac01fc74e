using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.MailedLinks;

internal sealed class MailAskMapping : IEntityTypeConfiguration<MailAsk>
{
    public void Configure(EntityTypeBuilder<MailAsk> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Way).HasDefaultValue(AskWay.Form);
        builder.Property(e => e.LeadsToForm).HasDefaultValue(false);
        builder.Property(e => e.IsOwners).HasDefaultValue(false);
        builder.Ignore(e => e.DeviceIds);
        builder.HasIndex(e => new { e.SocietyId, e.Purpose, e.CanonicalMac, e.AskedAt });
        builder.HasIndex(e => new { e.SocietyId, e.AskedAt });
        builder.HasIndex(e => new { e.DecidedAt, e.AskedAt });
    }
}
