using System.Diagnostics;
using System.Globalization;
using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Measure.Support;
using KenkoPortal.Members.Web.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Verify;

/// <summary>The data folder's disk is full: writes are refused cleanly, pages are still read, and with space again all goes on.</summary>
internal sealed class DiskFullPromise : IMeasurement
{
    private const int Mebibytes = 24;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    public string Name => "disk-full";

    public string Says => "a full tmpfs under the data folder: 503 and 451/452, reads live, goes on when there is space";

    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        const string What = "the disk is full";
        var stage = await Stage.SetAsync(ground, DatabaseKind.Sqlite);
        SqliteConnection.ClearAllPools();
        var disk = await SmallDisk.MountAsync(ground, stage.Store.Folder);
        return
        [
            disk is null ? Remark.Skipped(What, DatabaseKind.Sqlite, "mounting a small tmpfs needs root") : await FillAsync(ground, stage, What),
            Remark.Skipped(What, DatabaseKind.Postgres, "PostgreSQL itself stops when its log finds no space; the portal then sees a database that is gone (above)"),
        ];
    }

    private static async Task<Row> FillAsync(Ground ground, Stage stage, string what)
    {
        var hash = await stage.Store.Services.GetRequiredService<PasswordHashing>().HashAsync(Journeys.Password, ground.Cancellation);
        await stage.StartAsync();
        var member = await SignedInMember.LogInAsync(stage, hash, Patience);
        var probe = new Probe(stage, member, Patience);
        await probe.OpenFormsAsync();
        var ballast = Path.Combine(stage.Store.Folder, "ballast");
        Fill(ballast);
        var startedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(startedAt) < ground.Pick(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)))
        {
            await Task.WhenAll(probe.LoginPageAsync(), probe.ProfileAsync(), probe.StrangerAsync(), probe.AskAsync(), probe.MailAsync(ground.Cancellation), probe.LogInAsync());
            // What a checkpoint has freed meanwhile.
            Fill(ballast);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ground.Cancellation);
        }

        var during = probe.Words;
        var refused = probe.Count("ask", "503") + probe.Count("mail", "451", "452");
        var broken = new List<string>();
        Add(refused == 0, "nothing was refused: the disk was not full");
        Add(probe.Count("login page", "200") < probe.Asked("login page"), "the login page was not always shown");
        Add(probe.Count("profile", "200") < probe.Asked("profile"), "the member's page was not always shown");
        Add(probe.Count("ask", "200", "503") < probe.Asked("ask"), "an ask was answered with neither 200 nor 503");
        Add(probe.Count("login", "303", "503") < probe.Asked("login"), "a login was answered with neither 303 nor 503");
        Add(probe.Count("mail", "250", "451", "452", "421") < probe.Asked("mail"), "a mail was answered with neither 250 nor 451 nor 452");
        Add(probe.Open.Count > 0, string.Join("; ", probe.Open.Distinct(StringComparer.Ordinal)));

        File.Delete(ballast);
        startedAt = Stopwatch.GetTimestamp();
        var isBack = await stage.UntilAsync(TimeSpan.FromSeconds(30), async () =>
        {
            var page = await stage.Surfer.Browser(Patience).OpenAsync(PageRoutes.Login);
            return page.Status == HttpStatusCode.OK && await stage.Surfer.SendMailAsync("after@phone.test", PortalStore.RegistrationAddress, ground.Cancellation) == 250;
        });
        var recovery = Stopwatch.GetElapsedTime(startedAt);
        Add(!isBack, "it did not go on when there was space");
        for (var i = 0; i < 20; i++)
        {
            await Task.WhenAll(probe.AskAsync(), probe.MailAsync(ground.Cancellation));
        }

        var answers = await Answers.FollowAsync(stage, ground.Cancellation);
        broken.AddRange(answers.Broken);
        await stage.StopAsync();

        var lost = 0;
        foreach (var address in probe.Acked)
        {
            var mac = stage.Keys.Mac(KeyPurpose.CanonicalAddress, EmailAddress.Parse(address).Canonical);
            lost += await stage.ReadAsync(db => db.MailAsks.AnyAsync(a => a.CanonicalMac == mac, ground.Cancellation)) ? 0 : 1;
        }

        var halves = await stage.ReadAsync(db => Halves.CountAsync(db, ground.Cancellation));
        var faults = await Integrity.FaultsAsync(stage.Store, isQuick: false);
        return new Outcome(what, DatabaseKind.Sqlite, probe.Acked.Count + (isBack ? 1 : 0), lost + answers.Lost, answers.Duplicated, halves.Values.Sum() + faults.Count + answers.Corrupt)
        {
            And = $"meanwhile: {during}; back after {Times.Of(recovery.TotalMilliseconds)}",
            Broken = broken,
        };

        void Add(bool isBroken, string words)
        {
            if (isBroken)
            {
                broken.Add(words);
            }
        }
    }

    /// <summary>Takes the last byte.</summary>
    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 1);
        var size = 1 << 16;
        var zeros = new byte[size];
        while (size > 0)
        {
            try
            {
                file.Write(zeros, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    /// <summary>A small tmpfs over a folder, with what the folder held.</summary>
    private sealed class SmallDisk(string folder) : IAsyncDisposable
    {
        /// <summary>Null where this user may not mount.</summary>
        public static async Task<SmallDisk?> MountAsync(Ground ground, string folder)
        {
            var aside = ground.NewFolder("aside");
            await CopyAsync(ground, folder, aside);
            var mounted = await Child.RunAsync(
                ground, ["mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={Mebibytes}m,mode=700"), "tmpfs", folder], TimeSpan.FromSeconds(20));
            if (mounted.ExitCode != 0)
            {
                return null;
            }

            var disk = ground.Own(new SmallDisk(folder));
            await CopyAsync(ground, aside, folder);
            return disk;
        }

        public async ValueTask DisposeAsync()
        {
            SqliteConnection.ClearAllPools();
            using var unmount = Process.Start("umount", ["-l", folder]);
            await unmount.WaitForExitAsync(CancellationToken.None);
        }

        private static async Task CopyAsync(Ground ground, string from, string to) =>
            (await Child.RunAsync(ground, ["cp", "-a", from + "/.", to], TimeSpan.FromSeconds(20))).Succeeded("cp");
    }
}
