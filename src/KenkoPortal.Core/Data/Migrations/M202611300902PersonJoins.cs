using KenkoPortal.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>Which two people of the list are one.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611300902_PersonJoins")]
public sealed class M202611300902PersonJoins : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "PersonJoins",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                StayedId = table.Column<Guid>(nullable: false),
                GoneId = table.Column<Guid>(nullable: false),
                JoinedAt = table.Column<DateTime>(nullable: false),
                UndoneAt = table.Column<DateTime>(nullable: true),
                Moved = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_PersonJoins", x => x.Id));
        migrationBuilder.CreateIndex("IX_PersonJoins_SocietyId_StayedId", "PersonJoins", ["SocietyId", "StayedId"]);
        migrationBuilder.EnableRowLevelSecurity("PersonJoins");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Who is one person is not forgotten again; restore a backup instead.");
}
