using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>Adds the society's own headings of the members' list.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611301101_MemberHeadings")]
public sealed class M202611301101MemberHeadings : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<string>("MemberHeadings", "Societies", nullable: true);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("MemberHeadings", "Societies");
}
