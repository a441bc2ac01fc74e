using System.Data.Common;
using KenkoPortal.Core.Audit;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Verify;

/// <summary>Asks a database whether it is whole.</summary>
internal static class Integrity
{
    /// <summary>The lease of a sealer that was killed runs out after half a minute.</summary>
    private static readonly TimeSpan Sealing = TimeSpan.FromSeconds(90);

    /// <summary>What is wrong with the files, as SQLite's <c>integrity_check</c> or PostgreSQL's amcheck (heap, and each index against its heap) tell it.</summary>
    /// <param name="store">The database.</param>
    /// <param name="isQuick">SQLite's <c>quick_check</c>, which leaves out comparing the indexes; on PostgreSQL the heaps alone.</param>
    public static async Task<IReadOnlyList<string>> FaultsAsync(PortalStore store, bool isQuick)
    {
        await using var connection = await store.OpenAsync();
        if (store.Kind is DatabaseKind.Sqlite)
        {
            var said = await ListAsync(connection, isQuick ? "PRAGMA quick_check" : "PRAGMA integrity_check");
            return [.. said.Where(line => line != "ok")];
        }

        await ListAsync(connection, "CREATE EXTENSION IF NOT EXISTS amcheck");
        var faults = await ListAsync(connection, """
            SELECT c.relname || ': ' || v.msg FROM pg_class c, LATERAL verify_heapam(c.oid) v
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            """);
        if (!isQuick)
        {
            // It raises an error where an index does not fit.
            await ListAsync(connection, """
                SELECT bt_index_check(i.indexrelid, true)::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND c.relnamespace = 'public'::regnamespace
                """);
        }

        return faults;
    }

    /// <summary>Faults in the chain of a society's events, and events that are not in it although its job had time to seal them.</summary>
    public static async Task<int> ChainFaultsAsync(Stage stage, CancellationToken cancellationToken)
    {
        await stage.UntilAsync(Sealing, async () => !await stage.ReadAsync(db => db.AuditEvents.AnyAsync(e => e.Sequence == null, cancellationToken)));
        var report = await stage.People.AsStaffAsync(services => services.GetRequiredService<AuditSealing>().VerifyAsync(cancellationToken));
        return report.Faults.Count + report.Unsealed + (report.Sealed == 0 ? 1 : 0);
    }

    private static async Task<List<string>> ListAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // written here
        command.CommandText = sql;
#pragma warning restore CA2100
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            lines.Add(await reader.IsDBNullAsync(0, CancellationToken.None) ? "" : reader.GetString(0));
        }

        return lines;
    }
}
