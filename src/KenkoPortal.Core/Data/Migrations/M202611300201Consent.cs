using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>
/// The start value of 公開設定 becomes a day from which it counts for new registrations, a raised age of guardians one from which it holds, and a period of
/// disclosure says why it began. A society whose start value was 公開する starts closed: its members were never told of a day, and the upgrade opens nobody.
/// </summary>
[DbContext(typeof(PortalContext))]
[Migration("202611300201_Consent")]
public sealed class M202611300201Consent : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Cause", "DisclosureSettings", nullable: false, defaultValue: "Chosen");
        migrationBuilder.AddColumn<DateOnly>("DiscloseByDefaultFrom", "Societies", nullable: true);
        migrationBuilder.AddColumn<int>("GuardianAgeBefore", "Societies", nullable: true);
        migrationBuilder.AddColumn<DateOnly>("GuardianAgeFrom", "Societies", nullable: true);
        // Entity Framework would write the whole table anew on SQLite, and needs a model of it for that.
        migrationBuilder.Sql("""ALTER TABLE "Societies" DROP COLUMN "DiscloseByDefault";""");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Who registered under which start value is not forgotten again; restore a backup instead.");
}
