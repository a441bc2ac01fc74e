using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace KenkoPortal.Core.Common;

/// <summary>Random secrets and the hashes under which they are stored.</summary>
public static class Secrets
{
    /// <summary>A random token of 256 bits, base64url.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256; enough for tokens that hold at least 128 random bits.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
