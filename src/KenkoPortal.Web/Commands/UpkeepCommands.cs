using System.CommandLine;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Data.Backup;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Web.Commands;

/// <summary><c>backup</c>, <c>restore</c> and <c>migrate</c>: what is done to the database as a whole.</summary>
internal static class UpkeepCommands
{
    public static Command BuildBackup(CommandFrame frame)
    {
        var file = new Argument<string>("FILE") { Description = CommandText.BackupFile };
        var withoutKeys = new Option<bool>("--without-keys") { Description = CommandText.BackupWithoutKeys };
        var command = new Command("backup", CommandText.Backup) { file, withoutKeys };
        frame.SetAction(command, async run =>
        {
            var path = CommandFiles.ToWrite(run.Value(file)!);
            var keys = run.Options.ActualKeysDirectory;
            await using var portal = await run.OpenAsync(Opening.Existing);
            var report = await run.Progress.ShowAsync(
                CommandText.BackupWorking,
                done => portal.Services.GetRequiredService<PortalBackup>()
                    .BackUpAsync(run.Value(file)!, run.Value(withoutKeys) ? null : keys, CommandRun.Act, done, run.Cancellation));
            run.Say(CommandText.BackupDone.With(report.Societies, report.Rows, path));
            run.Say(report.HasKeys ? CommandText.BackupSecret : CommandText.BackupSecretWithoutKeys.With(keys));
            return PortalCommandLine.Done;
        });
        return command;
    }

    public static Command BuildRestore(CommandFrame frame)
    {
        var file = new Argument<string>("FILE") { Description = CommandText.RestoreFile };
        var yes = new Option<bool>("--yes") { Description = UpkeepText.Yes };
        var acceptKeys = new Option<bool>("--accept-keys") { Description = UpkeepText.AcceptKeys };
        var command = new Command("restore", CommandText.Restore) { file, yes, acceptKeys };
        frame.SetAction(command, async run =>
        {
            var path = run.Value(file)!;
            await CommandFiles.OpenToRead(path).DisposeAsync();
            var copy = Path.Combine(run.Options.DataDirectory, $"before-restore-{TimeProvider.System.GetUtcNow():yyyyMMddHHmmss}.backup");
            if (!run.Value(yes) && !run.Surroundings.IsAgreed(UpkeepText.Ask.With(path, copy), UpkeepText.Answer))
            {
                throw new PortalInputException(UpkeepText.NotAgreed);
            }

            await using var portal = await run.OpenAsync(Opening.Unchecked);
            var report = await run.Progress.ShowAsync(
                CommandText.RestoreWorking,
                done => portal.Services.GetRequiredService<PortalRestore>()
                    .RestoreAsync(path, run.Options.ActualKeysDirectory, new RestoreWishes(copy, run.Value(acceptKeys)), CommandRun.Act, done, run.Cancellation));
            run.Say(CommandText.RestoreDone.With(JapanTime.DateAndClock(report.MadeAt), report.Societies, report.Rows));
            run.Say(CommandText.RestoreEpoch);
            if (report.Copy is not null)
            {
                run.Say((report.KeysReplaced ? UpkeepText.CopiedWithoutKeys : UpkeepText.Copied).With(report.Copy));
            }

            var keyOf = (await run.AllSocietiesAsync(portal.Services)).ToDictionary(s => s.Id, s => s.Key);
            foreach (var chain in report.Shortened)
            {
                run.Complain(UpkeepText.Shortened.With(keyOf[chain.Society], chain.Before, chain.After));
            }

            if (report.KeysReplaced)
            {
                run.Say(CommandText.RestoreKeys);
            }

            return PortalCommandLine.Done;
        });
        return command;
    }

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
