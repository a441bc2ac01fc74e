using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>What one of <c>./kenko</c>'s commands took, less what it takes for next to nothing: the start of the process, and all that is compiled and opened once.</summary>
/// <param name="Seconds">The difference.</param>
/// <param name="PeakMebibytes">The most memory that it had.</param>
internal sealed record CommandTime(double Seconds, double PeakMebibytes)
{
    /// <param name="small">A store of its own for next to nothing.</param>
    /// <param name="little">The command for it.</param>
    /// <param name="store">The store that is measured.</param>
    /// <param name="much">The command that is measured.</param>
    public static async Task<CommandTime> OfAsync(PortalStore small, string[] little, PortalStore store, string[] much)
    {
        var start = await small.CommandAsync(little);
        var all = await store.CommandAsync(much);
        return new CommandTime((all.Took - start.Took).TotalSeconds, all.PeakKibibytes / 1024.0);
    }
}
