using System.Globalization;
using KenkoPortal.Core.Common;
using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.ReceivedClaims;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Publication;

/// <summary><c>notices reschedule</c>, <c>unplan</c> and <c>seen</c>, and the words about a day that is still to come.</summary>
public sealed class NoticePlanCommandTests
{
    private const string Month = "2026-04";

    [Theory, OnEveryDatabase]
    public async Task A_planned_month_is_called_planned_moved_dropped_and_seen(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(ClaimText.OfInsurer().Of("910000001"));
        await desk.DoAsync("notices", "compute", "--month", Month);

        var planned = await desk.DoAsync("notices", "publish", "--month", Month, "--on", "2998-12-20");
        Assert.Contains("2026-04 の通知は2998年12月20日に公開予定です（1 人）。", planned.Output, StringComparison.Ordinal);
        Assert.Contains("2026-04 公開予定", (await desk.DoAsync("notices", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("2998年12月20日に公開予定です。新しく計算したものはありません。", (await desk.RunAsync("notices", "publish", "--month", Month)).Error, StringComparison.Ordinal);
        Assert.Equal(1, (await desk.RunAsync("notices", "seen", "--month", Month)).ExitCode);

        Assert.Contains("2998年12月24日に公開予定です", (await desk.DoAsync("notices", "reschedule", "--month", Month, "--on", "2998-12-24")).Output, StringComparison.Ordinal);
        Assert.Contains("、2998年12月24日に公開予定", (await desk.DoAsync("notices", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("公開予定を取り消しました", (await desk.DoAsync("notices", "unplan", "--month", Month)).Output, StringComparison.Ordinal);
        Assert.Contains("公開予定はありません", (await desk.RunAsync("notices", "unplan", "--month", Month)).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await desk.RunAsync("notices", "reschedule", "--month", Month)).ExitCode);
        Assert.Equal(2, (await desk.RunAsync("notices", "reschedule", "--month", Month, "--on", "12/24")).ExitCode);

        await desk.DoAsync("notices", "publish", "--month", Month, "--on", "2998-12-20");
        var today = JapanTime.DateOf(TimeProvider.System.GetUtcNow()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var now = await desk.DoAsync("notices", "reschedule", "--month", Month, "--on", today);
        Assert.Contains("2026-04 の通知を公開しました。", now.Output, StringComparison.Ordinal);
        Assert.Contains("お知らせのメール", now.Output, StringComparison.Ordinal);
        Assert.Contains("2026-04 公開中", (await desk.DoAsync("notices", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("公開中です", (await desk.RunAsync("notices", "unplan", "--month", Month)).Error, StringComparison.Ordinal);

        var seen = (await desk.DoAsync("notices", "seen", "--month", Month)).Output;
        Assert.Contains("対象 1 人", seen, StringComparison.Ordinal);
        Assert.Contains("未読 1 人", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("既読", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("12-345", seen, StringComparison.Ordinal);
    }
}
