using KenkoPortal.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>What protection needs to know of accounts: with which letter they were made, who had which address and lived where, and what counts no more.</summary>
/// <remarks>Of older accounts and credentials nobody knows the letter: they count as the household's.</remarks>
[DbContext(typeof(PortalContext))]
[Migration("202611300101_Protection")]
public sealed class M202611300101Protection : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Letter", "ProvisionalCredentials", nullable: false, defaultValue: "Household");
        migrationBuilder.AddColumn<string>("Letter", "MemberAccounts", nullable: false, defaultValue: "Household");
        migrationBuilder.AddColumn<bool>("IsUnderHouseholdLink", "MemberAccounts", nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<DateTime>("RecoveredAt", "MemberAccounts", nullable: true);
        migrationBuilder.AddColumn<DateTime>("WaitsSince", "MemberAccounts", nullable: true);
        migrationBuilder.AddColumn<DateTime>("NoticesHeldSince", "MemberAccounts", nullable: true);
        migrationBuilder.AddColumn<DateTime>("UntrustedAt", "AccountMailAddresses", nullable: true);
        migrationBuilder.AddColumn<Guid>("BoundByPersonId", "RegistrationLinks", nullable: true);
        migrationBuilder.CreateTable(
            name: "AddressUses",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                AddressMac = table.Column<string>(nullable: false),
                Since = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_AddressUses", x => x.Id));
        migrationBuilder.CreateIndex("IX_AddressUses_SocietyId_PersonId", "AddressUses", ["SocietyId", "PersonId"]);
        migrationBuilder.CreateTable(
            name: "FormerHouseholds",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                HouseholdId = table.Column<Guid>(nullable: false),
                LeftAt = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_FormerHouseholds", x => x.Id));
        migrationBuilder.CreateIndex("IX_FormerHouseholds_SocietyId_PersonId", "FormerHouseholds", ["SocietyId", "PersonId"]);
        migrationBuilder.CreateIndex("IX_FormerHouseholds_SocietyId_HouseholdId", "FormerHouseholds", ["SocietyId", "HouseholdId"]);
        migrationBuilder.EnableRowLevelSecurity("AddressUses", "FormerHouseholds");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Protection is not taken out again; restore a backup instead.");
}
