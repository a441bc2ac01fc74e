using System.Text;

namespace KenkoPortal.Core.Common;

/// <summary>Files and folders that nobody but the portal's own user may read.</summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerDirectory);
        }
    }

    /// <summary>Opens a file for writing.</summary>
    /// <exception cref="IOException">It exists already (with <see cref="FileMode.CreateNew"/>), or cannot be written.</exception>
    public static FileStream Create(string path, FileMode mode = FileMode.CreateNew) => Open(path, mode, FileShare.Read);

    /// <summary>Opens a file for writing, beside whom it lets.</summary>
    /// <exception cref="IOException">It exists already (with <see cref="FileMode.CreateNew"/>), is held by another, or cannot be written.</exception>
    internal static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return new FileStream(path, options);
    }

    public static void WriteAllText(string path, string text)
    {
        using var stream = Create(path);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }
}
