using KenkoPortal.Core.Common;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary>Files that a command is given, refused in words where they cannot be used.</summary>
internal static class CommandFiles
{
    /// <exception cref="PortalInputException">It is not there, a folder, or not for us to read.</exception>
    public static FileStream OpenToRead(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PortalInputException(CommandText.InputMissing.With(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new PortalInputException(Directory.Exists(path) ? CommandText.InputIsFolder.With(path) : CommandText.InputUnreadable.With(path));
        }
    }

    /// <summary>The whole path of a file that is to be written.</summary>
    /// <exception cref="PortalInputException">Its folder is missing, or it is a folder itself.</exception>
    public static string ToWrite(string path)
    {
        var whole = Path.GetFullPath(path);
        if (Directory.Exists(whole))
        {
            throw new PortalInputException(CommandText.OutputIsFolder.With(path));
        }

        return Directory.Exists(Path.GetDirectoryName(whole))
            ? whole
            : throw new PortalInputException(CommandText.OutputFolderMissing.With(Path.GetDirectoryName(whole)));
    }
}
