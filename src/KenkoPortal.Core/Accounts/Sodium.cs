using System.Runtime.InteropServices;
using System.Text;

namespace KenkoPortal.Core.Accounts;

/// <summary>The few functions of libsodium (Debian: libsodium23) that are called.</summary>
internal static partial class Sodium
{
    private const string Library = "libsodium.so.23";
    private const int StringLength = 128;
    private const ulong Passes = 2;
    private const nuint MemoryBytes = 19 * 1024 * 1024;

    private static readonly Lazy<bool> Available = new(() => NativeLibrary.TryLoad(Library, typeof(Sodium).Assembly, null, out _) && Initialize() >= 0);

    public static bool IsAvailable => Available.Value;

    public static string Hash(byte[] password)
    {
        var output = new byte[StringLength];
        if (PwhashStr(output, password, (ulong)password.Length, Passes, MemoryBytes) != 0)
        {
            throw new InvalidOperationException("Argon2id could not get its memory.");
        }

        return Encoding.ASCII.GetString(output, 0, Array.IndexOf(output, (byte)0));
    }

    /// <exception cref="InvalidOperationException">The library is missing, so that no Argon2id string can be verified.</exception>
    public static bool Verify(string stored, byte[] password)
    {
        if (!IsAvailable)
        {
            throw new InvalidOperationException("libsodium is not installed, and a stored password needs it.");
        }

        var text = new byte[StringLength];
        Encoding.ASCII.GetBytes(stored, text);
        return PwhashStrVerify(text, password, (ulong)password.Length) == 0;
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str")]
    private static partial int PwhashStr([Out] byte[] output, byte[] password, ulong length, ulong passes, nuint memory);

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_verify")]
    private static partial int PwhashStrVerify(byte[] stored, byte[] password, ulong length);
}
