using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace KenkoPortal.Tests.Data;

/// <summary>Migrations are written by hand; they and the model must come to the same tables.</summary>
public sealed class SchemaTests
{
    private const string SqliteColumns =
        """
        SELECT m.name, 'column', c.name, c.type, c."notnull", c.pk, c.dflt_value
        FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\_\_EF%' ESCAPE '\' AND m.name NOT LIKE 'sqlite%'
        """;

    private const string SqliteIndexes =
        """
        SELECT m.name, 'index', i.name, i."unique", x.seqno, x.name, x."desc", x.coll
        FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_xinfo(i.name) x
        WHERE m.type = 'table' AND m.name NOT LIKE '\_\_EF%' ESCAPE '\' AND m.name NOT LIKE 'sqlite%' AND x.key = 1
        """;

    private const string PostgresColumns =
        """
        SELECT table_name, 'column', column_name, data_type, is_nullable, character_maximum_length, datetime_precision, column_default
        FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\_\_EF%'
        """;

    private const string PostgresIndexes =
        "SELECT tablename, 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_EF%'";

    [Theory, OnEveryDatabase]
    public async Task Migrating_an_empty_database_comes_to_the_schema_of_the_model(DatabaseKind kind)
    {
        await using var migrated = await TestDatabase.CreateAsync(kind, isEmpty: true);
        await using var created = await TestDatabase.CreateAsync(kind, isEmpty: true);
        await new Migrator(migrated.Database, migrated.Keys, NullLogger<Migrator>.Instance).MigrateAsync(TestContext.Current.CancellationToken);
        await using (var model = Context(created.Database))
        {
            await model.Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        }

        string[] queries = kind is DatabaseKind.Sqlite ? [SqliteColumns, SqliteIndexes] : [PostgresColumns, PostgresIndexes];
        foreach (var query in queries)
        {
            var (ofModel, ofMigrations) = (await ReadAsync(created.Database, query), await ReadAsync(migrated.Database, query));
            Assert.NotEmpty(ofModel);
            Assert.Equal<IEnumerable<string>>(ofModel, ofMigrations);
        }
    }

    [Theory, OnEveryDatabase]
    public async Task Z5_Every_tenant_table_is_kept_apart(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var db = Context(database.Database);
        var tenants = db.Model.GetEntityTypes().Where(e => e.FindProperty("SocietyId") is not null && !e.IsOwned() && e.FindPrimaryKey() is not null).ToList();

        Assert.NotEmpty(tenants);
        Assert.All(tenants, e => Assert.True(e.ClrType.IsAssignableTo(typeof(ITenantOwned)), $"{e.ShortName()} has a SocietyId and is no ITenantOwned"));
        Assert.All(tenants, e => Assert.NotNull(e.FindDeclaredQueryFilter(PortalContext.SocietyFilter)));
        if (kind is DatabaseKind.Postgres)
        {
            var forced = await ReadAsync(database.Database, "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity");
            Assert.Equal<IEnumerable<string>>(tenants.Select(e => e.GetTableName()!).Order(StringComparer.Ordinal), forced);
        }
    }

    private static PortalContext Context(PortalDatabase database)
    {
        var options = new DbContextOptionsBuilder<PortalContext>();
        database.Configure(options, asOwner: true);
        return new PortalContext(options.Options).For(new CurrentSociety());
    }

    private static async Task<List<string>> ReadAsync(PortalDatabase database, string query)
    {
        await using var connection = database.CreateConnection(asOwner: true);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
