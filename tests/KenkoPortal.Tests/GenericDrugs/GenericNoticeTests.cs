using KenkoPortal.Claims;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.GenericDrugs.Import;
using KenkoPortal.Tests.Publication;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.GenericDrugs;

/// <summary>From a person's claims of a month to the lines of the notice, in memory.</summary>
public sealed class GenericNoticeTests
{
    private static readonly TreatmentMonth April = new(2026, 4);

    private static readonly DrugText Drugs = new DrugText()
        .Drug("620000001", "2149044F6026", 31.9m, GenericFlag.BrandWithGeneric)
        .Drug("620000002", "2149044F6034", 20.2m, GenericFlag.Generic)
        .Drug("620000003", "2149044F6042", 10.4m, GenericFlag.Generic)
        .Drug("620000004", "2149044F6050", 15.5m, GenericFlag.Generic)
        .Drug("620000005", "2149044F6069", 15.6m, GenericFlag.Generic)
        .Drug("620000006", "2649729S5028", 28.9m, GenericFlag.BrandWithGeneric, specification: "１０ｃｍ×１４ｃｍ１枚", unit: "枚", ingredient: "貼付")
        .Drug("620000007", "2649729S5036", 17.6m, GenericFlag.Generic, specification: "１０ｃｍ×１４ｃｍ１枚", unit: "枚", ingredient: "貼付")
        .Drug("620000008", "1179039F1028", 183m, GenericFlag.BrandWithGeneric, ingredient: "精神")
        .Drug("620000009", "1179039F1010", 10m, GenericFlag.Generic, ingredient: "精神")
        .Drug("620000010", "6250013F1023", 615.9m, GenericFlag.BrandWithGeneric, ingredient: "抗HIV", isHiv: true)
        .Drug("620000011", "6250013F1031", 10m, GenericFlag.Generic, ingredient: "抗HIV")
        .SelectedCare("670000001", "620000001");

    private readonly Society _society = new()
    {
        Key = "minato", InsurerNumber = "06990014", Name = "港", Host = "h", Origin = "https://h", MailFrom = "a@b", RegistrationAddress = "c@d", GenericLeastYen = 100,
    };

    private readonly Person _person;

    public GenericNoticeTests() => _person = new Person
    {
        SocietyId = _society.Id, HouseholdId = Guid.CreateVersion7(), Name = "山田", Kana = "ヤマダ", KanaKey = "ヤマダ", Sex = Sex.Male,
        BirthDate = new DateOnly(1980, 4, 2), Relationship = Relationship.Insured, AcquiredOn = new DateOnly(2010, 4, 1), ListOrder = 1,
    };

    [Fact]
    public void The_saving_is_the_rounded_cost_of_each_row_by_the_patients_rate_from_dearest_to_cheapest()
    {
        var line = Assert.Single(Lines(Claim("620000001 1 28")));

        // 31.9 → 3 points × 28 × 10 = 840; 20.2 → 2 points = 560; 10.4 → 1 point = 280; of them 3割.
        Assert.Equal((252, 84, 168), (line.CostYen, line.LeastSavingYen, line.MostSavingYen));
        Assert.Equal((28m, "錠", "品名620000001", "620000001"), (line.Quantity, line.Unit, line.DrugName, line.DrugCode));
        Assert.Equal([(10.4m, 168), (15.5m, 84), (15.6m, 84)], line.Candidates.Select(c => (c.Price, c.SavingYen)));
    }

    [Fact]
    public void Rows_of_a_claim_are_rounded_apart_and_told_together()
    {
        var line = Assert.Single(Lines(Claim("620000001 1 14;620000001 2 14")));

        // 14 × 3 points + 14 × 6 points (63.8 → 6) = 1,260; cheapest 14 × 1 + 14 × 2 = 420.
        Assert.Equal((378, 252, 42m), (line.CostYen, line.MostSavingYen, line.Quantity));
    }

    [Fact]
    public void A_drug_of_two_claims_is_judged_by_its_sum_and_told_by_claim()
    {
        _society.GenericLeastYen = 160;
        var (one, other) = (Claim("620000001 1 14"), Claim("670000001 1 14"));

        var lines = Lines(one, other);

        Assert.Equal([84, 84], lines.Select(l => l.MostSavingYen));
        Assert.Equal([one.Id, other.Id], lines.Select(l => l.ClaimId));
        Assert.Equal(["620000001", "670000001"], lines.Select(l => l.DrugCode));
        Assert.Empty(Lines(Claim("620000001 1 14")));
    }

    [Theory]
    [InlineData(CareKind.MedicalOutpatient, 1)]
    [InlineData(CareKind.DentalOutpatient, 1)]
    [InlineData(CareKind.Pharmacy, 1)]
    [InlineData(CareKind.MedicalInpatient, 0)]
    [InlineData(CareKind.DentalInpatient, 0)]
    [InlineData(CareKind.HomeNursing, 0)]
    public void Only_outpatient_and_pharmacy_claims_count(CareKind care, int lines) => Assert.Equal(lines, Lines(Claim("620000001 1 28", care)).Count);

    [Fact]
    public void A_returned_claim_counts_no_more()
    {
        var claim = Claim("620000001 1 28");
        claim.WithdrawnAt = DateTimeOffset.UnixEpoch;

        Assert.Empty(Lines(claim));
    }

    [Theory]
    [InlineData(168, 1)]
    [InlineData(169, 0)]
    public void The_least_saving_is_compared_with_the_cheapest_candidate(int least, int lines)
    {
        _society.GenericLeastYen = least;

        Assert.Equal(lines, Lines(Claim("620000001 1 28")).Count);
    }

    [Fact]
    public void What_saves_nothing_is_never_told()
    {
        _society.GenericLeastYen = 0;

        Assert.Empty(Lines(Claim("620000001 1 28", percent: 0)));
    }

    [Theory]
    [InlineData("620000001 1 13", 0)]
    [InlineData("620000001 1 14", 1)]
    [InlineData("620000001 1 7;620000001 1 7", 1)]
    [InlineData("620000006 7 10", 1)]
    public void Days_of_supply_count_for_what_is_taken_by_mouth(string drugs, int lines)
    {
        _society.GenericLeastYen = 1;

        Assert.Equal(lines, Lines(Claim(drugs)).Count);
    }

    [Theory]
    [InlineData(46, 1)]
    [InlineData(47, 0)]
    [InlineData(45, 1)]
    public void The_least_age_is_that_of_the_months_first_day(int least, int lines)
    {
        _society.GenericLeastAge = least;
        var may = new TreatmentMonth(2026, 5);

        Assert.Equal(lines, Batch(may).Lines(Guid.CreateVersion7(), [Claim("620000001 1 28")], _person.BirthDate).Count());
        Assert.Equal(least <= 45 ? 1 : 0, Lines(Claim("620000001 1 28")).Count); // 46 on the second of April
    }

    [Fact]
    public void Classes_of_the_society_and_drugs_against_HIV_are_never_told()
    {
        Assert.Empty(Lines(Claim("620000008 1 28;620000010 1 28")));
        _society.GenericExcluded = "";
        Assert.Equal(["品名620000008"], Lines(Claim("620000008 1 28;620000010 1 28")).Select(l => l.DrugName));
    }

    [Fact]
    public void What_cannot_be_linked_is_counted()
    {
        var batch = Batch(April);
        var lines = batch.Lines(Guid.CreateVersion7(), [Claim("620000001 1 28;699999999 1 28")], _person.BirthDate).ToList();

        Assert.Equal((1, 2, 1), (lines.Count, batch.DrugRows, batch.UnlinkedDrugRows));
    }

    [Fact]
    public void Without_lists_nothing_is_told_and_all_is_counted()
    {
        var batch = new GenericNoticeBatch(_society, April, catalogue: null);

        Assert.Empty(batch.Lines(Guid.CreateVersion7(), [Claim("620000001 1 28;620000002 1 28")], _person.BirthDate));
        Assert.Equal((null, false, 2, 2), (batch.ListsFrom, batch.HasMaster, batch.DrugRows, batch.UnlinkedDrugRows));
    }

    [Theory]
    [InlineData("620000001 0 28")]
    [InlineData("620000001 99999999999999999999 28")]
    [InlineData("620000001 1 2147483647")]
    [InlineData("620000001 -1 28")]
    public void A_quantity_that_nobody_is_given_is_not_computed(string drugs)
    {
        Assert.Empty(Lines(Claim(drugs)));
        Assert.Equal(NotTold.OddQuantity, Assert.Single(Batch(April).Examine([Claim(drugs)], _person.BirthDate)).NotTold);
    }

    /// <summary>What the demo's people happen not to be given too: every code of its lists, halves of points, few days, in hospital, before and after the end of a 経過措置.</summary>
    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void Every_code_gives_the_lines_that_the_second_computation_gives(int month)
    {
        _society.GenericLeastYen = 300;
        var (second, lists) = (new SecondSavings(Path.Combine(Repository.Root, "demo/drugs")), PublicDrugListTests.DemosExcerpt());
        var batch = new GenericNoticeBatch(_society, new TreatmentMonth(2025, month), lists.Catalogue);
        var nobody = new SecondFigure("", "", batch.Month.ToString(), false, "", 1, 0, 0, null, null, 30, null, 0, false, false, new("", "", "", default, 1, "", ""), []);
        List<(SecondFigure Claim, string Owner)> given = [];
        List<SecondSaving> told = [];
        foreach (var (code, quantity, times, percent, isInpatient) in
            from code in second.Codes
            from quantity in new[] { 0.5m, 1, 2.5m, 10 }
            from times in new[] { 6, 7, 90 }
            from percent in new[] { 20, 30 }
            from isInpatient in new[] { false, true }
            select (code, quantity, times, percent, isInpatient))
        {
            // A drug of 選定療養 and its original, or one drug twice, and another claim of it: 13 days, 14 or more.
            var (one, other, original) = ($"{given.Count}", $"{given.Count + 1}", lists.Catalogue.Entry(code)!.OriginalCode ?? code);
            given.Add((nobody with { Number = one, IsInpatient = isInpatient, Percent = percent, Drugs = [new(code, quantity, times), new(original, 1, 1)] }, one));
            given.Add((nobody with { Number = other, Drugs = [new(code, quantity, 6)] }, one));
            var claims = new[] { Claim($"{code} {quantity} {times};{original} 1 1", isInpatient ? CareKind.MedicalInpatient : CareKind.Pharmacy, percent), Claim($"{code} {quantity} 6") };
            told.AddRange(batch.Lines(Guid.CreateVersion7(), claims, _person.BirthDate).Where(l => l.Mark is null).Select(line => SecondSaving.Told(line, line.ClaimId == claims[0].Id ? one : other, one)));
        }

        Assert.NotEmpty(told);
        Assert.Equal(SecondSaving.Ordered(second.Of(given)), SecondSaving.Ordered(told));
    }

    private GenericNoticeBatch Batch(TreatmentMonth month) => new(_society, month, Drugs.Catalogue());

    private List<GenericDrugLine> Lines(params ReceivedClaim[] claims) => [.. Batch(April).Lines(Guid.CreateVersion7(), claims, _person.BirthDate).Where(l => l.Mark is null)];

    private ReceivedClaim Claim(string drugs, CareKind care = CareKind.Pharmacy, int percent = 30) => new()
    {
        SocietyId = _society.Id, SourceKey = $"{Guid.CreateVersion7()}", Fingerprint = 1, Month = April, Care = care, Number = "1", InstitutionKey = "1311234567",
        InstitutionName = "港薬局", SymbolKey = "12", NumberKey = "345", BirthDate = _person.BirthDate, Sex = Sex.Male, NameKey = "ヤマダ", PersonId = _person.Id,
        Match = ClaimMatch.Matched, Days = 1,
        Amounts = new ClaimAmounts { TotalYen = 1000, PatientYen = 300, UpperBoundYen = 300, CorrectionYen = 0, HasPublicFunds = false },
        PatientPercent = percent, Drugs = drugs, ChangedAt = DateTimeOffset.UnixEpoch,
    };
}
