using KenkoPortal.Core.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KenkoPortal.Core.Data.Backup;

/// <summary>A column as a backup holds it: by the type that the database gives, not by the entity's.</summary>
internal sealed record BackupColumn(string Name, Type Type, bool IsNullable);

/// <summary>A table as a backup holds it, read off the model: a new field needs nothing here.</summary>
internal sealed record BackupTable(string Name, IReadOnlyList<BackupColumn> Columns, bool IsTenant, string Key)
{
    /// <summary>What a restore would only throw away, or what speaks of one database and not of its contents.</summary>
    private static readonly string[] LeftOut = ["Installations", "JobLeases", "KnownDevices", "PortalSessions", "PostmasterMails"];

    private static readonly Type[] Types = [typeof(Guid), typeof(string), typeof(int), typeof(long), typeof(decimal), typeof(bool), typeof(byte[]), typeof(DateTime), typeof(DateOnly)];

    /// <summary>Every table of the portal, the left-out ones too.</summary>
    public static IReadOnlyList<BackupTable> All(PortalContext db) =>
        [.. db.Model.GetRelationalModel().Tables.Select(Of).OrderBy(t => t.Name, StringComparer.Ordinal)];

    public bool IsKept => !LeftOut.Contains(Name, StringComparer.Ordinal);

    public string ColumnList => string.Join(", ", Columns.Select(c => $"\"{c.Name}\""));

    private static BackupTable Of(ITable table)
    {
        var columns = table.Columns.Select(c => new BackupColumn(c.Name, Nullable.GetUnderlyingType(c.ProviderClrType) ?? c.ProviderClrType, c.IsNullable))
            .OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
        if (columns.Find(c => !Types.Contains(c.Type)) is { } unknown)
        {
            throw new NotSupportedException($"A backup cannot hold {table.Name}.{unknown.Name} of type {unknown.Type.Name}.");
        }

        var isTenant = table.EntityTypeMappings.Any(m => m.TypeBase.ClrType.IsAssignableTo(typeof(ITenantOwned)));
        return new BackupTable(table.Name, columns, isTenant, string.Join(", ", table.PrimaryKey!.Columns.Select(c => $"\"{c.Name}\"")));
    }
}
