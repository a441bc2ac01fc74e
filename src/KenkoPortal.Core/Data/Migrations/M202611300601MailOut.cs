using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>What a bounce says and whether it counts, when an address bounced last, and why a mail waits or was not sent.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611300601_MailOut")]
public sealed class M202611300601MailOut : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Status", "BounceReports", nullable: true);
        migrationBuilder.AddColumn<string>("Domain", "BounceReports", nullable: true);
        migrationBuilder.AddColumn<bool>("IsHeldBack", "BounceReports", nullable: false, defaultValue: false);
        migrationBuilder.CreateIndex("IX_BounceReports_SocietyId_Domain_ReceivedAt", "BounceReports", ["SocietyId", "Domain", "ReceivedAt"]);
        migrationBuilder.AddColumn<DateTime>("LastBounceAt", "AccountMailAddresses", nullable: true);
        migrationBuilder.AddColumn<DateTime>("RefusedAt", "OutboxMails", nullable: true);
        migrationBuilder.AddColumn<DateTime>("RetriedAt", "OutboxMails", nullable: true);
        migrationBuilder.AddColumn<string>("NotSent", "OutboxMails", nullable: true);
        migrationBuilder.AddColumn<string>("Reply", "OutboxMails", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropIndex("IX_BounceReports_SocietyId_Domain_ReceivedAt", "BounceReports");
        migrationBuilder.DropColumn("Status", "BounceReports");
        migrationBuilder.DropColumn("Domain", "BounceReports");
        migrationBuilder.DropColumn("IsHeldBack", "BounceReports");
        migrationBuilder.DropColumn("LastBounceAt", "AccountMailAddresses");
        migrationBuilder.DropColumn("RefusedAt", "OutboxMails");
        migrationBuilder.DropColumn("RetriedAt", "OutboxMails");
        migrationBuilder.DropColumn("NotSent", "OutboxMails");
        migrationBuilder.DropColumn("Reply", "OutboxMails");
    }
}
