using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

public sealed class ClaimCorrectionTests
{
    [Fact]
    public void The_example_of_the_standard_both_versions_are_kept()
    {
        // HO is row 4, the drugs 5 and 6.
        var delivered = ClaimText.OfInsurer().StartGood(points: 46794).Own("IY", (3, "620000001")).Own("IY", (3, "620000002"))
            .Examiner("HO", (5, "46368")).ExaminerLine("JY,2,4,0,,,7,0,").ExaminerLine("JY,3,6,0,,C,,,").Single();
        Assert.Equal((46794, 46368, -426), (delivered.AsBilled.Points, delivered.AsExamined.Points, delivered.PointsDifference));
        Assert.Equal(["620000001", "620000002"], Codes(delivered.AsBilled));
        Assert.Equal(["620000001"], Codes(delivered.AsExamined));
        Assert.Equal(
            [new ClaimCorrection(ClaimCorrectionKind.Replaced, null, "HO", 4, 0, 7, 0), new ClaimCorrection(ClaimCorrectionKind.Removed, 'C', "IY", 6, 0, null, null)],
            delivered.Corrections);
    }

    [Fact]
    public void A_line_that_replaces_stands_where_the_other_stood() =>
        Assert.Equal(["1", "9", "3"], Replayed(file => file.Examiner("IY", (3, Code(9))).Correct(2, 6, 8)));

    [Fact]
    public void A_line_that_is_removed_is_gone() => Assert.Equal(["1", "3"], Replayed(file => file.Remove(6)));

    [Fact]
    public void A_line_that_is_added_stands_behind_its_target() =>
        Assert.Equal(["1", "9", "2", "3"], Replayed(file => file.Examiner("IY", (3, Code(9))).Correct(1, 5, 8)));

    [Fact]
    public void A_line_can_be_added_behind_an_added_line() =>
        Assert.Equal(["1", "8", "9", "2", "3"], Replayed(file => file.Examiner("IY", (3, Code(8))).Examiner("IY", (3, Code(9))).Correct(1, 5, 8).Correct(1, 8, 9)));

    [Fact]
    public void Of_two_lines_added_behind_one_target_the_later_comes_first() =>
        Assert.Equal(["1", "9", "8", "2", "3"], Replayed(file => file.Examiner("IY", (3, Code(8))).Examiner("IY", (3, Code(9))).Correct(1, 5, 8).Correct(1, 5, 9)));

    [Fact]
    public void A_line_that_replaced_can_be_removed_by_its_own_number() =>
        Assert.Equal(["1", "3"], Replayed(file => file.Examiner("IY", (3, Code(9))).Correct(2, 6, 8).Remove(8)));

    [Fact]
    public void A_line_that_was_replaced_stands_for_its_replacement()
    {
        Assert.Equal(["1", "3"], Replayed(file => file.Examiner("IY", (3, Code(9))).Correct(2, 6, 8).Remove(6)));
        Assert.Equal(["1", "8", "3"], Replayed(file => file.Examiner("IY", (3, Code(9))).Examiner("IY", (3, Code(8))).Correct(2, 6, 8).Correct(2, 6, 9)));
    }

    [Fact]
    public void An_added_line_can_be_replaced() =>
        Assert.Equal(["1", "8", "2", "3"], Replayed(file => file.Examiner("IY", (3, Code(9))).Examiner("IY", (3, Code(8))).Correct(1, 5, 8).Correct(2, 8, 9)));

    [Fact]
    public void The_first_and_the_last_line_can_be_corrected() =>
        Assert.Equal(["9", "2", "8"], Replayed(file => file.Examiner("IY", (3, Code(9))).Examiner("IY", (3, Code(8))).Correct(2, 5, 8).Correct(2, 7, 9)));

    [Fact]
    public void JY_may_stand_before_the_line_that_it_brings_in() =>
        Assert.Equal(["1", "9", "3"], Replayed(file => file.Correct(2, 6, 9).Examiner("IY", (3, Code(9)))));

    [Fact]
    public void A_line_is_named_by_row_and_branch()
    {
        var delivered = ClaimText.OfInsurer().StartGood().Own("IY", (3, Code(1))).Raw("1,5,1," + ClaimText.Good(ClaimKind.Medical, "IY", (3, Code(2))))
            .Raw("2,6,3," + ClaimText.Good(ClaimKind.Medical, "IY", (3, Code(9)))).Raw("2,7,0,JY,2,5,1,,A,6,3,").Single();
        Assert.Equal([Code(1), Code(9)], Codes(delivered.AsExamined));
        Assert.Equal((5, 1, 6, 3), (delivered.Corrections[0].Row, delivered.Corrections[0].Branch, delivered.Corrections[0].NewRow, delivered.Corrections[0].NewBranch));
    }

    [Fact]
    public void RE_and_SN_can_be_replaced()
    {
        var delivered = ClaimText.OfInsurer().StartGood().Own("SN", (6, "01")).Examiner("RE", (2, "1116")).Examiner("SN", (6, "02")).Correct(2, 3, 6).Correct(2, 5, 7).Single();
        Assert.Equal(("1112", "01"), (delivered.AsBilled.Type.Code, delivered.AsBilled.BranchNumber));
        Assert.Equal(("1116", "02"), (delivered.AsExamined.Type.Code, delivered.AsExamined.BranchNumber));
    }

    [Fact]
    public void A_public_fund_can_be_taken_away()
    {
        var delivered = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (2, "1122")).Own("HO").Own("KO").Remove(5).Single();
        Assert.Single(delivered.AsBilled.PublicFunds);
        Assert.Empty(delivered.AsExamined.PublicFunds);
    }

    [Theory]
    [InlineData("JY,3,99,0,,C,,,", ClaimFaultKind.CorrectionWithoutTarget, 6)]
    [InlineData("JY,3,5,1,,C,,,", ClaimFaultKind.CorrectionWithoutTarget, 6)]
    [InlineData("JY,4,5,0,,C,,,", ClaimFaultKind.CorrectionUnknown, 5)]
    [InlineData("JY,2,5,0,,C,99,0,", ClaimFaultKind.CorrectionWithoutLine, 10)]
    [InlineData("JY,2,5,0,,C,6,0,", ClaimFaultKind.CorrectionLineUsed, 10)]
    [InlineData("JY,2,5,0,,C,,,", ClaimFaultKind.ValueMissing, 10)]
    [InlineData("JY,1,5,0,,C,9,,", ClaimFaultKind.ValueMissing, 11)]
    [InlineData("JY,3,,0,,C,,,", ClaimFaultKind.ValueMissing, 6)]
    [InlineData("JY,3,x,0,,C,,,", ClaimFaultKind.NotANumber, 6)]
    [InlineData("JY,3,5,0", ClaimFaultKind.ColumnsMissing, 7)]
    public void A_correction_that_cannot_be_made_sets_the_claim_aside(string jy, ClaimFaultKind kind, int column)
    {
        var read = ClaimText.OfInsurer().StartGood("910000001").Own("IY").Own("IY").ExaminerLine(jy).StartGood("910000002").Read();
        Assert.Equal(["910000002"], read.Numbers);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((kind, 7L, column, "910000001", true), (fault.Kind, fault.Line, fault.Column, fault.ClaimNumber, fault.SetsAside));
    }

    [Fact]
    public void A_line_removed_twice_has_no_target() =>
        Assert.Equal(ClaimFaultKind.CorrectionWithoutTarget, ClaimText.OfInsurer().StartGood().Own("IY").Remove(5).Remove(5).SingleFault().Kind);

    [Fact]
    public void A_line_is_brought_in_once() =>
        Assert.Equal(ClaimFaultKind.CorrectionLineUsed, ClaimText.OfInsurer().StartGood().Own("IY").Own("IY").Examiner("IY").Correct(2, 5, 7).Correct(2, 6, 7).SingleFault().Kind);

    [Fact]
    public void A_line_of_the_examiners_that_nothing_brings_in_sets_the_claim_aside()
    {
        var fault = ClaimText.OfInsurer().StartGood().Examiner("HO", (5, "900")).SingleFault();
        Assert.Equal((ClaimFaultKind.LineWithoutCorrection, 5L, "HO"), (fault.Kind, fault.Line, fault.Found));
    }

    [Fact]
    public void Two_lines_of_one_number_set_the_claim_aside()
    {
        var fault = ClaimText.OfInsurer().StartGood().Own("IY").Raw("1,5,0," + ClaimText.Good(ClaimKind.Medical, "SY")).SingleFault();
        Assert.Equal((ClaimFaultKind.LineNumberTwice, 6L, 2, "行番号"), (fault.Kind, fault.Line, fault.Column, fault.Field));
    }

    [Fact]
    public void Without_HO_nothing_is_left() =>
        Assert.Equal(ClaimFaultKind.RecordMissing, ClaimText.OfInsurer().StartGood().Remove(4).SingleFault().Kind);

    private static string Code(int drug) => $"62000000{drug}";

    private static IEnumerable<string> Codes(Claim claim) => claim.Drugs.Select(drug => drug.Code);

    /// <summary>The last digits of the drugs as examined. Rows 5, 6 and 7 are the drugs 1, 2 and 3 as billed.</summary>
    private static IEnumerable<string> Replayed(Func<ClaimText, ClaimText> correct)
    {
        var delivered = correct(ClaimText.OfInsurer().StartGood().Own("IY", (3, Code(1))).Own("IY", (3, Code(2))).Own("IY", (3, Code(3)))).Single();
        Assert.Equal([Code(1), Code(2), Code(3)], Codes(delivered.AsBilled));
        return Codes(delivered.AsExamined).Select(code => code[^1..]);
    }
}
