using System.Buffers;
using System.Data;
using System.Data.Common;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Societies;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Data.Backup;

/// <summary>How far a backup or a restore has come, in rows.</summary>
public sealed record BackupProgress(long Done, long Total);

/// <summary>What was put into a backup.</summary>
public sealed record BackupReport(int Societies, long Rows, bool HasKeys);

/// <summary>
/// Writes everything into one file, the same for both databases, from one snapshot while the portal serves: a zip of JSON lines with
/// counts and checksums. With the keys it is all that a new machine needs (docs/decisions/ADR-006-keys.md).
/// </summary>
public sealed class PortalBackup(PortalDatabase database, PortalKeys keys, Migrator migrator, SocietyScopes scopes, TimeProvider clock)
{
    private const int ProgressEvery = 1000;

    /// <param name="path">The file; an older one of that name is replaced once the new one is complete.</param>
    /// <param name="keysDirectory">The folder of portal.key; null leaves the keys out.</param>
    /// <param name="actor">Who does it, for the audit.</param>
    /// <param name="progress">Told every now and then.</param>
    /// <param name="cancellationToken">Leaves no file behind.</param>
    /// <exception cref="PortalInputException">The database must be migrated first, or the file cannot be written.</exception>
    public async Task<BackupReport> BackUpAsync(
        string path, string? keysDirectory, Action<CurrentActor> actor, IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        if (!await migrator.IsReadyAsync(cancellationToken))
        {
            throw new PortalInputException(DataText.NotMigrated);
        }

        var (societies, report) = await WriteFileAsync(path, keys, keysDirectory, progress, cancellationToken);
        foreach (var society in societies)
        {
            await using var scope = scopes.Open(society, actor);
            await scope.ServiceProvider.GetRequiredService<UnitOfWork>().CommitAsync(
                () =>
                {
                    scope.ServiceProvider.GetRequiredService<AuditTrail>().Add(AuditKind.BackupMade, society.Id, keysDirectory is null ? "keys=no" : "keys=yes");
                    return Task.CompletedTask;
                },
                cancellationToken);
        }

        return report;
    }

    /// <summary>Writes the file and nothing else; for a restore, which is about to replace what the file holds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keysOfData">The keys that the data were made with.</param>
    /// <param name="keysDirectory">The folder of those keys; null leaves them out.</param>
    /// <param name="cancellationToken">Leaves no file behind.</param>
    internal Task CopyAsync(string path, PortalKeys keysOfData, string? keysDirectory, CancellationToken cancellationToken) =>
        WriteFileAsync(path, keysOfData, keysDirectory, null, cancellationToken);

    private async Task<(List<Society> Societies, BackupReport Report)> WriteFileAsync(
        string path, PortalKeys keysOfData, string? keysDirectory, IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        var unfinished = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Guid.CreateVersion7():N}.tmp");
        try
        {
            (List<Society>, BackupReport) written;
            await using (var file = PrivateFiles.Create(unfinished))
            {
                written = await WriteAsync(file, keysOfData, keysDirectory, progress, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
            return written;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PortalInputException(BackupText.CannotWrite.With(path));
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }
    }

    private async Task<(List<Society> Societies, BackupReport Report)> WriteAsync(
        Stream file, PortalKeys keysOfData, string? keysDirectory, IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        await using var db = migrator.Open(asOwner: false);
        var tables = BackupTable.All(db).Where(t => t.IsKept).ToList();
        var societies = await db.Societies.AsNoTracking().OrderBy(s => s.Id).ToListAsync(cancellationToken);
        await using var connection = database.CreateConnection();
        await connection.OpenAsync(cancellationToken);
        await using var snapshot = await BeginAsync(connection, cancellationToken);
        var madeAt = clock.GetUtcNow();
        var places = await PlacesAsync(connection, tables, cancellationToken);
        var total = await CountAsync(connection, places, cancellationToken);
        var (parts, done) = (new List<BackupPart>(), 0L);
        await using var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken);
        foreach (var (table, society) in places)
        {
            var before = done;
            parts.Add(await WriteTableAsync(
                zip,
                connection,
                table,
                society,
                rows =>
                {
                    done = before + rows;
                    progress?.Report(new BackupProgress(done, total));
                },
                cancellationToken));
            done = before + parts[^1].Rows;
        }

        progress?.Report(new BackupProgress(done, total));
        var keyFiles = keysDirectory is null ? [] : await WriteKeysAsync(zip, keysDirectory, cancellationToken);
        var heads = new List<BackupHead>();
        foreach (var society in places.Select(p => p.Society).OfType<Guid>().Distinct())
        {
            if (await SocietyRows.HeadAsync(connection, society, cancellationToken) is { } head)
            {
                heads.Add(head);
            }
        }

        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat, madeAt, Migrator.LatestMigration(db), Convert.ToHexStringLower(keysOfData.Fingerprint), heads, parts, keyFiles);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, BackupManifest.Json);
        await WriteEntryAsync(zip, BackupManifest.Entry, bytes, cancellationToken);
        await WriteEntryAsync(zip, BackupManifest.MacEntry, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(keysOfData.Mac(KeyPurpose.BackupManifest, bytes))), cancellationToken);
        return (societies, new BackupReport(places.Select(p => p.Society).OfType<Guid>().Distinct().Count(), done, keyFiles.Count > 0));
    }

    /// <summary>One state of the whole database, without stopping anybody.</summary>
    private static async Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (connection is SqliteConnection sqlite)
        {
            return sqlite.BeginTransaction(IsolationLevel.Serializable, deferred: true);
        }

        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SET TRANSACTION READ ONLY";
        await command.ExecuteNonQueryAsync(cancellationToken);
        return transaction;
    }

    /// <summary>Every table once, those of societies once for each.</summary>
    private static async Task<List<(BackupTable Table, Guid? Society)>> PlacesAsync(
        DbConnection connection, List<BackupTable> tables, CancellationToken cancellationToken)
    {
        var societies = await SocietyRows.IdsAsync(connection, cancellationToken);
        return
        [
            .. tables.Where(t => !t.IsTenant).Select(t => (t, (Guid?)null)),
            .. societies.SelectMany(s => tables.Where(t => t.IsTenant).Select(t => (t, (Guid?)s))),
        ];
    }

    private static async Task<long> CountAsync(DbConnection connection, List<(BackupTable Table, Guid? Society)> places, CancellationToken cancellationToken)
    {
        var total = 0L;
        foreach (var (table, society) in places)
        {
            await using var command = await SocietyRows.SelectAsync(connection, "count(*)", table, society, cancellationToken);
            total += Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        }

        return total;
    }

    private static async Task<BackupPart> WriteTableAsync(
        ZipArchive zip, DbConnection connection, BackupTable table, Guid? society, Action<long> isAt, CancellationToken cancellationToken)
    {
        var name = society is { } id ? $"societies/{id:N}/{table.Name}.jsonl" : $"{table.Name}.jsonl";
        await using var entry = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellationToken);
        await using var command = await SocietyRows.SelectAsync(connection, table.ColumnList, table, society, cancellationToken);
        command.CommandText += $" ORDER BY {table.Key}";
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, count) = (new ArrayBufferWriter<byte>(64 * 1024), 0L);
        while (await rows.ReadAsync(cancellationToken))
        {
            RowJson.Write(buffer, table, rows);
            if (++count % ProgressEvery == 0)
            {
                await FlushAsync();
                isAt(count);
            }
        }

        await FlushAsync();
        return new BackupPart(name, table.Name, society, count, Convert.ToHexStringLower(hash.GetHashAndReset()));

        async ValueTask FlushAsync()
        {
            hash.AppendData(buffer.WrittenSpan);
            await entry.WriteAsync(buffer.WrittenMemory, cancellationToken);
            buffer.ResetWrittenCount();
        }
    }

    private static async Task<List<BackupKeyFile>> WriteKeysAsync(ZipArchive zip, string directory, CancellationToken cancellationToken)
    {
        var files = new List<BackupKeyFile>();
        foreach (var path in Directory.EnumerateFiles(directory).Where(f => KeyFiles.IsOne(Path.GetFileName(f))).Order(StringComparer.Ordinal))
        {
            var (name, bytes) = (Path.GetFileName(path), await File.ReadAllBytesAsync(path, cancellationToken));
            await WriteEntryAsync(zip, $"keys/{name}", bytes, cancellationToken);
            files.Add(new BackupKeyFile($"keys/{name}", name, Convert.ToHexStringLower(SHA256.HashData(bytes))));
        }

        return files;
    }

    private static async Task WriteEntryAsync(ZipArchive zip, string name, byte[] bytes, CancellationToken cancellationToken)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync(cancellationToken);
        await entry.WriteAsync(bytes, cancellationToken);
    }
}
