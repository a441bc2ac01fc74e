using System.Reflection;
using KenkoPortal.Core.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KenkoPortal.Core.Data;

/// <summary>
/// Gives the rows of one person to another. It finds the columns in the model by their names, so that a table that is added later is not forgotten. It must run inside
/// a unit of work.
/// </summary>
public sealed class PersonRows(PortalContext db)
{
    private const int IdsPerQuery = 500;

    private static readonly MethodInfo OneColumn = typeof(PersonRows).GetMethod(nameof(MoveColumnAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>Every column that names a person: <c>PersonId</c>, <c>SetByPersonId</c> and their like, and <c>ViewerId</c>.</summary>
    public static IReadOnlyList<IProperty> ColumnsOf(IModel model) =>
    [
        .. model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(ITenantOwned)) && e.GetTableName() is not null)
            .SelectMany(e => e.GetProperties())
            .Where(p => p.ClrType.IsAssignableTo(typeof(Guid?)) || p.ClrType == typeof(Guid))
            .Where(p => p.Name.EndsWith("PersonId", StringComparison.Ordinal) || p.Name == "ViewerId"),
    ];

    /// <summary>Moves all rows. One that the other person has already (the same month seen, the same line hidden) stays where it is.</summary>
    /// <returns>The ids of what moved, by column.</returns>
    public async Task<Dictionary<string, List<Guid>>> MoveAsync(Guid from, Guid to, CancellationToken cancellationToken)
    {
        var moved = new Dictionary<string, List<Guid>>(StringComparer.Ordinal);
        foreach (var column in ColumnsOf(db.Model))
        {
            if (await MoveAsync(column, from, to, only: null, cancellationToken) is { Count: > 0 } ids)
            {
                moved[NameOf(column)] = ids;
            }
        }

        return moved;
    }

    /// <summary>Moves those rows back that are still there and still the person's.</summary>
    public async Task MoveBackAsync(IReadOnlyDictionary<string, List<Guid>> moved, Guid from, Guid to, CancellationToken cancellationToken)
    {
        foreach (var column in ColumnsOf(db.Model))
        {
            if (moved.TryGetValue(NameOf(column), out var ids))
            {
                await MoveAsync(column, from, to, [.. ids], cancellationToken);
            }
        }
    }

    private static string NameOf(IProperty column) => $"{column.DeclaringType.ClrType.Name}.{column.Name}";

    private Task<List<Guid>> MoveAsync(IProperty column, Guid from, Guid to, HashSet<Guid>? only, CancellationToken cancellationToken) =>
        (Task<List<Guid>>)OneColumn.MakeGenericMethod(column.DeclaringType.ClrType).Invoke(this, [column, from, to, only, cancellationToken])!;

    private async Task<List<Guid>> MoveColumnAsync<TEntity>(IProperty column, Guid from, Guid to, HashSet<Guid>? only, CancellationToken cancellationToken)
        where TEntity : class
    {
        var rows = await Of<TEntity>(column, from).AsNoTracking().ToListAsync(cancellationToken);
        var id = column.DeclaringType.FindProperty("Id")!.PropertyInfo!;
        if (only is not null)
        {
            rows.RemoveAll(row => !only.Contains((Guid)id.GetValue(row)!));
        }

        if (rows.Count == 0)
        {
            return [];
        }

        foreach (var index in column.GetContainingIndexes().Where(i => i.IsUnique))
        {
            var others = index.Properties.Where(p => p != column).Select(p => p.PropertyInfo!).ToList();
            var taken = (await Of<TEntity>(column, to).AsNoTracking().ToListAsync(cancellationToken)).Select(KeyOf).ToHashSet(StringComparer.Ordinal);
            rows.RemoveAll(row => taken.Contains(KeyOf(row)));

            string KeyOf(TEntity row) => string.Join('\n', others.Select(p => p.GetValue(row)));
        }

        var ids = rows.ConvertAll(row => (Guid)id.GetValue(row)!);
        foreach (var some in ids.Chunk(IdsPerQuery))
        {
            var those = db.Set<TEntity>().Where(row => some.Contains(EF.Property<Guid>(row, "Id")));
            await (column.IsNullable
                ? those.ExecuteUpdateAsync(set => set.SetProperty(row => EF.Property<Guid?>(row, column.Name), (Guid?)to), cancellationToken)
                : those.ExecuteUpdateAsync(set => set.SetProperty(row => EF.Property<Guid>(row, column.Name), to), cancellationToken));
        }

        return ids;
    }

    private IQueryable<TEntity> Of<TEntity>(IProperty column, Guid person)
        where TEntity : class => column.IsNullable
            ? db.Set<TEntity>().Where(row => EF.Property<Guid?>(row, column.Name) == person)
            : db.Set<TEntity>().Where(row => EF.Property<Guid>(row, column.Name) == person);
}
