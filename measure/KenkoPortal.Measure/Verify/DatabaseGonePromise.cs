using System.Diagnostics;
using System.Globalization;
using System.Net;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Measure.Support;
using KenkoPortal.Members.Web.Pages;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Verify;

/// <summary>PostgreSQL stands still (SIGSTOP): pages say 503, mail 451, no page that needs a login is shown, and all is well again by itself.</summary>
internal sealed class DatabaseGonePromise : IMeasurement
{
    /// <summary>Nobody waits longer for a page.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private static readonly string[] Pages = ["login page", "profile", "stranger", "login", "ask"];

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
        var (during, wrong, unasked) = ("", new List<string>(), new List<string>());
        await using (var thaw = ground.Own(new Thaw(server)))
        {
            await server.FreezeAsync();
            while (Stopwatch.GetElapsedTime(startedAt) < time)
            {
                asking.AddRange([probe.LoginPageAsync(), probe.ProfileAsync(), probe.StrangerAsync(), probe.LogInAsync(), probe.AskAsync(), probe.MailAsync(ground.Cancellation)]);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, ground.Cancellation);
            }

            during = probe.Words;
            wrong.AddRange(Pages.SelectMany(what => probe.Beside(what, "503")).Concat(probe.Beside("mail", "451", "421")).Select(words => words + " while it stood still"));
            unasked.AddRange(Pages.Append("mail").Where(what => probe.Asked(what) == 0));
        }

        startedAt = Stopwatch.GetTimestamp();
        var isBack = await stage.UntilAsync(MostToRecover, async () =>
            (await stage.Surfer.Browser(Patience).OpenAsync(PageRoutes.Login)).Status == HttpStatusCode.OK
            && await stage.Surfer.SendMailAsync("after@phone.test", PortalStore.RegistrationAddress, ground.Cancellation) == 250);
        var recovery = Stopwatch.GetElapsedTime(startedAt);
        await Task.WhenAll(asking);
        // Who still waited was answered after.
        wrong.AddRange(Pages.SelectMany(what => probe.Beside(what, "503", "200", "303")).Concat(probe.Beside("mail", "451", "421", "250")));
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

        var answers = await Answers.FollowAsync(stage, ground.Cancellation);
        var halves = await stage.ReadAsync(db => Halves.CountAsync(db, ground.Cancellation));
        await stage.StopAsync();
        var broken = new List<string>();
        Add(!isBack, "it did not recover");
        Add(wrong.Count > 0, string.Join(", ", wrong.Distinct(StringComparer.Ordinal)));
        Add(probe.Open.Count > 0, string.Join("; ", probe.Open.Distinct(StringComparer.Ordinal)));
        Add(unasked.Count > 0, $"nothing was said to {string.Join(", ", unasked)} while it stood still");
        broken.AddRange(answers.Broken);
        Add(!mine.Html.Contains(member.LoginId, StringComparison.Ordinal), "the member's session did not survive");
        // The mail after the recovery counts too.
        return new Outcome(what, DatabaseKind.Postgres, probe.Acked.Count + (isBack ? 1 : 0), lost + answers.Lost, answers.Duplicated, halves.Values.Sum() + answers.Corrupt)
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

    /// <summary>Lets PostgreSQL go on however the run ends.</summary>
    private sealed class Thaw(PostgresServer server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await server.ThawAsync();
    }
}
