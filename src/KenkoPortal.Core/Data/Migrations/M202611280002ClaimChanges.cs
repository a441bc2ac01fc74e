using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>A hidden claim is known by each code and month that it had; of a received claim is kept when anything of it changed, not only its contents.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611280002_ClaimChanges")]
public sealed class M202611280002ClaimChanges : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("IX_HiddenClaims_SocietyId_PersonId_ClaimId", "HiddenClaims");
        migrationBuilder.CreateIndex(
            "IX_HiddenClaims_SocietyId_PersonId_ClaimId_Month_InstitutionKey", "HiddenClaims", ["SocietyId", "PersonId", "ClaimId", "Month", "InstitutionKey"], unique: true);
        migrationBuilder.RenameColumn("ReceivedAt", "ReceivedClaims", "ChangedAt");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("What a corrected claim was called before is not forgotten again; restore a backup instead.");
}
