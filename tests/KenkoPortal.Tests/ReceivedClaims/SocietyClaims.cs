using System.Globalization;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.ReceivedClaims;

/// <summary>Claims of the desk's society, and what a clerk does with them.</summary>
internal static class SocietyClaims
{
    public const string Insurer = "06990014";

    /// <summary>A claim of the person of <see cref="ListText"/>'s good row, in which single fields are other than usual.</summary>
    public static ClaimText Of(
        this ClaimText text, string number, int points = 1000, string month = "202604", string? branch = "00", string header = "IR",
        (int At, string Value)[]? re = null, (int At, string Value)[]? ho = null)
    {
        text.Start(number).Own(header).Own("RE", [(3, month), .. re ?? []])
            .Own("HO", [(1, Insurer), (5, points.ToString(CultureInfo.InvariantCulture)), .. ho ?? []]);
        return branch is null ? text : text.Own("SN", (6, branch));
    }

    /// <summary>So many claims of the month, one clinic's.</summary>
    public static ClaimText Many(int count, string month, int from = 1)
    {
        var text = ClaimText.OfInsurer();
        for (var i = 0; i < count; i++)
        {
            text.Of((910000000 + from + i).ToString(CultureInfo.InvariantCulture), month: month);
        }

        return text;
    }

    /// <summary>The desk's file with these claims.</summary>
    public static async Task<string> ClaimsFileAsync(this CommandDesk desk, ClaimText claims, string name = "claims.csv")
    {
        var path = desk.File(name);
        await File.WriteAllBytesAsync(path, claims.Bytes(), TestContext.Current.CancellationToken);
        return path;
    }

    /// <summary>A file of the delivery of that 請求年月.</summary>
    public static async Task<string> DeliveredFileAsync(
        this CommandDesk desk, string month, ClaimText claims, string insurer = Insurer, string name = "11_RECODEINFO_MED.CSV")
    {
        var folder = Directory.CreateDirectory(Path.Combine(desk.File("deliveries"), month, insurer, "0_COMMON001")).FullName;
        var path = Path.Combine(folder, name);
        await File.WriteAllBytesAsync(path, claims.Bytes(), TestContext.Current.CancellationToken);
        return path;
    }

    /// <summary>Imports what is delivered in that 請求年月.</summary>
    public static async Task<CommandResult> DeliverAsync(this CommandDesk desk, string month, ClaimText claims) =>
        await desk.DoAsync("claims", "import", await desk.DeliveredFileAsync(month, claims));

    /// <summary>The claims as they are kept.</summary>
    public static Task<List<ReceivedClaim>> ClaimsAsync(this CommandDesk desk) =>
        desk.ReadAsync(db => db.ReceivedClaims.AsNoTracking().OrderBy(c => c.Number).ToListAsync());

    /// <summary>Imports and expects that it can be.</summary>
    public static async Task<CommandResult> TakeAsync(this CommandDesk desk, ClaimText claims, string name = "claims.csv")
    {
        var result = await desk.RunAsync("claims", "import", await desk.ClaimsFileAsync(claims, name));
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        return result;
    }

    /// <summary>Imports a members' list and expects that it can be.</summary>
    public static async Task<CommandResult> TakeAsync(this CommandDesk desk, ListText list)
    {
        var result = await desk.RunAsync("members", "import", desk.File("list.csv", list.Text()), "--accept-leavers");
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        return result;
    }

    /// <summary>A desk whose society has the person of the good row.</summary>
    public static async Task<CommandDesk> WithMemberAsync(DatabaseKind kind)
    {
        var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.TakeAsync(new ListText().Row());
        return desk;
    }

    public static async Task<string> WaitingAsync(this CommandDesk desk) => (await desk.RunAsync("claims", "waiting")).Output.Trim();

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task<CommandResult> DoAsync(this CommandDesk desk, params string[] args)
    {
        var result = await desk.RunAsync(args);
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        return result;
    }

    /// <summary>Looks into the database behind the desk as its only society.</summary>
    public static async Task<T> ReadAsync<T>(this CommandDesk desk, Func<PortalContext, Task<T>> read)
    {
        await using var services = desk.Look().Services;
        await using var finding = services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        var society = await finding.ServiceProvider.GetRequiredService<SocietyDirectory>().ByKeyAsync(null, TestContext.Current.CancellationToken);
        await using var scope = services.GetRequiredService<SocietyScopes>().Open(society, actor => actor.IsSystemUser("test"));
        return await read(scope.ServiceProvider.GetRequiredService<PortalContext>());
    }

    /// <summary>Writes what no command writes.</summary>
    public static Task WriteAsync(this CommandDesk desk, Action<PortalContext> write) => desk.ReadAsync(db =>
    {
        write(db);
        return db.SaveChangesAsync();
    });
}
