using KenkoPortal.Core.Letters;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Accounts;

internal sealed class MemberAccountMapping : IEntityTypeConfiguration<MemberAccount>
{
    public void Configure(EntityTypeBuilder<MemberAccount> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.LoginIdKey }).IsUnique();
        builder.HasIndex(e => new { e.SocietyId, e.PersonId }).IsUnique();
        builder.Property(e => e.Letter).HasDefaultValue(LetterKind.Household).HasSentinel(LetterKind.Household);
        builder.Property(e => e.IsUnderHouseholdLink).HasDefaultValue(false).HasSentinel(false);
        builder.OwnsOne(e => e.Throttle);
        builder.OwnsOne(e => e.TakenLoginIds, taken => taken.Property(e => e.Count).HasDefaultValue(0).HasSentinel(0));
    }
}
