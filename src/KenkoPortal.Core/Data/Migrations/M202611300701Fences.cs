using KenkoPortal.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>
/// What row-level security left open to the serving role (finding S8): the societies' settings, the audit's seals, and whole rows for scheduling. The rights themselves are granted by
/// <see cref="Migrator"/>.
/// </summary>
[DbContext(typeof(PortalContext))]
[Migration("202611300701_Fences")]
public sealed class M202611300701Fences : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("Revision", "Societies", nullable: false, defaultValue: 0);
        migrationBuilder.FenceSocieties();
        migrationBuilder.FenceAudit();
        migrationBuilder.NarrowScheduling(ScheduledWork.Views.Where(v => v.View != "UnmailedNotices"));
        migrationBuilder.ReadInPieces("ArticleAttachments", "Content");
    }
}
