using KenkoPortal.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>Asks tell how they came in and may wait; what is refused is counted; a mail to the postmaster waits to be forwarded.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611300501_InboundAsks")]
public sealed class M202611300501InboundAsks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Way", "MailAsks", nullable: false, defaultValue: "Form");
        migrationBuilder.AddColumn<string>("AnswerTo", "MailAsks", nullable: true);
        migrationBuilder.AddColumn<bool>("LeadsToForm", "MailAsks", nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<string>("Devices", "MailAsks", nullable: true);
        migrationBuilder.AddColumn<bool>("IsOwners", "MailAsks", nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<DateTime>("WaitsSince", "MailAsks", nullable: true);

        migrationBuilder.CreateTable(
            name: "AuditTallies",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                At = table.Column<DateTime>(nullable: false),
                Actor = table.Column<string>(nullable: false),
                Kind = table.Column<string>(nullable: false),
                SubjectId = table.Column<Guid>(nullable: true),
                Detail = table.Column<string>(nullable: true),
                Count = table.Column<int>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_AuditTallies", x => x.Id));
        migrationBuilder.CreateIndex("IX_AuditTallies_SocietyId_At", "AuditTallies", ["SocietyId", "At"]);

        migrationBuilder.CreateTable(
            name: "PostmasterMails",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                ReceivedAt = table.Column<DateTime>(nullable: false),
                Source = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_PostmasterMails", x => x.Id));
        migrationBuilder.CreateIndex("IX_PostmasterMails_SocietyId_ReceivedAt", "PostmasterMails", ["SocietyId", "ReceivedAt"]);
        migrationBuilder.EnableRowLevelSecurity("AuditTallies", "PostmasterMails");

        // Looks that are repeated and alarms are looked for by their subject.
        migrationBuilder.CreateIndex("IX_AuditEvents_SocietyId_SubjectId_At", "AuditEvents", ["SocietyId", "SubjectId", "At"]);

        // The number that was everybody's becomes the one that follows the society's size; asks no longer have an event of their own.
        migrationBuilder.Sql("""UPDATE "Societies" SET "MailAsksPerHour" = 0 WHERE "MailAsksPerHour" = 2000""");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("IX_AuditEvents_SocietyId_SubjectId_At", "AuditEvents");
        migrationBuilder.DropTable("PostmasterMails");
        migrationBuilder.DropTable("AuditTallies");
        foreach (var column in new[] { "Way", "AnswerTo", "LeadsToForm", "Devices", "IsOwners", "WaitsSince" })
        {
            migrationBuilder.DropColumn(column, "MailAsks");
        }
    }
}
