using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>Adds when a reissue was finished, which tells a used link from a voided one.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611301002_ReissueDone")]
public sealed class M202611301002ReissueDone : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<DateTimeOffset>("DoneAt", "ReissueRequests", nullable: true);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("DoneAt", "ReissueRequests");
}
