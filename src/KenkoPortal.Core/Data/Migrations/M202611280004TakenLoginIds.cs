using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>How often a member was told of a login ID that it is taken: kept here, since a restart of the portal must not begin the count anew.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611280004_TakenLoginIds")]
public sealed class M202611280004TakenLoginIds : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("TakenLoginIds_Count", "MemberAccounts", nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<DateOnly>("TakenLoginIds_Day", "MemberAccounts", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("TakenLoginIds_Count", "MemberAccounts");
        migrationBuilder.DropColumn("TakenLoginIds_Day", "MemberAccounts");
    }
}
