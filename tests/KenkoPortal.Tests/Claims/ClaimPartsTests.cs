using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

/// <summary>F4, F5, F6: institutions' files of several parts, dental ones, and what GO counts.</summary>
public sealed class ClaimPartsTests
{
    private static readonly (ClaimKind Kind, string Header)[] Kinds =
        [(ClaimKind.Medical, "IR"), (ClaimKind.Dpc, "IR"), (ClaimKind.Dental, "UK"), (ClaimKind.Pharmacy, "YK"), (ClaimKind.Nursing, "HM")];

    [Theory]
    [InlineData("\r\n", "")]
    [InlineData("\r\n", "\u001A")]
    [InlineData("\r\n", "\u001A\r\n")]
    [InlineData("\r\n", "\r\n\u001A\u001A\r\n\r\n")]
    [InlineData("", "\u001A")]
    [InlineData("", "\u001A\r\n")]
    public void FindingF4_A_header_behind_GO_begins_a_part_with_its_own_institution(string lineEnd, string between)
    {
        foreach (var (kind, header) in Kinds)
        {
            byte[] file = [.. Part(kind, header, "1100077", 1)[..^2], .. ClaimText.Encode([lineEnd + between], ""), .. Part(kind, header, "1100078", 1)];
            var read = ReadClaims.From(file);
            Assert.Empty(read.Faults.Select(fault => fault.Render(kind.ToString())));
            Assert.Equal(["1100077", "1100078"], read.Claims.Select(claim => claim.AsExamined.Institution.Code));
            Assert.Equal(["名称1100077", "名称1100078"], read.Claims.Select(claim => claim.AsExamined.Institution.Name));
            Assert.Equal((0L, 0L, false), (read.File.LinesUnread, read.File.ClaimsSetAside, read.File.IsCutShort));
        }
    }

    [Fact]
    public void FindingF4_A_header_that_changes_between_claims_begins_a_part_too()
    {
        foreach (var (kind, header) in Kinds)
        {
            var read = Header(Header(ClaimText.OfProvider(kind), header, "1100077").Billed("1"), header, "1100078").Billed("1").Billed("2").Raw("GO,3,3000,99").Read();
            Assert.Empty(read.Faults.Select(fault => fault.Render(kind.ToString())));
            Assert.Equal(["1100077", "1100078", "1100078"], read.Claims.Select(claim => claim.AsExamined.Institution.Code));
        }
    }

    [Fact]
    public void FindingF4_A_header_that_is_written_before_each_claim_changes_nothing()
    {
        var read = ClaimText.OfProvider().Own("IR").Billed("1").Own("IR").Billed("2").Own("IR").Billed("3").Raw("GO,3,3000,99").Read();
        Assert.Empty(read.Faults);
        Assert.Equal(3, read.Claims.Count);
    }

    [Theory]
    [InlineData("IX,1,13,1,1100078,,架空やまべ医院,202605,00,045-000-0078")]
    [InlineData("IR,1,13,1,110007x,,架空やまべ医院,202605,00,045-000-0078")]
    [InlineData("IR,1,13,1,,,架空やまべ医院,202605,00,045-000-0078")]
    [InlineData("IR,1,13,1,1100078,,架空やま,べ医院,202605,00,045-000-0078")]
    [InlineData("I,1,13,1,1100078,,架空やまべ医院,202605,00,045-000-0078")]
    [InlineData("IR,1,13,,1,1100078,,架空やまべ医院,202605,00,045-000-0078")]
    public void FindingF4_Behind_a_damaged_header_no_claim_is_another_institutions(string header)
    {
        foreach (var go in new[] { "", "GO,1,1000,99" })
        {
            var file = Header(ClaimText.OfProvider(), "IR", "1100077").Billed("1");
            var read = (go.Length > 0 ? file.Raw(go) : file).Raw(header).Billed("2").Raw("GO,2,2000,99").Read();
            Assert.Equal(["1"], read.Numbers);
            Assert.NotEmpty(read.Faults);
            Assert.True(read.File.ClaimsSetAside + read.File.LinesUnread > 0, header + go);
        }
    }

    [Fact]
    public void FindingF4_Parts_of_a_file_are_read_as_each_part_alone() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(
        (from kind in Gen.Elements(Kinds)
         from parts in Gen.NonEmptyListOf(from code in Gen.Choose(1100000, 1100009) from claims in Gen.Choose(1, 3) select ($"{code}", claims))
         from joiner in Gen.Elements("", "\u001A", "\u001A\r\n", "\r\n")
         select (kind, parts, joiner)).ToArbitrary(),
        file =>
        {
            var parts = file.parts.Select(part => Part(file.kind.Kind, file.kind.Header, part.Item1, part.claims)).ToList();
            var alone = parts.SelectMany(part => ReadClaims.From(part).Claims).Select(ClaimJson.Line);
            var read = ReadClaims.From([.. parts.SelectMany(part => part.Concat(ClaimText.Encode([file.joiner], "")))]);
            return read.Faults.Count == 0 && read.Claims.Select(ClaimJson.Line).SequenceEqual(alone, StringComparer.Ordinal);
        }));

    [Fact]
    public void FindingF5_An_institutions_dental_file_has_UK_once_and_IR_before_each_claim()
    {
        var read = ClaimText.OfProvider(ClaimKind.Dental).Own("UK", (7, ""))
            .Own("IR").Billed("1", 272).OwnLine("HS,,,104600,5234016,,,,,,,,").Own("IY").Own("IR").Billed("2", 272).Own("SN").Raw("GO,2,544,99").Read();

        Assert.Empty(read.Faults);
        Assert.Equal(["1", "2"], read.Numbers);
        Assert.All(read.Claims, claim => Assert.Equal(
            (272, new Institution("13", "3", "7654321", "みなと歯科"), new TreatmentMonth(2026, 5)), (claim.AsExamined.Points, claim.AsExamined.Institution, claim.AsExamined.BilledMonth)));
        Assert.Equal([2L, 7L], read.Claims.Select(claim => claim.Line));
    }

    [Fact]
    public void FindingF5_An_IR_of_another_dentist_does_not_get_the_files_name()
    {
        var read = ClaimText.OfProvider(ClaimKind.Dental).Own("UK").Own("IR").Billed("1").Own("IR", (4, "7654329")).Billed("2").Raw("GO,2,2000,99").Read();
        Assert.Equal([("7654321", "みなと歯科"), ("7654329", null)], read.Claims.Select(claim => (claim.AsExamined.Institution.Code, claim.AsExamined.Institution.Name)));
    }

    [Fact]
    public void FindingF5_A_damaged_IR_costs_its_own_claim_only()
    {
        var read = ClaimText.OfProvider(ClaimKind.Dental).Own("UK").Own("IR").Billed("1").Own("IY").Own("IR", (2, "1x")).Billed("2").Own("IR").Billed("3").Raw("GO,3,3000,99").Read();
        Assert.Equal(["1", "3"], read.Numbers);
        Assert.Equal((ClaimFaultKind.NotACode, "2"), (Assert.Single(read.Faults).Kind, read.Faults[0].ClaimNumber));
    }

    [Theory]
    [InlineData("1112", "HO", "1,1000", true)]
    [InlineData("1122", "HO KO", "2,1000", true)]
    [InlineData("1122", "HO KO", "1,1000", false)]
    [InlineData("1132", "HO KO KO", "3,1000", true)]
    [InlineData("1152", "HO KO KO KO KO", "5,1000", true)]
    [InlineData("1212", "KO", "1,1000", true)]
    [InlineData("1222", "KO KO", "2,1000", true)]
    [InlineData("1222", "KO KO", "1,1000", false)]
    [InlineData("1222", "KO KO", "3,1000", false)]
    public void FindingF6_GO_counts_one_for_the_insurance_and_one_for_each_public_fund(string type, string payers, string go, bool isRight)
    {
        var file = ClaimText.OfProvider().Own("IR").Own("RE", (2, type));
        var fund = 0;
        foreach (var payer in payers.Split(' '))
        {
            file.Own(payer, payer == "KO" ? [(2, $"{++fund}")] : []);
        }

        var faults = file.Raw($"GO,{go},99").Read().Faults.Select(fault => fault.Kind);
        Assert.Equal(isRight ? [] : [ClaimFaultKind.CountDiffers], faults);
    }

    [Fact]
    public void FindingF6_Of_a_claim_that_was_set_aside_its_payers_may_be_any()
    {
        ClaimText Cut(string go) => ClaimText.OfProvider().Own("IR").Own("RE", (2, "1122")).Own("HO").OwnLine("XO,54136015").Billed("2").Raw(go);
        Assert.DoesNotContain(Cut("GO,3,2000,99").Read().Faults, fault => fault.Kind == ClaimFaultKind.CountDiffers);
        Assert.Contains(Cut("GO,9,2000,99").Read().Faults, fault => fault.Kind == ClaimFaultKind.CountDiffers);
    }

    private static ClaimText Header(ClaimText text, string header, string code) => text.Own(header, (4, code), (header is "YK" or "HM" ? 5 : 6, "名称" + code));

    private static byte[] Part(ClaimKind kind, string header, string code, int claims)
    {
        var text = Header(ClaimText.OfProvider(kind), header, code);
        for (var i = 1; i <= claims; i++)
        {
            _ = kind == ClaimKind.Dental && i != 2 ? text.Own("IR", (4, code)) : text;
            text.Billed($"{i}");
        }

        return text.Raw($"GO,{claims},{claims * 1000},99").Bytes();
    }
}
