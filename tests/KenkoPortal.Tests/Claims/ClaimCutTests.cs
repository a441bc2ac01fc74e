using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

/// <summary>Files cut off at a line's end inside the last claim (clerk 15), and files of other kinds (Q2).</summary>
public sealed class ClaimCutTests
{
    private static readonly ClaimText Medical = ClaimText.OfInsurer().StartGood("910000001").Own("SI", (1, "12"), (5, "1000"), (6, "1"))
        .Start("910000002").Own("IR").Own("RE").Own("HO", (5, "530")).Own("SN").Own("SY")
        .Own("SI", (1, "12"), (3, "112007410"), (5, "75"), (6, "2")).Own("IY", (1, "21"), (5, ""), (6, "14")).Own("IY", (3, "620000002"), (5, "20"), (6, "14"))
        .Own("SI", (1, "80"), (5, "100"), (6, "1")).Own("CO")
        .Examiner("HO", (5, "430")).Correct(2, 4, 12).Remove(10);

    private static readonly ClaimText Dental = ClaimText.OfInsurer(ClaimKind.Dental).StartGood("910000001").OwnLine(Surgery(1000, 1))
        .StartGood("910000002", 272).Own("SN").OwnLine("HS,,,104600,5234016").OwnLine(Surgery(58, 2)).Own("IY", (5, "10"), (6, "3")).OwnLine(Surgery(126, 1));

    private static readonly ClaimText Hospital = ClaimText.OfInsurer(ClaimKind.Dpc).StartGood("910000001").Own("BU")
        .StartGood("910000002").Own("SN").OwnLine("GR,,060100xx01xxxx").Own("BU");

    private static readonly ClaimText Pharmacy = ClaimText.OfInsurer(ClaimKind.Pharmacy).StartGood("910000001").OwnLine(ClaimText.Record("KI", 114, (5, "45")))
        .StartGood("910000002").Own("SN").Own("SH").Own("CZ");

    public static TheoryData<string> Whole => ["Medical", "Dental", "Hospital", "Pharmacy"];

    /// <summary>The price of the check must be no false alarm.</summary>
    [Theory, MemberData(nameof(Whole))]
    public void Clerk15_A_whole_file_is_not_told_to_be_cut(string name)
    {
        var read = ReadClaims.From(ClaimText.Encode(Of(name).Lines));
        Assert.Empty(read.Faults.Select(fault => fault.Render("")));
        Assert.False(read.File.IsCutShort);
    }

    [Theory, MemberData(nameof(Whole))]
    public void Clerk15_A_file_cut_at_a_line_end_inside_its_last_claim_is_told_or_has_lost_nothing_that_is_kept(string name)
    {
        var lines = Of(name).Lines;
        var whole = ClaimJson.Line(ReadClaims.From(ClaimText.Encode(lines)).Claims[1]);

        // Nothing tells that the examiner's lines are missing, all of them: the claim is one without corrections.
        var uncorrected = ClaimJson.Line(ReadClaims.From(ClaimText.Encode(lines.Where((line, i) => i < 6 || !line.StartsWith('2') || line.Contains(",MN,", StringComparison.Ordinal)))).Claims[1]);
        var begun = lines.ToList().FindIndex(line => line.Contains("910000002", StringComparison.Ordinal)) + 1;
        for (var count = begun; count < lines.Count; count++)
        {
            var read = ReadClaims.From(ClaimText.Encode(lines.Take(count)));
            Assert.Equal("910000001", read.Claims[0].AsExamined.Number);
            var isSame = read.Claims.Count == 2 && (ClaimJson.Line(read.Claims[1]) == whole || ClaimJson.Line(read.Claims[1]) == uncorrected);
            Assert.True(isSame || read.File.IsCutShort || read.Faults.Count > 0, $"{name} {count}: {lines[count]}");
        }
    }

    [Fact]
    public void Clerk15_What_the_rows_of_the_last_claim_lack_is_told_with_both_sums()
    {
        var read = ReadClaims.From(ClaimText.Encode(Medical.Lines.Take(14)));
        Assert.Equal(["910000001"], read.Numbers);
        Assert.True(read.File.IsCutShort);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((ClaimFaultKind.CutShort, 14L, "430", "530", "910000002", true), (fault.Kind, fault.Line, fault.Found, fault.Expected, fault.ClaimNumber, fault.SetsAside));
    }

    [Fact]
    public void Clerk15_A_correction_that_was_cut_off_is_told()
    {
        // The last JY, which takes 100 points away.
        var read = ReadClaims.From(ClaimText.Encode(Medical.Lines.SkipLast(1)));
        Assert.Equal(2, read.Claims.Count);
        Assert.Equal((ClaimFaultKind.CorrectionsShort, "530", "430"), (Assert.Single(read.Faults).Kind, read.Faults[0].Found, read.Faults[0].Expected));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void Clerk15_A_file_cut_inside_its_last_line_is_cut_short(int left)
    {
        var bytes = ClaimText.Encode(Dental.Lines.SkipLast(1));
        var read = ReadClaims.From([.. bytes, .. ClaimText.Encode([Dental.Lines[^1]])[..left]]);
        Assert.Equal(["910000001"], read.Numbers);
        Assert.True(read.File.IsCutShort);
    }

    [Fact]
    public void Clerk15_A_damaged_last_claim_is_no_cut() =>
        Assert.False(ClaimText.OfInsurer().StartGood("910000001").Own("SI", (5, "1000"), (6, "1")).Start("910000002").Own("IR").Own("RE").OwnLine("XO,1").Read().File.IsCutShort);

    [Fact]
    public void Clerk15_Rows_of_public_funds_alone_and_薬剤料逓減_are_no_cut()
    {
        var funds = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (2, "1122")).Own("HO", (5, "100")).Own("KO", (5, "400")).Own("SI", (2, "2"), (5, "100"), (6, "1")).Own("SI", (2, "5"), (5, "300"), (6, "1"));
        Assert.Empty(ReadClaims.From(ClaimText.Encode(funds.Lines)).Faults);
        var reduced = ClaimText.OfInsurer().StartGood("910000001", 756).Own("IY", (5, "30"), (6, "28")).Own("IY", (3, "630010002"), (4, ""), (5, "756"), (6, "1"));
        Assert.Empty(ReadClaims.From(ClaimText.Encode(reduced.Lines)).Faults);
    }

    [Fact]
    public void Clerk15_Wherever_a_file_of_any_rows_is_cut_no_claim_with_too_few_points_comes_through() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(
        Gen.NonEmptyListOf(from points in Gen.Choose(0, 500) from times in Gen.Choose(1, 31) select (points, times)).ToArbitrary(),
        rows =>
        {
            var text = ClaimText.OfInsurer().StartGood("910000001", rows.Sum(row => row.points * row.times)).Own("SN");
            foreach (var (points, times) in rows)
            {
                text.Own("SI", (5, $"{points}"), (6, $"{times}"));
            }

            // MN and IR alone are no claims file; from RE on the claim is one, and before the last row with points it is not whole.
            var last = rows.ToList().FindLastIndex(row => row.points > 0);
            return ReadClaims.From(ClaimText.Encode(text.Lines)).Faults.Count == 0
                && Enumerable.Range(3, Math.Max(0, last + 3)).All(count => last < 0 || ReadClaims.From(ClaimText.Encode(text.Lines.Take(count))) is { Claims.Count: 0, File.IsCutShort: true });
        }));

    [Theory]
    [InlineData("PK\u0003\u0004\u0014", ClaimFaultKind.PackedFile)]
    [InlineData("PK\u0005\u0006\u0000", ClaimFaultKind.PackedFile)]
    [InlineData("HI,1,202605,13,1,1234567\r\nIR,1,13,1,1234567,,x,202604,00,\r\nRE,1,1112,202604\r\nHR,202605,1\r\nHG,1\r\n", ClaimFaultKind.ReturnFile)]
    [InlineData("IR,1,13,1,1234567,,x,202604,00,\r\nRE,1,1112,202604\r\nRR,1,1,1\r\nSY,8800000\r\nRS,1,1200\r\n", ClaimFaultKind.AccidentFile)]
    [InlineData("GO,0,0,99\r\n", ClaimFaultKind.UnknownFile)]
    public void FindingQ2_A_file_of_another_kind_is_told_by_what_it_is(string text, ClaimFaultKind kind)
    {
        var read = ReadClaims.From(ClaimText.Encode([text], ""));
        Assert.Empty(read.Claims);
        Assert.Equal((kind, kind), (Assert.Single(read.Faults).Kind, read.File.Refusal));
    }

    [Fact]
    public void FindingQ2_A_returned_claim_of_an_insurers_file_makes_no_return_file_of_it() =>
        Assert.Null(ClaimText.OfInsurer().StartGood().ExaminerLine("HI,1,202603").Read().File.Refusal);

    private static ClaimText Of(string name) => name switch { "Medical" => Medical, "Dental" => Dental, "Hospital" => Hospital, _ => Pharmacy };

    private static string Surgery(int points, int times) => ClaimText.Record("SS", 78, (1, "41"), (3, "309002110"), (76, $"{points}"), (77, $"{times}"));
}
