using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>How often the holder of a letter was told of a login ID that it is taken, as M202611280004 keeps it of members.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611280005_TakenLoginIdsOfLetters")]
public sealed class M202611280005TakenLoginIdsOfLetters : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("TakenLoginIds_Count", "ProvisionalCredentials", nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<DateOnly>("TakenLoginIds_Day", "ProvisionalCredentials", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("TakenLoginIds_Count", "ProvisionalCredentials");
        migrationBuilder.DropColumn("TakenLoginIds_Day", "ProvisionalCredentials");
    }
}
