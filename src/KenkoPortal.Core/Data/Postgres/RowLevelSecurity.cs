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

    /// <summary>Anybody finds a society; a society's own row alone may be written, and by the grant only its revision. The owner writes settings, so this does not bind it.</summary>
    public static void FenceSocieties(this MigrationBuilder migration)
    {
        if (migration.IsNpgsql())
        {
            migration.Sql("""
                ALTER TABLE "Societies" ENABLE ROW LEVEL SECURITY;
                CREATE POLICY directory ON "Societies" FOR SELECT USING (true);
                CREATE POLICY own ON "Societies" FOR UPDATE
                    USING ("Id" = NULLIF(current_setting('portal.society', true), '')::uuid)
                    WITH CHECK ("Id" = NULLIF(current_setting('portal.society', true), '')::uuid);
                """);
        }
    }

    /// <summary>A sealed event is never sealed again, and a chain only grows. Both bind the owner too; a restore deletes and inserts.</summary>
    public static void FenceAudit(this MigrationBuilder migration)
    {
        if (migration.IsNpgsql())
        {
            migration.Sql("""
                CREATE POLICY sealed ON "AuditEvents" AS RESTRICTIVE FOR UPDATE USING ("Sequence" IS NULL AND "Hash" IS NULL) WITH CHECK (true);
                CREATE FUNCTION portal_chain_grows() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW."Length" < OLD."Length" OR (NEW."Length" = OLD."Length" AND NEW."Head" <> OLD."Head") OR NEW."SocietyId" <> OLD."SocietyId" THEN
                        RAISE EXCEPTION 'an audit chain only grows' USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    RETURN NEW;
                END
                $$;
                CREATE TRIGGER chain_grows BEFORE UPDATE ON "AuditChains" FOR EACH ROW EXECUTE FUNCTION portal_chain_grows();
                """);
        }
    }

    /// <summary>Scheduling reads views with ids and times. The tables behind them open to their owner alone, as whom PostgreSQL runs a view.</summary>
    public static void OpenToScheduling(this MigrationBuilder migration, IEnumerable<(string View, string Table, string Query)> views)
    {
        if (!migration.IsNpgsql())
        {
            return;
        }

        foreach (var (view, table, query) in views)
        {
            migration.Sql($"""
                CREATE POLICY scheduling ON "{table}" FOR SELECT TO CURRENT_USER USING (current_setting('portal.scope', true) = 'scheduling');
                CREATE VIEW "{view}" AS {query};
                """);
        }
    }

    /// <summary>A column of bytes is read a piece at a time: stored as it is, PostgreSQL fetches that piece alone. Compressed it would unpack all before it.</summary>
    public static void ReadInPieces(this MigrationBuilder migration, string table, string column)
    {
        if (migration.IsNpgsql())
        {
            migration.Sql($"""ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STORAGE EXTERNAL""");
        }
    }

    private static bool IsNpgsql(this MigrationBuilder migration) =>
        string.Equals(migration.ActiveProvider, "Npgsql.EntityFrameworkCore.PostgreSQL", StringComparison.Ordinal);
}
