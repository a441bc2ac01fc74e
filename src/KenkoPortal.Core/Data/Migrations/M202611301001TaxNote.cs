using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>Adds the society's sentence about attaching the printed notice to a tax return.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611301001_TaxNote")]
public sealed class M202611301001TaxNote : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AddColumn<string>("TaxNote", "Societies", nullable: true);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("TaxNote", "Societies");
}
