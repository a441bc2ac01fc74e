using System.CommandLine;
using KenkoPortal.Web.Commands;

namespace KenkoPortal.Tests.Commands;

/// <summary>The portal's command tree, as <c>./kenko</c> builds it. Nothing of it is run.</summary>
internal static class CommandTree
{
    public static RootCommand Root { get; } = PortalCommandLine.Build(new CommandSurroundings(
        TextWriter.Null, TextWriter.Null, IsTerminal: false, new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase), CancellationToken.None));

    /// <summary>Every command by its path below the root: "", "society", "society add" …</summary>
    public static IEnumerable<string> Paths => PathsBelow(Root, "");

    private static IEnumerable<string> PathsBelow(Command command, string path) =>
        [path, .. command.Subcommands.SelectMany(child => PathsBelow(child, $"{path} {child.Name}".TrimStart()))];
}
