using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace KenkoPortal.Core.Data.Postgres;

/// <summary>
/// Tells PostgreSQL, on each connection that the context opens, in which society it acts, so that row-level security shows that
/// society's rows alone (row Z5). It always sets both, so that nothing of the connection's life before is left.
/// </summary>
internal sealed class SocietyOnConnection : DbConnectionInterceptor
{
    public static readonly SocietyOnConnection Instance = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Setting(connection, eventData);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Setting(connection, eventData);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Setting(DbConnection connection, ConnectionEndEventData eventData)
    {
        var current = (eventData.Context as PortalContext)?.Current;
        var command = ((NpgsqlConnection)connection).CreateCommand();
        command.CommandText = "SELECT set_config('portal.society', $1, false), set_config('portal.scope', $2, false)";
        command.Parameters.AddWithValue(current is { IsKnown: true } ? current.Id.ToString() : "");
        command.Parameters.AddWithValue(current is { IsScheduling: true } ? "scheduling" : "");
        return command;
    }
}
