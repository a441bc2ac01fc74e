using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.Commands;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.ReceivedClaims;

/// <summary>Deliveries in whatever order they are read: the later one is right (ADR-008).</summary>
public sealed class DeliveryOrderTests
{
    [Theory, OnEveryDatabase]
    public async Task Claim_return_and_re_examined_claim_read_in_their_order_and_then_again(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.DeliverAsync("202606", Claim());
        await desk.DeliverAsync("202607", Returned());
        Assert.NotNull(await WithdrawnAsync(desk));
        await desk.DeliverAsync("202608", ReExamined());

        foreach (var (month, claims) in new[] { ("202606", Claim()), ("202607", Returned()), ("202608", ReExamined()) })
        {
            var again = await desk.DeliverAsync(month, claims);
            Assert.Contains("何も変わっていません", again.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("返戻 ", again.Output, StringComparison.Ordinal);
        }

        Assert.Equal((8000, null), await StateAsync(desk));
    }

    [Theory, OnEveryDatabase]
    public async Task Claim_return_and_re_examined_claim_come_to_the_same_in_every_order(DatabaseKind kind)
    {
        (string Month, ClaimText Claims)[] deliveries = [("202606", Claim()), ("202607", Returned()), ("202608", ReExamined())];
        foreach (var order in new[] { "021", "102", "120", "201", "210" })
        {
            await using var desk = await SocietyClaims.WithMemberAsync(kind);
            foreach (var place in order)
            {
                await desk.DeliverAsync(deliveries[place - '0'].Month, deliveries[place - '0'].Claims);
            }

            Assert.Equal((order, (8000, null)), (order, await StateAsync(desk)));
        }
    }

    [Theory, OnEveryDatabase]
    public async Task A_return_read_twice_withdraws_once(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.DeliverAsync("202606", Claim());

        var returned = await desk.DeliverAsync("202607", Returned());
        var since = await WithdrawnAsync(desk);
        var again = await desk.DeliverAsync("202607", Returned());

        Assert.Contains("返戻 1 件", returned.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("返戻 ", again.Output, StringComparison.Ordinal);
        Assert.Equal(since, await WithdrawnAsync(desk));
    }

    [Theory, OnEveryDatabase]
    public async Task An_old_claim_read_after_a_corrected_one_of_a_later_delivery_changes_nothing_and_is_named(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.DeliverAsync("202607", Claim(700));

        var old = await desk.DeliverAsync("202606", Claim());

        Assert.Contains("後に届いたもの、または再審査後のものがすでにあるため取り込まない 1 件:\n  910000001", old.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("何も変わっていません", old.Output, StringComparison.Ordinal);
        Assert.Equal((7000, null), await StateAsync(desk));
    }

    [Theory, OnEveryDatabase]
    public async Task A_later_return_of_a_re_examined_claim_withdraws_it_whatever_it_says(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.DeliverAsync("202606", Claim());
        await desk.DeliverAsync("202607", ReExamined());

        var returned = await desk.DeliverAsync("202608", Returned(750));

        Assert.Contains("返戻 1 件", returned.Output, StringComparison.Ordinal);
        Assert.NotNull(await WithdrawnAsync(desk));
    }

    [Theory, OnEveryDatabase]
    public async Task A_claim_that_was_returned_and_is_delivered_later_as_it_was_counts_again(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.DeliverAsync("202606", Claim());
        await desk.DeliverAsync("202607", Returned());

        var anew = await desk.DeliverAsync("202608", Claim());
        var old = await desk.DeliverAsync("202607", Returned());

        Assert.Contains("返戻の後に届き直したため、また通知に入れる 1 件", anew.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("返戻 ", old.Output, StringComparison.Ordinal);
        Assert.Null(await WithdrawnAsync(desk));
    }

    [Theory, OnEveryDatabase]
    public async Task Without_the_deliverys_folder_the_month_of_billing_tells(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.TakeAsync(Billed("202607", 700));

        var old = await desk.TakeAsync(Billed("202605", 1000).ExaminerLine("HI,1,202603"));
        var late = await desk.TakeAsync(Billed("202608", 600).ExaminerLine("HI,1,202603"));

        Assert.DoesNotContain("返戻 ", old.Output, StringComparison.Ordinal);
        Assert.Contains("返戻 1 件", late.Output, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task A_month_of_billing_that_cannot_be_tells_nothing(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        await desk.DoAsync("claims", "import", await desk.DeliveredFileAsync("209908", Billed("209907", 700)));

        await desk.DeliverAsync("202607", Billed("202605", 600));

        Assert.Equal((6000, null), await StateAsync(desk));
    }

    [Theory, OnEveryDatabase]
    public async Task Several_deliveries_in_one_run_count_in_their_order_too(DatabaseKind kind)
    {
        await using var desk = await SocietyClaims.WithMemberAsync(kind);
        var late = await desk.DeliveredFileAsync("202608", ReExamined());
        var early = await desk.DeliveredFileAsync("202606", Claim());
        var returned = await desk.DeliveredFileAsync("202607", Returned());

        await desk.DoAsync("claims", "import", late, returned, early);

        Assert.Equal((8000, null), await StateAsync(desk));
    }

    private static ClaimText Claim(int points = 1000) => ClaimText.OfInsurer().Of("910000001", points);

    private static ClaimText Returned(int points = 1000) => Claim(points).ExaminerLine("HI,1,202603");

    private static ClaimText ReExamined() => Claim(800).ExaminerLine("MK,1,202603");

    private static ClaimText Billed(string month, int points) => ClaimText.OfInsurer().Start("910000001").Own("IR", (7, month)).Own("RE")
        .Own("HO", (1, SocietyClaims.Insurer), (5, $"{points}")).Own("SN", (6, "00"));

    private static async Task<(int TotalYen, DateTimeOffset? WithdrawnAt)> StateAsync(CommandDesk desk)
    {
        var claim = Assert.Single(await desk.ClaimsAsync());
        return (claim.Amounts.TotalYen, claim.WithdrawnAt);
    }

    private static async Task<DateTimeOffset?> WithdrawnAsync(CommandDesk desk) => (await StateAsync(desk)).WithdrawnAt;
}
