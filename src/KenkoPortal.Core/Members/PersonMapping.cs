using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KenkoPortal.Core.Members;

internal sealed class PersonMapping : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => new { e.SocietyId, e.HouseholdId });
        builder.HasIndex(e => new { e.SocietyId, e.BirthDate, e.KanaKey });
        builder.HasIndex(e => new { e.SocietyId, e.ListOrder });
    }
}
