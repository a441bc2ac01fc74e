using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.ReceivedClaims.Import;

namespace KenkoPortal.Tests.ReceivedClaims;

/// <summary>
/// Which of two deliveries of one claim counts. A claim is written <c>contents delivered/billed marks</c>; <c>-</c> is a month that nothing tells.
/// </summary>
public sealed class DeliveryOrderRuleTests
{
    [Theory]
    [InlineData("A 06/-", "A 06/-", DeliveryEffect.Unchanged, "the same delivery read again")]
    [InlineData("A 06/-", "A 07/-", DeliveryEffect.Unchanged, "a later delivery with the same contents")]
    [InlineData("A 07/-", "A 06/-", DeliveryEffect.ReadAgain, "an earlier delivery with the same contents")]
    [InlineData("A 06/-", "B 07/-", DeliveryEffect.Replaces, "a correction")]
    [InlineData("B 07/-", "A 06/-", DeliveryEffect.Outdated, "an original read after its correction")]
    [InlineData("A 06/-", "B 06/-", DeliveryEffect.Replaces, "of one month the one read last counts")]
    [InlineData("A 06/05", "B 06/06", DeliveryEffect.Replaces, "delivered together, billed later")]
    [InlineData("B 06/06", "A 06/05", DeliveryEffect.Outdated, "delivered together, billed earlier")]
    [InlineData("A 06/06", "B 07/05", DeliveryEffect.Replaces, "the delivery's month goes before the month of billing")]
    [InlineData("A -/05", "B 06/06", DeliveryEffect.Replaces, "one without a folder: the month of billing tells")]
    [InlineData("A -/06", "B 07/05", DeliveryEffect.Outdated, "one without a folder: the month of billing tells")]
    [InlineData("A 07/-", "B -/05", DeliveryEffect.Replaces, "nothing tells: the one read last counts")]
    [InlineData("A 06/-", "A 07/- returned", DeliveryEffect.Withdraws, "a return")]
    [InlineData("A 06/-", "B 07/- returned", DeliveryEffect.Withdraws, "a return of other contents")]
    [InlineData("A 06/-", "A 06/- returned", DeliveryEffect.Withdraws, "a return in the same delivery")]
    [InlineData("A 06/- withdrawn", "A 07/- returned", DeliveryEffect.Unchanged, "a second return")]
    [InlineData("A 07/- withdrawn", "A 06/- returned", DeliveryEffect.ReadAgain, "an earlier return read again")]
    [InlineData("B 08/-", "A 07/- returned", DeliveryEffect.Outdated, "a return read after what was billed anew")]
    [InlineData("B 07/- re-examined", "A 07/- returned", DeliveryEffect.Outdated, "a return of what was re-examined since")]
    [InlineData("B 07/- re-examined", "B 07/- returned", DeliveryEffect.Withdraws, "a return of the re-examined claim")]
    [InlineData("B 07/- re-examined", "A 08/- returned", DeliveryEffect.Withdraws, "a later return, whatever it says")]
    [InlineData("A 07/- withdrawn", "A 07/-", DeliveryEffect.Unchanged, "the original read again after its return")]
    [InlineData("A 07/- withdrawn", "A 06/-", DeliveryEffect.ReadAgain, "the original of before its return")]
    [InlineData("A 07/- withdrawn", "A 08/-", DeliveryEffect.Revives, "billed anew with the same contents")]
    [InlineData("A 07/- withdrawn", "A 07/- re-examined", DeliveryEffect.Revives, "re-examined after the return")]
    [InlineData("A 07/- withdrawn", "B 08/-", DeliveryEffect.Replaces, "billed anew with other contents")]
    [InlineData("A 07/- withdrawn", "B 06/-", DeliveryEffect.Outdated, "an earlier claim read after a return")]
    [InlineData("A 06/-", "A 06/- re-examined", DeliveryEffect.ReExamines, "re-examined without a change")]
    [InlineData("A 06/- re-examined", "A 07/- re-examined", DeliveryEffect.Unchanged, "re-examined, and read again")]
    [InlineData("B 07/- re-examined", "A 07/-", DeliveryEffect.Outdated, "the original read again after the re-examination")]
    [InlineData("B 07/- re-examined", "A 08/-", DeliveryEffect.Replaces, "a later delivery counts over a re-examination")]
    [InlineData("B 07/- re-examined", "C 07/- re-examined", DeliveryEffect.Replaces, "re-examined twice")]
    public void Of_two_deliveries_of_a_claim_the_later_one_counts(string first, string second, DeliveryEffect effect, string why)
    {
        var (known, arriving) = (Claim.Of(first), Claim.Of(second));

        var judged = DeliveryOrder.Judge(
            new KnownClaim(known.Contents, known.Time, known.Marks == "re-examined", known.Marks == "withdrawn"),
            new ArrivingClaim(arriving.Contents, arriving.Time, arriving.Marks == "re-examined", arriving.Marks == "returned"));

        Assert.Equal((why, effect), (why, judged));
    }

    private sealed record Claim(long Contents, ClaimTime Time, string Marks)
    {
        public static Claim Of(string text)
        {
            var parts = text.Split(' ');
            var months = parts[1].Split('/');
            return new Claim(parts[0][0], new ClaimTime(MonthOf(months[0]), MonthOf(months[1])), parts.ElementAtOrDefault(2) ?? "");
        }

        private static TreatmentMonth? MonthOf(string month) => month == "-" ? null : new TreatmentMonth(2026, int.Parse(month, CultureInfo.InvariantCulture));
    }
}
