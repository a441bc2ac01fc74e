using System.Security.Cryptography;
using System.Text.RegularExpressions;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Data.Backup;

/// <summary>The files of the keys folder that a backup holds: the master key, and ASP.NET's data-protection keys.</summary>
internal static partial class KeyFiles
{
    public const string Master = "portal.key";

    /// <summary>Also what keeps a name in a backup from leading out of the folder.</summary>
    public static bool IsOne(string name) => name == Master || DataProtectionKey().IsMatch(name);

    /// <summary>Puts keys into the folder, each whole or not at all. A master key that was there stays beside it under another name.</summary>
    /// <returns>Undoes it.</returns>
    public static Action Install(string directory, IReadOnlyList<(string Name, byte[] Bytes)> files, DateTimeOffset now)
    {
        PrivateFiles.CreateDirectory(directory);
        var undo = new Stack<Action>();
        foreach (var (name, bytes) in files)
        {
            var path = Path.Combine(directory, name);
            var fresh = Path.Combine(directory, $".{name}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
            using (var stream = PrivateFiles.Create(fresh))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            if (File.Exists(path))
            {
                var old = $"{path}.before-restore-{now:yyyyMMddHHmmss}";
                File.Copy(path, old, overwrite: true);
                undo.Push(() => File.Move(old, path, overwrite: true));
            }
            else
            {
                undo.Push(() => File.Delete(path));
            }

            File.Move(fresh, path, overwrite: true);
        }

        return () =>
        {
            foreach (var step in undo)
            {
                step();
            }
        };
    }

    [GeneratedRegex("^key-[0-9a-fA-F-]{36}[.]xml$", RegexOptions.None, 1000)]
    private static partial Regex DataProtectionKey();
}
