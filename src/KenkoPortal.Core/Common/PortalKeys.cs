using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace KenkoPortal.Core.Common;

/// <summary>What a derived key is for. Each purpose has a key of its own; the names are part of the derivation and never change.</summary>
public enum KeyPurpose
{
    ProvisionalPassword,
    RegistrationLink,
    ReissueLink,
    ReissuePassword,
    AddressLink,
    CanonicalAddress,
    ReturnPath,
    KnownDevice,
    LinkCookie,
    DoneMark,
    AddressUse,
    BackupManifest,
}

/// <summary>
/// The keys that are not in the database: one master key in a file, one derived key (HKDF-SHA-256) a purpose. Who holds a copy of the
/// database alone can neither follow a mailed link nor test a letter's password (docs/decisions/ADR-006-keys.md).
/// </summary>
public sealed class PortalKeys
{
    private const string FileName = "portal.key";
    private const int KeyLength = 32;
    private readonly Dictionary<KeyPurpose, byte[]> _keys;

    private PortalKeys(byte[] master)
    {
        _keys = Enum.GetValues<KeyPurpose>().ToDictionary(
            purpose => purpose,
            purpose => HKDF.DeriveKey(HashAlgorithmName.SHA256, master, KeyLength, info: Encoding.ASCII.GetBytes($"kenko/{purpose}")));
        Fingerprint = HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 16, info: "kenko/fingerprint"u8.ToArray());
    }

    /// <summary>Tells whether a database belongs to these keys, without telling anything of them.</summary>
    public byte[] Fingerprint { get; }

    /// <summary>Reads the master key of the folder, or makes one (readable by its owner only) where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is no key.</exception>
    public static PortalKeys LoadOrCreate(string directory)
    {
        PrivateFiles.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            Make(path);
        }

        return TryParse(File.ReadAllText(path)) ?? throw new InvalidDataException($"{path} is not a key of {KeyLength} bytes in base64.");
    }

    /// <summary>Two that start at once make one key: <see cref="File.Move(string, string)"/> alone would let the later one take the place of what the first has used.</summary>
    private static void Make(string path)
    {
        using var only = FileLock.Wait(path + ".lock");
        if (!File.Exists(path))
        {
            var fresh = $"{path}.{Guid.CreateVersion7():N}";
            PrivateFiles.WriteAllText(fresh, Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength)));
            File.Move(fresh, path);
        }
    }

    /// <summary>The keys of a master key as its file holds it, in base64; null where it is none.</summary>
    public static PortalKeys? TryParse(string text)
    {
        var master = new byte[KeyLength];
        return Convert.TryFromBase64String(text.Trim(), master, out var length) && length == KeyLength ? new PortalKeys(master) : null;
    }

    public byte[] Mac(KeyPurpose purpose, ReadOnlySpan<byte> data) => HMACSHA256.HashData(_keys[purpose], data);

    public byte[] Mac(KeyPurpose purpose, string text) => Mac(purpose, Encoding.UTF8.GetBytes(text));

    public bool IsMac(KeyPurpose purpose, ReadOnlySpan<byte> data, ReadOnlySpan<byte> mac) =>
        CryptographicOperations.FixedTimeEquals(Mac(purpose, data).AsSpan(0, Math.Min(mac.Length, 32)), mac) && mac.Length >= 10;

    /// <summary>The token of a mailed link: 160 bits, base64url, the same each time that it is asked for.</summary>
    public string Token(KeyPurpose purpose, Guid id) => Base64Url.EncodeToString(Mac(purpose, id.ToByteArray()).AsSpan(0, 20));

    /// <summary>A signed id, for cookies: 16 bytes of id, 16 of MAC, base64url.</summary>
    public string Sign(KeyPurpose purpose, Guid id)
    {
        Span<byte> bytes = stackalloc byte[32];
        id.TryWriteBytes(bytes);
        Mac(purpose, bytes[..16]).AsSpan(0, 16).CopyTo(bytes[16..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The id of a string that <see cref="Sign"/> made; anything else is null. TryDecodeFromChars throws for characters that are not its own.</summary>
    public Guid? Verify(KeyPurpose purpose, string? signed)
    {
        Span<byte> bytes = stackalloc byte[32];
        return signed is { Length: 43 } && Base64Url.IsValid(signed) && Base64Url.TryDecodeFromChars(signed, bytes, out var length) && length == 32
            && IsMac(purpose, bytes[..16], bytes[16..])
            ? new Guid(bytes[..16])
            : null;
    }
}
