using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace KenkoPortal.Core.Accounts;

/// <summary>
/// Stores passwords as Argon2id (libsodium, PHC string: 19 MiB, t = 2, p = 1, as OWASP advises) or, where the library is missing, as
/// PBKDF2-SHA512 × 210,000. The stored string names its scheme, and a weaker one is replaced at the next login.
/// </summary>
public sealed class PasswordHashing(HashingGate gate)
{
    private const string Pbkdf2Prefix = "$pbkdf2-sha512$";
    private const int Pbkdf2Rounds = 210_000;
    private const int SaltLength = 16;
    private const int HashLength = 32;

    private static readonly Lazy<string> Nobody = new(() => Hash(Common.Secrets.NewToken()));

    /// <exception cref="PortalBusyException">The queue is full.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        gate.RunAsync(() => Hash(password), cancellationToken);

    /// <summary>Verifies against the stored string; without one (nobody has that ID) it costs the same and fails.</summary>
    /// <exception cref="PortalBusyException">The queue is full.</exception>
    public Task<bool> VerifyAsync(string? stored, string password, CancellationToken cancellationToken) =>
        gate.RunAsync(() => Verify(stored ?? Nobody.Value, password) && stored is not null, cancellationToken);

    /// <summary>Spends what a login costs, where the secret itself is no password (the letter's).</summary>
    /// <exception cref="PortalBusyException">The queue is full.</exception>
    public Task SpendAsync(CancellationToken cancellationToken) => VerifyAsync(null, "", cancellationToken);

    /// <summary>Whether the stored string was made with the scheme of today.</summary>
    public static bool IsCurrent(string stored) => Sodium.IsAvailable == stored.StartsWith("$argon2id$", StringComparison.Ordinal);

    private static string Hash(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        if (Sodium.IsAvailable)
        {
            return Sodium.Hash(bytes);
        }

        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var hash = Rfc2898DeriveBytes.Pbkdf2(bytes, salt, Pbkdf2Rounds, HashAlgorithmName.SHA512, HashLength);
        return string.Create(CultureInfo.InvariantCulture, $"{Pbkdf2Prefix}{Pbkdf2Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    private static bool Verify(string stored, string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        if (!stored.StartsWith(Pbkdf2Prefix, StringComparison.Ordinal))
        {
            return Sodium.Verify(stored, bytes);
        }

        var parts = stored[Pbkdf2Prefix.Length..].Split('$');
        var rounds = int.Parse(parts[0], CultureInfo.InvariantCulture);
        var expected = Convert.FromBase64String(parts[2]);
        var hash = Rfc2898DeriveBytes.Pbkdf2(bytes, Convert.FromBase64String(parts[1]), rounds, HashAlgorithmName.SHA512, expected.Length);
        return CryptographicOperations.FixedTimeEquals(hash, expected);
    }
}
