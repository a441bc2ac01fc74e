using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary>The claim files that a command is given: files, folders of a delivery, and their ZIPs, which stay open meanwhile.</summary>
internal sealed class ClaimInput : IDisposable
{
    private readonly List<ClaimArchive> _archives = [];
    private readonly List<ClaimSource> _files = [];

    private ClaimInput()
    {
    }

    public IReadOnlyList<ClaimSource> Files => _files;

    /// <exception cref="PortalInputException">A path leads nowhere, has no claims in it, or is a ZIP that is not to be read.</exception>
    public static ClaimInput Open(CommandRun run, string[] paths)
    {
        var input = new ClaimInput();
        try
        {
            foreach (var path in paths)
            {
                input.Add(run, path);
            }

            return input;
        }
        catch (ClaimArchiveException exception)
        {
            input.Dispose();
            throw new PortalInputException(exception.Message);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    public void Dispose() => _archives.ForEach(archive => archive.Dispose());

    private void Add(CommandRun run, string path)
    {
        if (Directory.Exists(path))
        {
            var delivery = ClaimDelivery.Find(path);
            Add(run, path, [.. delivery.Claims.Select(ClaimSource.OfFile)], delivery.Ignored);
            return;
        }

        CommandFiles.OpenToRead(path).Dispose();
        if (!ClaimArchive.IsArchive(path))
        {
            _files.Add(ClaimSource.OfFile(path));
            return;
        }

        var archive = ClaimArchive.Open(path);
        _archives.Add(archive);
        Add(run, path, archive.Claims, archive.Ignored);
    }

    private void Add(CommandRun run, string path, IReadOnlyList<ClaimSource> claims, IReadOnlyList<string> ignored)
    {
        if (claims.Count == 0)
        {
            var isPacked = ignored.Any(name => name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase));
            throw new PortalInputException((isPacked ? ClaimCommandText.OnlyArchives : CommandText.ClaimsNoFiles).With(path));
        }

        _files.AddRange(claims);
        foreach (var name in ignored)
        {
            run.Complain((IsReturn(name) ? ClaimCommandText.IgnoredReturn : CommandText.ClaimsIgnored).With(name));
        }
    }

    /// <summary>返戻 and 再審査等返戻, as institutions get them.</summary>
    private static bool IsReturn(string name) => Path.GetExtension(name).ToUpperInvariant() is ".HEN" or ".SAH";
}
