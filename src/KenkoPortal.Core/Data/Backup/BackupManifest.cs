using System.Text.Json;
using System.Text.Json.Serialization;

namespace KenkoPortal.Core.Data.Backup;

/// <summary>What a backup file holds, written last. <c>manifest.sha256</c> beside it is its own SHA-256 in hexadecimal.</summary>
/// <param name="Format">Of the file; this version reads <see cref="CurrentFormat"/>.</param>
/// <param name="MadeAt">The moment of the snapshot.</param>
/// <param name="Migration">Id of the newest migration of the database that it was made from.</param>
/// <param name="KeyFingerprint">Of the keys that its hashes were made with, in hexadecimal.</param>
internal sealed record BackupManifest(
    int Format,
    DateTimeOffset MadeAt,
    string Migration,
    string KeyFingerprint,
    IReadOnlyList<BackupPart> Tables,
    IReadOnlyList<BackupKeyFile> Keys)
{
    public const int CurrentFormat = 1;
    public const string Entry = "manifest.json";
    public const string ChecksumEntry = "manifest.sha256";

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

/// <summary>A file of the keys folder.</summary>
internal sealed record BackupKeyFile(string Entry, string Name, string Sha256);
