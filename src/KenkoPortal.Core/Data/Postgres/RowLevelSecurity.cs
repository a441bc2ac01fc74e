using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Postgres;

/// <summary>Row-level security as migrations write it. SQLite has none; there the query filters stand alone.</summary>
internal static class RowLevelSecurity
{
    /// <summary>Shows and takes rows of the set society only, from the tables' owner too (FORCE).</summary>
    public static void EnableRowLevelSecurity(this MigrationBuilder migration, params string[] tables)
    {
        if (!migration.IsNpgsql())
        {
            return;
        }

        foreach (var table in tables)
        {
            migration.Sql($"""
                ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
                ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;
                CREATE POLICY society ON "{table}"
                    USING ("SocietyId" = NULLIF(current_setting('portal.society', true), '')::uuid)
                    WITH CHECK ("SocietyId" = NULLIF(current_setting('portal.society', true), '')::uuid);
                """);
        }
    }

    /// <summary>Lets a scheduling scope read, without a society, which societies have work.</summary>
    public static void AllowScheduling(this MigrationBuilder migration, params string[] tables)
    {
        if (!migration.IsNpgsql())
        {
            return;
        }

        foreach (var table in tables)
        {
            migration.Sql($"""
                CREATE POLICY scheduling ON "{table}" FOR SELECT USING (current_setting('portal.scope', true) = 'scheduling');
                """);
        }
    }

    private static bool IsNpgsql(this MigrationBuilder migration) =>
        string.Equals(migration.ActiveProvider, "Npgsql.EntityFrameworkCore.PostgreSQL", StringComparison.Ordinal);
}
