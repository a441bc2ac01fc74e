using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>A run of a members' list keeps the days by which the next one is told to be older.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611300901_ListDays")]
public sealed class M202611300901ListDays : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateOnly>("NewestOn", "ImportRuns", nullable: true);
        migrationBuilder.AddColumn<DateOnly>("AsOf", "ImportRuns", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("NewestOn", "ImportRuns");
        migrationBuilder.DropColumn("AsOf", "ImportRuns");
    }
}
