using System.Text;
using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

/// <summary>Files as broken programs, editors and malice leave them: told, contained, and in constant memory.</summary>
public sealed class ClaimAbuseTests
{
    private const long Much = 64L << 20;

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\u001A\n")]
    public void FindingQ1_Blank_lines_without_end_take_no_memory_and_are_nothing(string line)
    {
        var (numbers, faults, allocated) = Flood(Encoding.ASCII.GetBytes(line));
        Assert.Equal(["910000001", "910000002"], numbers);
        Assert.Empty(faults);
        Assert.InRange(allocated, 0, 8 << 20);
    }

    [Theory]
    [InlineData("x\n")]
    [InlineData("1,5,0,SY\n")]
    [InlineData("2,9,0,JY,2,4,0,,,9,0,\n")]
    public void Short_lines_without_end_take_no_memory_and_one_fault(string line)
    {
        var (numbers, faults, allocated) = Flood(Encoding.ASCII.GetBytes(line));
        Assert.Equal(["910000002"], numbers);
        Assert.Equal((ClaimFaultKind.ClaimTooLarge, 1L, "910000001"), (Assert.Single(faults).Kind, faults[0].Line, faults[0].ClaimNumber));
        Assert.Contains("65536 行", faults[0].Message, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 16 << 20);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData((byte)',')]
    [InlineData((byte)'\r')]
    [InlineData(0x82)]
    public void A_line_without_end_takes_no_memory_and_one_fault(byte value)
    {
        var (numbers, faults, allocated) = Flood([value], "\n");
        Assert.Equal(["910000002"], numbers);
        Assert.Equal((ClaimFaultKind.LineTooLong, 5L), (Assert.Single(faults).Kind, faults[0].Line));
        Assert.InRange(allocated, 0, 8 << 20);
    }

    [Fact]
    public void A_file_of_one_line_without_end_has_one_fault()
    {
        var faults = new List<ClaimFault>();
        Assert.Empty(ClaimFile.Read(new FloodStream([], [0], Much, []), faults.Add));
        Assert.Equal(ClaimFaultKind.UnknownFile, Assert.Single(faults).Kind);
    }

    [Fact]
    public void The_largest_claim_costs_little_more_than_itself()
    {
        var line = Encoding.ASCII.GetBytes("1,5,0,SJ,01," + new string('x', 2000) + "\n");
        var (_, faults, allocated) = Flood(line);
        Assert.Equal("8 MB ", faults[0].Expected);
        Assert.InRange(allocated, 0, 32 << 20);
    }

    [Fact]
    public void A_claim_may_have_many_lines_but_not_more()
    {
        Assert.Single(Lines(ClaimFile.MaxClaimLines - 1).Read().Claims);
        Assert.Equal(ClaimFaultKind.ClaimTooLarge, Lines(ClaimFile.MaxClaimLines).SingleFault().Kind);

        static ClaimText Lines(int count)
        {
            // The helper adds the last one, whose points the claim has.
            var file = ClaimText.OfInsurer().StartGood();
            for (var i = 4; i < count; i++)
            {
                file.OwnLine("SJ,01,x");
            }

            return file;
        }
    }

    [Fact]
    public void A_block_filled_up_with_marks_of_the_end_is_the_end()
    {
        byte[] marks = [.. Enumerable.Repeat((byte)0x1A, 100)];
        var file = ClaimText.OfInsurer().StartGood().Bytes();
        foreach (var bytes in new byte[][] { [.. file, .. marks], [.. file[..^2], .. marks], [.. file, .. marks, (byte)'\r', (byte)'\n'] })
        {
            var read = ReadClaims.From(bytes);
            Assert.Empty(read.Faults);
            Assert.Single(read.Claims);
        }
    }

    [Fact]
    public void A_UTF_8_mark_costs_the_first_claim_of_an_insurers_file_and_is_told()
    {
        var read = ReadClaims.From([0xEF, 0xBB, 0xBF, .. ClaimText.OfInsurer().StartGood("910000001").StartGood("910000002").Bytes()]);
        Assert.Equal(["910000002"], read.Numbers);
        Assert.Equal((ClaimFaultKind.Undecodable, 1L, 1), (Assert.Single(read.Faults).Kind, read.Faults[0].Line, read.Faults[0].Column));
    }

    [Fact]
    public void A_UTF_8_mark_before_the_header_of_an_institutions_file_leaves_nobody_who_billed()
    {
        var read = ReadClaims.From([0xEF, 0xBB, 0xBF, .. ClaimText.OfProvider().Own("IR").Billed("1").Raw("GO,1,1000,99").Bytes()]);
        Assert.Empty(read.Claims);
        Assert.Equal([ClaimFaultKind.Undecodable, ClaimFaultKind.RecordMissing], read.Faults.Select(f => f.Kind));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Line_ends_of_CR_alone_make_no_claim_and_are_told(bool isInsurers)
    {
        var file = isInsurers ? ClaimText.OfInsurer().StartGood() : ClaimText.OfProvider().Own("IR").Billed("1").Raw("GO,1,1000,99");
        var read = ReadClaims.From(file.Bytes("\r"));
        Assert.Empty(read.Claims);
        Assert.NotEmpty(read.Faults);
    }

    [Fact]
    public void A_line_end_of_CR_alone_between_two_claims_costs_these_two()
    {
        var lines = ClaimText.OfInsurer().StartGood("910000001").StartGood("910000002").StartGood("910000003").StartGood("910000004").Lines;
        var file = ClaimText.OfInsurer();
        for (var i = 0; i < lines.Count; i++)
        {
            // The last line of the second claim and the first of the third.
            _ = i == 7 ? file.Raw(lines[i] + "\r" + lines[++i]) : file.Raw(lines[i]);
        }

        var read = file.Read();
        Assert.Equal(["910000001", "910000004"], read.Numbers);
        Assert.NotEmpty(read.Faults);
    }

    [Theory]
    [InlineData("ﾔﾏﾀﾞ ﾀﾛｳ｡ﾟ")]
    [InlineData("\uE000\uE757")]
    [InlineData("～－∥￢￡")]
    [InlineData("ⅰ纊黑")]
    public void Every_character_of_CP932_comes_through(string name) =>
        Assert.Equal(name, ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (4, name)).Own("HO").Single().AsExamined.Name);

    [Fact]
    public void Private_characters_reach_from_F040_to_F9FC()
    {
        var file = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (4, "\uE000\uE757")).Own("HO").Bytes();
        Assert.Equal(1, file.AsSpan().Count((byte[])[0xF0, 0x40, 0xF9, 0xFC]));
        file[file.AsSpan().IndexOf((byte[])[0xF9, 0xFC]) + 1] = 0xFD;
        Assert.Equal(ClaimFaultKind.Undecodable, Assert.Single(ReadClaims.From(file).Faults).Kind);
    }

    [Theory]
    [InlineData("JY,2,5,0,,C,5,0,", ClaimFaultKind.CorrectionLineUsed)]
    [InlineData("JY,3,7,0,,C,,,", ClaimFaultKind.CorrectionWithoutTarget)]
    [InlineData("JY,3,1,0,,C,,,", ClaimFaultKind.CorrectionWithoutTarget)]
    [InlineData("JY,2,5,0,,C,7,0,", ClaimFaultKind.CorrectionLineUsed)]
    [InlineData("JY,3,999999999,999999999,,C,,,", ClaimFaultKind.CorrectionWithoutTarget)]
    [InlineData("JY,3,9999999999,0,,C,,,", ClaimFaultKind.NotANumber)]
    [InlineData("JY,3,-5,0,,C,,,", ClaimFaultKind.NotANumber)]
    public void A_correction_of_itself_or_of_nothing_sets_the_claim_aside(string jy, ClaimFaultKind kind) =>
        Assert.Equal(kind, ClaimText.OfInsurer().StartGood().Own("IY").Own("IY").ExaminerLine(jy).SingleFault().Kind);

    [Fact]
    public void Corrections_in_a_circle_set_the_claim_aside() => Assert.Equal(
        ClaimFaultKind.CorrectionLineUsed, ClaimText.OfInsurer().StartGood().Own("IY").Examiner("IY").Correct(2, 5, 6).Correct(2, 6, 5).SingleFault().Kind);

    [Fact]
    public void A_place_may_be_corrected_again_and_again()
    {
        var file = ClaimText.OfInsurer().StartGood().Own("IY");
        for (var i = 0; i < 3000; i++)
        {
            file.Examiner("IY", (4, $"{i}")).Correct(2, 5, 6 + (i * 2));
        }

        Assert.Equal(2999, Assert.Single(file.Single().AsExamined.Drugs).Quantity);
    }

    [Theory]
    [InlineData("9999999999")]
    [InlineData("-1000")]
    [InlineData("+1000")]
    [InlineData("1000.0")]
    [InlineData(" 1000")]
    [InlineData("1e3")]
    [InlineData("１０００")]
    public void Points_that_are_no_plain_number_are_none(string points)
    {
        var fault = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE").Own("HO", (5, points)).SingleFault();
        Assert.Equal((ClaimFaultKind.NotANumber, "合計点数"), (fault.Kind, fault.Field));
    }

    [Fact]
    public void The_highest_numbers_that_are_read_stay_in_range()
    {
        var read = ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (2, "1152")).Own("HO", (4, "999"), (5, "99999999"), (8, "999999999"), (14, "999999999"))
            .Own("KO", (5, "99999999"), (6, "999999999")).Own("KO", (2, "1"), (5, "99999999"), (6, "999999999")).Own("KO", (2, "2"), (6, "999999999")).Own("KO", (2, "3"), (6, "999999999"))
            .Own("SI", (1, "97"), (3, "197000810"), (5, "99999999"), (6, "999")).Own("IY", (4, "99999.99999"), (6, "999")).Read();
        Assert.Equal(ClaimFaultKind.TooManyDays, Assert.Single(read.Faults).Kind);
        var claim = Assert.Single(read.Claims).AsExamined;
        Assert.Equal((999_999_990, null, 99999.99999m), (claim.TotalYen, claim.MealShare, claim.Drugs[0].Quantity));
        Assert.Null(PatientShare.Of(claim).Patient);
        Assert.Equal(0, PatientShare.Of(claim with { ReductionAmount = 999_999_999, PublicFunds = [] }).Patient);
    }

    [Fact]
    public void A_month_after_the_billed_one_and_more_days_than_the_month_has_are_told_and_the_claim_is_delivered()
    {
        var read = ClaimText.OfInsurer()
            .Start("910000001").Own("IR", (7, "202605")).Own("RE", (3, "202606")).Own("HO", (4, "31"), (5, "1000"))
            .Start("910000002").Own("IR", (7, "202605")).Own("RE", (3, "202605")).Own("HO", (4, "31"), (5, "1000")).Read();

        Assert.Equal(2, read.Claims.Count);
        Assert.Equal(
            [
                ":1:1（行）: 診療年月（2026-06）が請求年月（2026-05）より後です。どちらかが誤りでないか確かめてください。 レセプト 910000001 は取り込みます。",
                ":1:1（行）: 診療実日数（31 日）が、その月の日数（30 日）より多くなっています。誤りでないか確かめてください。 レセプト 910000001 は取り込みます。",
            ],
            read.Faults.Select(f => f.Render("")));
    }

    [Theory]
    [InlineData(6, "5000101", ClaimFaultKind.NoSuchDay)]
    [InlineData(6, "6010101", ClaimFaultKind.NotADate)]
    [InlineData(6, "9999999", ClaimFaultKind.NotADate)]
    [InlineData(6, "0010101", ClaimFaultKind.NotADate)]
    [InlineData(6, "5080230", ClaimFaultKind.NoSuchDay)]
    [InlineData(6, "20260230", ClaimFaultKind.NoSuchDay)]
    [InlineData(6, "20250229", ClaimFaultKind.NoSuchDay)]
    [InlineData(6, "99991231", ClaimFaultKind.NoSuchDay)]
    [InlineData(6, "18671231", ClaimFaultKind.NoSuchDay)]
    [InlineData(6, "00010101", ClaimFaultKind.NoSuchDay)]
    [InlineData(6, "20260100", ClaimFaultKind.NoSuchDay)]
    [InlineData(3, "999912", ClaimFaultKind.NoSuchDay)]
    [InlineData(3, "000101", ClaimFaultKind.NoSuchDay)]
    [InlineData(3, "60101", ClaimFaultKind.NotADate)]
    [InlineData(3, "50000", ClaimFaultKind.NoSuchDay)]
    public void A_date_of_no_era_or_of_no_calendar_is_none(int index, string text, ClaimFaultKind kind) =>
        Assert.Equal(kind, ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE", (index, text)).Own("HO").SingleFault().Kind);

    [Fact]
    public void A_reduction_above_all_is_none() =>
        Assert.Equal("減額割合", ClaimText.OfInsurer().Start("910000001").Own("IR").Own("RE").Own("HO", (12, "1"), (13, "101")).SingleFault().Field);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_claim_written_twice_is_told_and_both_are_delivered(bool isInsurers)
    {
        var file = isInsurers ? ClaimText.OfInsurer().StartGood("910000001").StartGood("910000001") : ClaimText.OfProvider().Own("IR").Billed("1").Billed("1").Raw("GO,2,2000,99");
        var read = file.Read();
        Assert.Equal(2, read.Claims.Count);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((ClaimFaultKind.ClaimRepeated, read.Claims[1].Line, false), (fault.Kind, fault.Line, fault.SetsAside));
    }

    [Fact]
    public void A_DPC_detail_without_its_summary_is_told()
    {
        var read = ClaimText.OfInsurer(ClaimKind.Dpc).StartGood("910000001").Start("910000002").Own("IR").Own("RE", (18, "2")).Own("HO").StartGood("910000003").Read();
        Assert.Equal(["910000001", "910000003"], read.Numbers);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((ClaimFaultKind.DetailWithoutSummary, 5L, "910000002", false), (fault.Kind, fault.Line, fault.ClaimNumber, fault.SetsAside));
        Assert.Equal(1, read.File.DetailsPassedOver);
    }

    [Fact]
    public void A_DPC_summary_needs_no_details() =>
        Assert.Equal(1, ClaimText.OfInsurer(ClaimKind.Dpc).Start("910000001").Own("IR").Own("RE", (18, "1")).Own("HO").Single().AsExamined.SummaryClass);

    [Fact]
    public void The_details_of_a_DPC_summary_that_was_set_aside_are_not_told_once_more()
    {
        var read = ClaimText.OfInsurer(ClaimKind.Dpc).Start("910000001").Own("IR").Own("RE", (18, "1")).Own("HO", (5, "x"))
            .Start("910000002").Own("IR").Own("RE", (18, "2")).Own("HO").Read();
        Assert.Empty(read.Claims);
        Assert.Equal(ClaimFaultKind.NotANumber, Assert.Single(read.Faults).Kind);
    }

    [Fact]
    public void 調剤_blocks_without_drugs_leave_the_others_quantities_alone()
    {
        var claim = ClaimText.OfInsurer(ClaimKind.Pharmacy).StartGood()
            .Own("SH").Own("CZ", (5, "14")).Own("SH").Own("SH").Own("CZ", (5, "7")).Own("IY").Own("SH").Own("CZ", (5, "3")).Single().AsExamined;
        Assert.Equal(new ClaimDrug("620000001", 3, 7, "1"), Assert.Single(claim.Drugs));
    }

    /// <summary>A claim, then so much of the same, then another.</summary>
    private static (IEnumerable<string> Numbers, IReadOnlyList<ClaimFault> Faults, long Allocated) Flood(byte[] flood, string end = "")
    {
        var (before, after) = (ClaimText.Encode(ClaimText.OfInsurer().StartGood("910000001").Lines), ClaimText.OfInsurer().StartGood("910000002").Bytes());
        using var stream = new FloodStream(before, flood, Much, [.. Encoding.ASCII.GetBytes(end), .. after]);
        var faults = new List<ClaimFault>();
        var begun = GC.GetAllocatedBytesForCurrentThread();
        var numbers = ClaimFile.Read(stream, faults.Add).Select(claim => claim.AsExamined.Number).ToList();
        return (numbers, faults, GC.GetAllocatedBytesForCurrentThread() - begun);
    }

    /// <summary>What no test would keep in memory.</summary>
    private sealed class FloodStream(byte[] before, byte[] flood, long length, byte[] after) : Stream
    {
        private readonly long _flooded = length / Math.Max(1, flood.Length) * flood.Length;
        private readonly byte[] _much = [.. Enumerable.Range(0, 1 + (100_000 / flood.Length)).SelectMany(_ => flood)];
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => before.Length + _flooded + after.Length;

        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var flooded = _at - before.Length;
            var part = flooded < 0 ? before.AsSpan((int)_at)
                : flooded < _flooded ? _much.AsSpan((int)(flooded % flood.Length))
                : after.AsSpan((int)(flooded - _flooded));
            var read = (int)Math.Min(Math.Min(part.Length, count), flooded is >= 0 && flooded < _flooded ? _flooded - flooded : int.MaxValue);
            part[..read].CopyTo(buffer.AsSpan(offset));
            _at += read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
