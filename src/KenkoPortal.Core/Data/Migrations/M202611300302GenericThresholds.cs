using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>What decides whether a drug is told to a viewer from whom some of its claims are hidden.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611300302_GenericThresholds")]
public sealed class M202611300302GenericThresholds : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("ProductCode", "GenericDrugLines", nullable: true);
        migrationBuilder.AddColumn<int>("Days", "GenericDrugLines", nullable: true);
        migrationBuilder.AddColumn<string>("Mark", "GenericDrugLines", nullable: true);
        migrationBuilder.AddColumn<int>("GenericLeastYen", "Publications", nullable: true);
        migrationBuilder.AddColumn<int>("GenericLeastDays", "Publications", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("A line that is in no notice would become one; restore a backup instead.");
}
