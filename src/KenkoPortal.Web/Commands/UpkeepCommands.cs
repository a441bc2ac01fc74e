using System.CommandLine;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;

namespace KenkoPortal.Web.Commands;

/// <summary><c>backup</c>, <c>restore</c> and <c>migrate</c>: what is done to the database as a whole.</summary>
internal static class UpkeepCommands
{
    public static Command BuildMigrate(CommandFrame frame)
    {
        var command = new Command("migrate", CommandText.Migrate);
        frame.SetAction(command, async run =>
        {
            await using var portal = await run.OpenAsync(Opening.Unchecked);
            var applied = await run.Progress.ShowAsync(
                CommandText.MigrateWorking,
                _ => portal.Services.GetRequiredService<Migrator>().MigrateAsync(run.Cancellation));
            run.Say(applied == 0 ? CommandText.MigrateNothing : CommandText.MigrateDone.With(applied));
            return PortalCommandLine.Done;
        });
        return command;
    }
}
