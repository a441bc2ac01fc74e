using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>Which delivery a received claim came with, and whom staff chose of several who fit.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611280001_ClaimOrder")]
public sealed class M202611280001ClaimOrder : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("DeliveredMonth", "ReceivedClaims", nullable: true);
        migrationBuilder.AddColumn<int>("BilledMonth", "ReceivedClaims", nullable: true);
        migrationBuilder.AddColumn<Guid>("ChosenPersonId", "ReceivedClaims", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("The order of deliveries is not forgotten again; restore a backup instead.");
}
