using System.Buffers;
using System.Data.Common;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data.Postgres;
using KenkoPortal.Core.Data.Sqlite;
using Npgsql;

namespace KenkoPortal.Core.Data.Backup;

/// <summary>What a restore brought back.</summary>
/// <param name="MadeAt">When the backup was made; what happened after it is gone.</param>
/// <param name="KeysReplaced">The keys of the backup took the place of those that were there: a portal that runs must be started anew.</param>
/// <param name="Copy">Where the state of before is now; null where there was none.</param>
/// <param name="Shortened">Societies whose audit chain is shorter now.</param>
public sealed record RestoreReport(DateTimeOffset MadeAt, int Societies, long Rows, bool KeysReplaced, string? Copy, IReadOnlyList<ShortenedChain> Shortened);

/// <summary>A society's audit chain that a restore cut.</summary>
public sealed record ShortenedChain(Guid Society, long Before, long After);

/// <summary>What whoever restores decided.</summary>
/// <param name="Copy">The file that the state of before is written to first.</param>
/// <param name="AcceptsKeysOfFile">
/// The file's own keys prove it, since this installation has none that could: who has those keys could have changed the file.
/// </param>
public sealed record RestoreWishes(string Copy, bool AcceptsKeysOfFile = false);

/// <summary>
/// Puts the contents of a backup in place of the database's, in one transaction and only after every byte of the file was checked.
/// A new epoch begins: sessions, device cookies, mailed links and queued mail of before are dead, posted letters live (row G4).
/// </summary>
public sealed class PortalRestore(PortalDatabase database, PortalKeys keys, Migrator migrator, PortalBackup backup, SqliteMaintenance maintenance, TimeProvider clock)
{
    private const int BatchSize = 1000;
    private const int LongestLine = 4 * 1024 * 1024;

    /// <param name="path">The file.</param>
    /// <param name="keysDirectory">The folder of portal.key.</param>
    /// <param name="wishes">What whoever restores decided.</param>
    /// <param name="actor">Who does it, for the audit.</param>
    /// <param name="progress">Told every now and then; a row counts when it is checked and again when it is written.</param>
    /// <param name="cancellationToken">Leaves the database as it was.</param>
    /// <exception cref="PortalInputException">The file is broken, was changed, or is of another version, or its keys are not those of a database in use. Nothing was changed.</exception>
    public async Task<RestoreReport> RestoreAsync(
        string path, string keysDirectory, RestoreWishes wishes, Action<CurrentActor> actor, IProgress<BackupProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            await using var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8, cancellationToken);
            return await RestoreAsync(path, zip, keysDirectory, wishes, actor, progress, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or JsonException or EndOfStreamException)
        {
            throw new PortalInputException(BackupText.Broken.With(path, exception.GetType().Name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PortalInputException(BackupText.CannotRead.With(path));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new PortalInputException(BackupText.OwnerNeeded);
        }
    }

    private async Task<RestoreReport> RestoreAsync(
        string path,
        ZipArchive zip,
        string keysDirectory,
        RestoreWishes wishes,
        Action<CurrentActor> actor,
        IProgress<BackupProgress>? progress,
        CancellationToken cancellationToken)
    {
        var (manifest, bytes) = await ReadManifestAsync(path, zip, cancellationToken);
        await migrator.PrepareAsync(cancellationToken);
        await using var db = migrator.Open(asOwner: true);
        var used = await Migrator.FingerprintInUseAsync(db, cancellationToken);
        var keyFiles = await ReadKeysAsync(zip, manifest, cancellationToken);
        var replacesKeys = ReplacesKeys(path, manifest, used);
        var keysOfFile = replacesKeys ? PortalKeys.TryParse(Encoding.ASCII.GetString(keyFiles.Find(f => f.Name == KeyFiles.Master).Bytes))! : keys;
        await RefuseChangedAsync(path, zip, manifest, bytes, keysOfFile, cancellationToken);
        if (replacesKeys && used is null && !wishes.AcceptsKeysOfFile)
        {
            throw new PortalInputException(BackupText.ProvesItself.With(path));
        }

        if (manifest.Migration != Migrator.LatestMigration(db))
        {
            throw new PortalInputException(BackupText.OtherVersion.With(path, manifest.Migration, Migrator.LatestMigration(db)));
        }

        var tables = BackupTable.All(db);
        var parts = Parts(manifest, tables);
        var (total, done) = (parts.Sum(p => p.Part.Rows) * 2, 0L);
        foreach (var (part, table) in parts)
        {
            await foreach (var batch in RowsAsync(zip, part, table, cancellationToken))
            {
                progress?.Report(new BackupProgress(done += batch.Count, total));
            }
        }

        var copy = used is null ? null : wishes.Copy;
        if (copy is not null)
        {
            await backup.CopyAsync(copy, keysOfFile, replacesKeys ? null : keysDirectory, cancellationToken);
        }

        IReadOnlyList<ShortenedChain> shortened;
        var undoKeys = replacesKeys ? KeyFiles.Install(keysDirectory, keyFiles, clock.GetUtcNow()) : null;
        try
        {
            shortened = await WriteAsync(zip, manifest, tables, parts, actor, rows => progress?.Report(new BackupProgress(done += rows, total)), cancellationToken);
        }
        catch (Exception exception) when (exception is not CommitUnconfirmedException)
        {
            // After an unconfirmed commit the data may be there, and only these keys fit them.
            undoKeys?.Invoke();
            throw;
        }

        if (!database.IsPostgres)
        {
            await maintenance.TruncateLogAsync(cancellationToken);
        }

        return new RestoreReport(manifest.MadeAt, parts.Where(p => p.Part.Society is not null).DistinctBy(p => p.Part.Society).Count(), total / 2, replacesKeys, copy, shortened);
    }

    private static async Task<(BackupManifest Manifest, byte[] Bytes)> ReadManifestAsync(string path, ZipArchive zip, CancellationToken cancellationToken)
    {
        var bytes = await ReadEntryAsync(zip, BackupManifest.Entry, cancellationToken);
        using var json = JsonDocument.Parse(bytes);
        if (json.RootElement.TryGetProperty("format", out var format) && format.TryGetInt32(out var number) && number > BackupManifest.CurrentFormat)
        {
            throw new PortalInputException(BackupText.NewerFormat.With(path));
        }

        return (JsonSerializer.Deserialize<BackupManifest>(bytes, BackupManifest.Json) ?? throw new FormatException("No manifest."), bytes);
    }

    /// <summary>The manifest names every other entry with its checksum, and only who has the keys can sign a manifest: nothing of the file was changed, added or taken away (row G6).</summary>
    private static async Task RefuseChangedAsync(
        string path, ZipArchive zip, BackupManifest manifest, byte[] bytes, PortalKeys keysOfFile, CancellationToken cancellationToken)
    {
        var mac = new byte[SHA256.HashSizeInBytes];
        var text = await ReadEntryAsync(zip, BackupManifest.MacEntry, cancellationToken);
        var named = manifest.Tables.Select(t => t.Entry).Concat(manifest.Keys.Select(k => k.Entry)).Append(BackupManifest.Entry).Append(BackupManifest.MacEntry);
        if (Convert.FromHexString(Encoding.ASCII.GetString(text), mac, out _, out var length) != OperationStatus.Done || length != mac.Length || !keysOfFile.IsMac(KeyPurpose.BackupManifest, bytes, mac)
            || !zip.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal).SequenceEqual(named.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            throw new PortalInputException(BackupText.Changed.With(path));
        }
    }

    /// <summary>Every table that is kept, once; those of societies once for each, and nothing else.</summary>
    private static List<(BackupPart Part, BackupTable Table)> Parts(BackupManifest manifest, IReadOnlyList<BackupTable> tables)
    {
        var parts = manifest.Tables.Select(p => (p, tables.SingleOrDefault(t => t.Name == p.Table && t.IsKept && t.IsTenant == p.Society is not null))).ToList();
        var societies = manifest.Tables.Select(p => p.Society).OfType<Guid>().Distinct().Count();
        var expected = tables.Where(t => t.IsKept).Sum(t => t.IsTenant ? societies : 1);
        return parts.TrueForAll(p => p.Item2 is not null) && parts.Count == expected && parts.DistinctBy(p => (p.p.Table, p.p.Society)).Count() == expected
            ? parts.ConvertAll(p => (p.p, p.Item2!))
            : throw new FormatException("The tables are not those of this version.");
    }

    private static async Task<List<(string Name, byte[] Bytes)>> ReadKeysAsync(ZipArchive zip, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var files = new List<(string, byte[])>();
        foreach (var key in manifest.Keys)
        {
            var bytes = await ReadEntryAsync(zip, key.Entry, cancellationToken);
            Check(bytes, key.Sha256);
            files.Add(KeyFiles.IsOne(key.Name) ? (key.Name, bytes) : throw new FormatException("Not a key file."));
        }

        var master = files.Find(f => f.Item1 == KeyFiles.Master).Item2;
        return files.Count == 0 || (master is not null && FingerprintOf(PortalKeys.TryParse(Encoding.ASCII.GetString(master))) == manifest.KeyFingerprint)
            ? files
            : throw new FormatException("The key is not the one that the data were made with.");
    }

    /// <summary>
    /// The keys go with the data. A database in use with other keys keeps them and refuses; an empty one, or one whose keys were lost
    /// and made anew, takes those of the backup.
    /// </summary>
    private bool ReplacesKeys(string path, BackupManifest manifest, byte[]? used)
    {
        if (manifest.KeyFingerprint == FingerprintOf(keys))
        {
            return false;
        }

        if (manifest.Keys.Count == 0)
        {
            throw new PortalInputException(BackupText.KeysMissing.With(path));
        }

        return used is null || Convert.ToHexStringLower(used) == manifest.KeyFingerprint
            ? true
            : throw new PortalInputException(BackupText.KeysDiffer.With(path));
    }

    private async Task<IReadOnlyList<ShortenedChain>> WriteAsync(
        ZipArchive zip,
        BackupManifest manifest,
        IReadOnlyList<BackupTable> tables,
        List<(BackupPart Part, BackupTable Table)> parts,
        Action<CurrentActor> actor,
        Action<int> written,
        CancellationToken cancellationToken)
    {
        var gate = database.WriteGate;
        if (gate is not null)
        {
            await gate.WaitAsync(cancellationToken);
        }

        try
        {
            await using var connection = database.CreateConnection(asOwner: true);
            await connection.OpenAsync(cancellationToken);
            await ExecuteAsync(connection, database.IsPostgres ? "" : SqlitePragmas.Pragmas, cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var before = await EmptyAsync(connection, tables, cancellationToken);
            foreach (var (part, table) in parts)
            {
                if (part.Society is { } society)
                {
                    await SocietyRows.EnterAsync(connection, society, cancellationToken);
                }

                await using var insert = RowInsert.Into(connection, table);
                await foreach (var batch in RowsAsync(zip, part, table, cancellationToken))
                {
                    await insert.WriteAsync(batch, cancellationToken);
                    written(batch.Count);
                }
            }

            var shortened = await BeginEpochAsync(connection, manifest, before, actor, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await ConfirmedCommit.RunAsync(transaction);
            return shortened;
        }
        finally
        {
            gate?.Release();
        }
    }

    /// <returns>The heads of the audit chains that were there.</returns>
    private async Task<List<BackupHead>> EmptyAsync(DbConnection connection, IReadOnlyList<BackupTable> tables, CancellationToken cancellationToken)
    {
        var heads = new List<BackupHead>();
        if (database.IsPostgres)
        {
            // Writers wait; readers go on with the state of before until the commit.
            await ExecuteAsync(connection, $"LOCK TABLE {string.Join(", ", tables.Select(t => $"\"{t.Name}\""))} IN EXCLUSIVE MODE", cancellationToken);
        }

        foreach (var society in await SocietyRows.IdsAsync(connection, cancellationToken))
        {
            if (await SocietyRows.HeadAsync(connection, society, cancellationToken) is { } head)
            {
                heads.Add(head);
            }

            foreach (var table in tables.Where(t => t.IsTenant))
            {
                await ExecuteAsync(connection, $"DELETE FROM \"{table.Name}\" WHERE \"SocietyId\" = @society", cancellationToken, ("society", society));
            }
        }

        foreach (var table in tables.Where(t => !t.IsTenant))
        {
            await ExecuteAsync(connection, $"DELETE FROM \"{table.Name}\"", cancellationToken);
        }

        return heads;
    }

    /// <summary>What was mailed or queued before is dead, whichever came after the backup too; letters live.</summary>
    private async Task<List<ShortenedChain>> BeginEpochAsync(
        DbConnection connection, BackupManifest manifest, List<BackupHead> before, Action<CurrentActor> actor, CancellationToken cancellationToken)
    {
        var (now, current, shortened) = (clock.GetUtcNow(), new CurrentActor(), new List<ShortenedChain>());
        actor(current);
        foreach (var society in await SocietyRows.IdsAsync(connection, cancellationToken))
        {
            await SocietyRows.EnterAsync(connection, society, cancellationToken);
            var (head, length) = (before.Find(h => h.Society == society), manifest.Heads.FirstOrDefault(h => h.Society == society)?.Length ?? 0);
            if (head is not null && head.Length > length)
            {
                shortened.Add(new ShortenedChain(society, head.Length, length));
            }

            await ExecuteAsync(
                connection,
                """
                UPDATE "RegistrationLinks" SET "EndedAt" = @now WHERE "SocietyId" = @society AND "EndedAt" IS NULL;
                UPDATE "ReissueRequests" SET "EndedAt" = @now WHERE "SocietyId" = @society AND "EndedAt" IS NULL;
                UPDATE "AddressConfirmations" SET "EndedAt" = @now WHERE "SocietyId" = @society AND "EndedAt" IS NULL;
                UPDATE "OutboxMails" SET "FailedAt" = @now, "NotSent" = 'NothingToSay', "LeasedUntil" = NULL WHERE "SocietyId" = @society AND "SentAt" IS NULL AND "FailedAt" IS NULL;
                DELETE FROM "MailAsks" WHERE "SocietyId" = @society AND "DecidedAt" IS NULL;
                INSERT INTO "AuditEvents" ("Id", "SocietyId", "At", "Actor", "Kind", "SubjectId", "Detail")
                    VALUES (@id, @society, @now, @actor, @kind, @society, @detail);
                """,
                cancellationToken,
                ("now", now.UtcDateTime),
                ("society", society),
                ("id", Guid.CreateVersion7(now)),
                ("actor", current.Name),
                ("kind", nameof(AuditKind.Restored)),
                ("detail", new RestoredDetail(manifest.MadeAt, head?.Length ?? 0, head?.Hash ?? "-", length).ToString()));
        }

        await ExecuteAsync(
            connection,
            """INSERT INTO "Installations" ("Id", "KeyFingerprint", "RestoredAt") VALUES (@id, @fingerprint, @now)""",
            cancellationToken,
            ("id", Installation.TheOnly),
            ("fingerprint", Convert.FromHexString(manifest.KeyFingerprint)),
            ("now", now.UtcDateTime));
        return shortened;
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        if (sql.Length == 0)
        {
            return;
        }

        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            SocietyRows.Add(command, name, value);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows of a part in batches. Count and checksum are judged at its end, so whoever writes them must be able to go back.</summary>
    private static async IAsyncEnumerable<List<object?[]>> RowsAsync(
        ZipArchive zip, BackupPart part, BackupTable table, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var society = table.IsTenant ? table.Columns.ToList().FindIndex(c => c.Name == "SocietyId") : -1;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = await EntryOf(zip, part.Entry).OpenAsync(cancellationToken);
        var (batch, rows) = (new List<object?[]>(BatchSize), 0L);
        await foreach (var line in LinesAsync(stream, cancellationToken))
        {
            hash.AppendData(line.Span);
            var values = RowJson.Read(table, line);
            if (society >= 0 && !Equals(values[society], part.Society))
            {
                throw new FormatException("A row is of another society.");
            }

            batch.Add(values);
            rows++;
            if (batch.Count == BatchSize)
            {
                yield return batch;
                batch = new List<object?[]>(BatchSize);
            }
        }

        if (rows != part.Rows || Convert.ToHexStringLower(hash.GetHashAndReset()) != part.Sha256)
        {
            throw new FormatException("A table is not complete.");
        }

        yield return batch;
    }

    /// <summary>Lines with their line feed.</summary>
    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(
        Stream stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        while (true)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var next = buffer.GetPosition(1, end);
                yield return buffer.Slice(0, next).ToArray();
                buffer = buffer.Slice(next);
            }

            if (buffer.Length > LongestLine || (read.IsCompleted && !buffer.IsEmpty))
            {
                throw new FormatException("A line has no end.");
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                await pipe.CompleteAsync();
                yield break;
            }
        }
    }

    private static string? FingerprintOf(PortalKeys? portalKeys) => portalKeys is null ? null : Convert.ToHexStringLower(portalKeys.Fingerprint);

    private static ZipArchiveEntry EntryOf(ZipArchive zip, string name) => zip.GetEntry(name) ?? throw new FormatException("An entry is missing.");

    private static async Task<byte[]> ReadEntryAsync(ZipArchive zip, string name, CancellationToken cancellationToken)
    {
        var entry = EntryOf(zip, name);
        if (entry.Length > LongestLine)
        {
            throw new FormatException("An entry is too long.");
        }

        await using var stream = await entry.OpenAsync(cancellationToken);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, cancellationToken);
        return memory.ToArray();
    }

    private static void Check(byte[] bytes, string sha256)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256)
        {
            throw new FormatException("A checksum does not fit.");
        }
    }
}
