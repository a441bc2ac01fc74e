using System.Text.Json;
using System.Text.Json.Serialization;

namespace KenkoPortal.Core.Data.Backup;

/// <summary>
/// What a backup file holds, written last. <c>manifest.hmac</c> beside it is its HMAC-SHA-256 in hexadecimal, under a key derived from the master key: a checksum alone could be written anew by
/// who changes the file (row G6).
/// </summary>
/// <param name="Format">Of the file; this version reads <see cref="CurrentFormat"/>.</param>
/// <param name="MadeAt">The moment of the snapshot.</param>
/// <param name="Migration">Id of the newest migration of the database that it was made from.</param>
/// <param name="KeyFingerprint">Of the keys that its hashes were made with, in hexadecimal.</param>
/// <param name="Heads">The head of each society's audit chain.</param>
internal sealed record BackupManifest(
    int Format,
    DateTimeOffset MadeAt,
    string Migration,
    string KeyFingerprint,
    IReadOnlyList<BackupHead> Heads,
    IReadOnlyList<BackupPart> Tables,
    IReadOnlyList<BackupKeyFile> Keys)
{
    public const int CurrentFormat = 2;
    public const string Entry = "manifest.json";
    public const string MacEntry = "manifest.hmac";

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}

/// <summary>The rows of one table, of one society where it is a society's: one JSON object a line.</summary>
internal sealed record BackupPart(string Entry, string Table, Guid? Society, long Rows, string Sha256);

/// <summary>How long a society's audit chain was, and the hash of its last event in hexadecimal.</summary>
internal sealed record BackupHead(Guid Society, long Length, string Hash);

/// <summary>A file of the keys folder.</summary>
internal sealed record BackupKeyFile(string Entry, string Name, string Sha256);
