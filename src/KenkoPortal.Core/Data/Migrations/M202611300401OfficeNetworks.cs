using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>Addresses from which a whole office logs in, and how often they may.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611300401_OfficeNetworks")]
public sealed class M202611300401OfficeNetworks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("OfficeNetworks", "Societies", nullable: false, defaultValue: "");
        migrationBuilder.AddColumn<int>("OfficeLoginsPerMinute", "Societies", nullable: false, defaultValue: 300);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("OfficeNetworks", "Societies");
        migrationBuilder.DropColumn("OfficeLoginsPerMinute", "Societies");
    }
}
