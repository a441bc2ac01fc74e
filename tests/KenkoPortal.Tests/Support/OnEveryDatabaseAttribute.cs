using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace KenkoPortal.Tests.Support;

public enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>
/// Runs a theory once on each database, given as its first argument. PostgreSQL needs the connection string of a superuser in the
/// environment variable KENKO_TEST_POSTGRES; without it that run shows as skipped.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEveryDatabaseAttribute : DataAttribute
{
    /// <summary>Leaves SQLite out, for what it has not: roles, row-level security.</summary>
    public bool OnlyPostgres { get; set; }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var postgres = new TheoryDataRow<DatabaseKind>(DatabaseKind.Postgres) { Skip = TestDatabase.PostgresAdmin is null ? "KENKO_TEST_POSTGRES is not set" : null };
        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            OnlyPostgres ? [postgres] : [new TheoryDataRow<DatabaseKind>(DatabaseKind.Sqlite), postgres]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
