using KenkoPortal.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>Whose prescriptions a pharmacy's claim is for and when they were issued; the institutions that members keep from the household.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611300301_Prescriptions")]
public sealed class M202611300301Prescriptions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in new[] { "ReceivedClaims", "MedicalCostLines" })
        {
            migrationBuilder.AddColumn<string>("PrescriberName", table, nullable: true);
            migrationBuilder.AddColumn<string>("PrescribedMonths", table, nullable: true);
        }

        migrationBuilder.AddColumn<string>("InstitutionName", "HiddenClaims", nullable: true);
        migrationBuilder.CreateTable(
            name: "HiddenInstitutions",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                InstitutionKey = table.Column<string>(nullable: false),
                InstitutionName = table.Column<string>(nullable: false),
                HiddenAt = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_HiddenInstitutions", x => x.Id));
        migrationBuilder.CreateIndex("IX_HiddenInstitutions_SocietyId_PersonId_InstitutionKey", "HiddenInstitutions", ["SocietyId", "PersonId", "InstitutionKey"], unique: true);
        migrationBuilder.EnableRowLevelSecurity("HiddenInstitutions");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("What members hide is not shown again; restore a backup instead.");
}
