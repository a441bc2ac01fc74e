using System.Diagnostics;
using System.Globalization;
using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Support;
using KenkoPortal.Web.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Verify;

/// <summary>PostgreSQL stands still (SIGSTOP): pages say 503, mail 451, no page that needs a login is shown, and all is well again by itself.</summary>
internal sealed class DatabaseGonePromise : IMeasurement
{
    /// <summary>Nobody waits longer for a page.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan MostToRecover = TimeSpan.FromSeconds(30);

    public string Name => "database-gone";

    public string Says => "PostgreSQL stands still for 60 s: 503 pages, SMTP 451, nothing fails open, recovers unaided";

    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        var time = ground.Pick(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60));
        var what = string.Create(CultureInfo.InvariantCulture, $"PostgreSQL stands still for {time.TotalSeconds:F0} s");
        return [PostgresServer.Find(ground) is { } server
            ? await FreezeAsync(ground, server, time, what)
            : Remark.Skipped(what, DatabaseKind.Postgres, "there is no PostgreSQL of this run's own")];
    }

    private static async Task<Row> FreezeAsync(Ground ground, PostgresServer server, TimeSpan time, string what)
    {
        var stage = await Stage.SetAsync(ground, DatabaseKind.Postgres);
        var hash = await stage.Store.Services.GetRequiredService<PasswordHashing>().HashAsync(Journeys.Password, ground.Cancellation);
        await stage.StartAsync();
        var member = await SignedInMember.LogInAsync(stage, hash, Patience);
        var probe = new Probe(stage, member, Patience);
        await probe.OpenFormsAsync();
        var startedAt = Stopwatch.GetTimestamp();
        var asking = new List<Task>();
        await using (var thaw = ground.Own(new Thaw(server)))
        {
            await server.FreezeAsync();
            while (Stopwatch.GetElapsedTime(startedAt) < time)
            {
                asking.AddRange([probe.LoginPageAsync(), probe.ProfileAsync(), probe.StrangerAsync(), probe.LogInAsync(), probe.AskAsync(), probe.MailAsync(ground.Cancellation)]);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, ground.Cancellation);
            }

            // What was answered while it stood still is what counts; who still waits is answered after.
        }

        var during = probe.Words;
        var refused = probe.Count("login page", "503") + probe.Count("profile", "503");
        var told = probe.Count("mail", "451", "421");
        var wrong = string.Join(", ", WrongAnswers(probe));
        startedAt = Stopwatch.GetTimestamp();
        var isBack = await stage.UntilAsync(MostToRecover, async () =>
            (await stage.Surfer.Browser(Patience).OpenAsync(PageRoutes.Login)).Status == HttpStatusCode.OK
            && await stage.Surfer.SendMailAsync("after@phone.test", PortalStore.RegistrationAddress, ground.Cancellation) == 250);
        var recovery = Stopwatch.GetElapsedTime(startedAt);
        await Task.WhenAll(asking);
        for (var i = 0; i < 20; i++)
        {
            await Task.WhenAll(probe.AskAsync(), probe.MailAsync(ground.Cancellation));
        }

        var mine = await member.Browser.OpenAsync(PageRoutes.Profile);
        var lost = 0;
        foreach (var address in probe.Acked)
        {
            var mac = stage.Keys.Mac(KeyPurpose.CanonicalAddress, EmailAddress.Parse(address).Canonical);
            lost += await stage.ReadAsync(db => db.MailAsks.AnyAsync(a => a.CanonicalMac == mac, ground.Cancellation)) ? 0 : 1;
        }

        var halves = await stage.ReadAsync(db => Halves.CountAsync(db, ground.Cancellation));
        await stage.StopAsync();
        var broken = new List<string>();
        Add(!isBack, "it did not recover");
        Add(wrong.Length > 0, wrong);
        Add(probe.Open.Count > 0, string.Join("; ", probe.Open.Distinct(StringComparer.Ordinal)));
        Add(refused == 0, "no page said 503 while it stood still");
        Add(told == 0, "no mail was told 451 while it stood still");
        Add(!mine.Html.Contains(member.LoginId, StringComparison.Ordinal), "the member's session did not survive");
        // The mail after the recovery counts too.
        return new Outcome(what, DatabaseKind.Postgres, probe.Acked.Count + (isBack ? 1 : 0), lost, 0, halves.Values.Sum())
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

    /// <summary>Answers that say neither that it is well nor that it is not: 500, or a page for strangers in place of the member's.</summary>
    private static IEnumerable<string> WrongAnswers(Probe probe) =>
        from what in new[] { "login page", "profile", "stranger", "login", "ask" }
        let count = probe.Count(what, "500", "404", "400")
        where count > 0
        select string.Create(CultureInfo.InvariantCulture, $"{what}: {count} × 500, 404 or 400");

    /// <summary>Lets PostgreSQL go on however the run ends.</summary>
    private sealed class Thaw(PostgresServer server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await server.ThawAsync();
    }
}
