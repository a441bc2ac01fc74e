using KenkoPortal.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>Scheduling read whole rows of publications, with counts of people; now it reads the day alone (finding S8).</summary>
[DbContext(typeof(PortalContext))]
[Migration("202612010001_UnmailedNotices")]
public sealed class M202612010001UnmailedNotices : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.NarrowScheduling([ScheduledWork.UnmailedNotices]);
}
