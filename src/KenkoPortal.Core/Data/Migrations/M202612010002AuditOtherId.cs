using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>An event may be about a second row. Until now the account that was removed stood in the event's text.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202612010002_AuditOtherId")]
public sealed class M202612010002AuditOtherId : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<Guid>("OtherId", "AuditEvents", nullable: true);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("OtherId", "AuditEvents");
}
