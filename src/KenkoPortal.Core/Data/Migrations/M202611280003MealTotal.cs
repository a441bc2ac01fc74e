using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>What a line's meals cost in all: without it a line could not tell "no meals" from "the patient's part of them is unknown".</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611280003_MealTotal")]
public sealed class M202611280003MealTotal : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<int>("MealTotalYen", "MedicalCostLines", nullable: true);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropColumn("MealTotalYen", "MedicalCostLines");
}
