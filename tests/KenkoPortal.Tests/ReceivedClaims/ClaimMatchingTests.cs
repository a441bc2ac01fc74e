using KenkoPortal.Claims;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.ReceivedClaims;

namespace KenkoPortal.Tests.ReceivedClaims;

/// <summary>Whose claim it is, rule by rule.</summary>
public sealed class ClaimMatchingTests
{
    private static readonly Guid Taro = Guid.CreateVersion7();
    private static readonly Guid Hanako = Guid.CreateVersion7();
    private static readonly Guid Ichiro = Guid.CreateVersion7();
    private static readonly Guid Jiro = Guid.CreateVersion7();

    [Fact]
    public void Card_枝番_and_birth_date_agree() => Assert.Equal(Of(Taro), Find(Patient()));

    [Fact]
    public void 枝番_tells_the_family_apart() => Assert.Equal(Of(Hanako), Find(Patient() with { Branch = "01", BirthDate = new DateOnly(1986, 5, 1), Sex = Sex.Female }));

    [Fact]
    public void With_枝番_another_birth_date_is_nobodys() =>
        Assert.Equal(Waits(ClaimMatch.BirthDateDiffers), Find(Patient() with { BirthDate = new DateOnly(1985, 4, 2) }));

    [Fact]
    public void With_枝番_the_name_does_not_matter() => Assert.Equal(Of(Taro), Find(Patient() with { NameKey = "スズキ" }));

    [Fact]
    public void Without_枝番_birth_date_and_sex_tell() => Assert.Equal(Of(Taro), Find(Patient() with { Branch = null }));

    [Fact]
    public void Without_枝番_another_sex_is_nobodys() => Assert.Equal(Waits(ClaimMatch.NoPerson), Find(Patient() with { Branch = null, Sex = Sex.Female }));

    [Fact]
    public void A_missing_枝番_is_not_00() =>
        Assert.Equal(Of(Hanako), Find(Patient() with { Branch = null, BirthDate = new DateOnly(1986, 5, 1), Sex = Sex.Female }));

    [Fact]
    public void A_枝番_that_nobody_has_is_nobodys() => Assert.Equal(Waits(ClaimMatch.NoPerson), Find(Patient() with { Branch = "07" }));

    [Fact]
    public void A_card_that_nobody_has_is_nobodys() => Assert.Equal(Waits(ClaimMatch.NoCard), Find(Patient() with { NumberKey = "346" }));

    [Fact]
    public void Twins_without_枝番_are_told_by_their_names() => Assert.Equal(Of(Jiro), Find(Twin("ミナトジロウ")));

    [Fact]
    public void Twins_without_枝番_and_a_name_that_fits_neither_wait() => Assert.Equal(Waits(ClaimMatch.Ambiguous), Find(Twin("ミナトサブロウ")));

    [Fact]
    public void Twins_without_枝番_and_without_a_name_wait() => Assert.Equal(Waits(ClaimMatch.Ambiguous), Find(Twin("")));

    [Fact]
    public void Twins_with_枝番_need_no_name() => Assert.Equal(Of(Ichiro), Find(Twin("") with { Branch = "02" }));

    [Theory]
    [InlineData("２", "００３４５")]
    [InlineData("0２", "345")]
    [InlineData(" 2 ", " 3 4 5 ")]
    public void Full_width_digits_leading_zeros_and_blanks_do_not_matter(string symbol, string number)
    {
        Assert.True(CardSymbol.TryParse(symbol, out var s));
        Assert.True(CardNumber.TryParse(number, out var n));
        var holder = Holder(Taro, "00");
        var matching = new ClaimMatching([("2", "345", holder)]);
        Assert.Equal(Of(Taro), matching.Find(Patient() with { SymbolKey = s.Key, NumberKey = n.Key }));
    }

    [Theory]
    [InlineData("キヨ", "キョ")]
    [InlineData("ﾐﾅﾄ", "みなと")]
    public void Small_and_large_kana_and_their_widths_are_alike_in_記号(string listed, string claimed)
    {
        Assert.True(CardSymbol.TryParse(listed, out var a));
        Assert.True(CardSymbol.TryParse(claimed.Replace("みなと", "ミナト", StringComparison.Ordinal), out var b));
        Assert.Equal(a.Key, b.Key);
    }

    [Theory]
    [InlineData("ミナト　ジヨウ", null, "ミナトジヨウ")]
    [InlineData("ﾐﾅﾄ ｼﾞｮｳ", "港 譲", "ミナトジヨウ")]
    [InlineData(null, "港　　譲", "港譲")]
    [InlineData(null, "みなと じょう", "ミナトジヨウ")]
    [InlineData(null, null, "")]
    public void Names_are_compared_without_blanks_small_and_large_kana_alike(string? kana, string? name, string key) =>
        Assert.Equal(key, ClaimPatient.FoldName(kana, name));

    [Fact]
    public void A_name_in_kanji_tells_twins_apart_too() => Assert.Equal(Of(Ichiro), Find(Twin(ClaimPatient.FoldName(null, "港　一郎"))));

    [Theory]
    [InlineData(2026, 3, ClaimMatch.NotMemberThen)]
    [InlineData(2026, 4, ClaimMatch.Matched)]
    [InlineData(2026, 8, ClaimMatch.Matched)]
    [InlineData(2026, 9, ClaimMatch.NotMemberThen)]
    public void The_card_must_have_been_theirs_in_the_month(int year, int month, ClaimMatch match)
    {
        var matching = new ClaimMatching([("2", "345", Holder(Taro, "00", from: new DateOnly(2026, 4, 30), to: new DateOnly(2026, 8, 2)))]);
        Assert.Equal(match, matching.Find(Patient() with { Month = new TreatmentMonth(year, month) }).Match);
    }

    [Fact]
    public void A_card_that_ended_on_the_first_was_not_theirs_in_the_month()
    {
        var matching = new ClaimMatching([("2", "345", Holder(Taro, "00", to: new DateOnly(2026, 4, 1)))]);
        Assert.Equal(Waits(ClaimMatch.NotMemberThen), matching.Find(Patient()));
    }

    [Fact]
    public void Who_left_before_the_month_was_no_member_though_the_card_is_still_open()
    {
        var matching = new ClaimMatching([("2", "345", Holder(Taro, "00", lost: new DateOnly(2026, 4, 1)))]);
        Assert.Equal(Waits(ClaimMatch.NotMemberThen), matching.Find(Patient()));
    }

    [Fact]
    public void A_card_changed_in_mid_year_each_month_finds_the_person_by_the_card_of_its_time()
    {
        var change = new DateOnly(2026, 6, 15);
        var matching = new ClaimMatching([("2", "345", Holder(Taro, "00", to: change)), ("7", "9", Holder(Taro, "00", from: change))]);
        ClaimMatch By(string symbol, string number, int month) =>
            matching.Find(Patient() with { SymbolKey = symbol, NumberKey = number, Month = new TreatmentMonth(2026, month) }).Match;

        Assert.Equal([ClaimMatch.Matched, ClaimMatch.Matched, ClaimMatch.NotMemberThen], new[] { 5, 6, 7 }.Select(m => By("2", "345", m)));
        Assert.Equal([ClaimMatch.NotMemberThen, ClaimMatch.Matched, ClaimMatch.Matched], new[] { 5, 6, 7 }.Select(m => By("7", "9", m)));
    }

    [Fact]
    public void A_card_that_went_to_somebody_else_is_of_each_in_their_time()
    {
        var change = new DateOnly(2026, 6, 1);
        var later = Holder(Hanako, "00", from: change, birth: new DateOnly(1990, 1, 1));
        var matching = new ClaimMatching([("2", "345", Holder(Taro, "00", to: change)), ("2", "345", later)]);

        Assert.Equal(Of(Taro), matching.Find(Patient()));
        Assert.Equal(Of(Hanako), matching.Find(Patient() with { BirthDate = new DateOnly(1990, 1, 1), Month = new TreatmentMonth(2026, 6) }));
        Assert.Equal(Waits(ClaimMatch.NotMemberThen), matching.Find(Patient() with { Month = new TreatmentMonth(2026, 6) }));
    }

    [Fact]
    public void The_same_person_twice_on_a_card_is_one_person()
    {
        var matching = new ClaimMatching(
            [("2", "345", Holder(Taro, "00", to: new DateOnly(2026, 4, 10))), ("2", "345", Holder(Taro, "00", from: new DateOnly(2026, 4, 20)))]);
        Assert.Equal(Of(Taro), matching.Find(Patient()));
    }

    private static ClaimOwner Of(Guid person) => new(ClaimMatch.Matched, person);

    private static ClaimOwner Waits(ClaimMatch reason) => new(reason);

    private static ClaimPatient Patient() => new("2", "345", "00", new DateOnly(1985, 4, 1), Sex.Male, "ミナトタロウ", new TreatmentMonth(2026, 4));

    private static ClaimPatient Twin(string nameKey) => Patient() with { Branch = null, BirthDate = new DateOnly(2015, 6, 1), NameKey = nameKey };

    private static ClaimOwner Find(ClaimPatient patient) => new ClaimMatching(
    [
        ("2", "345", Holder(Taro, "00")),
        ("2", "345", Holder(Hanako, "01", Sex.Female, new DateOnly(1986, 5, 1))),
        ("2", "345", Holder(Ichiro, "02", birth: new DateOnly(2015, 6, 1), kana: "ミナトイチロウ", name: "港 一郎")),
        ("2", "345", Holder(Jiro, "03", birth: new DateOnly(2015, 6, 1), kana: "ミナトジロウ", name: "港 二郎")),
    ]).Find(patient);

    private static CardHolder Holder(
        Guid person, string branch, Sex sex = Sex.Male, DateOnly? birth = null, string kana = "ミナトタロウ", string name = "港 太郎",
        DateOnly? from = null, DateOnly? to = null, DateOnly? lost = null) => new()
        {
            PersonId = person, Branch = branch, Sex = sex, BirthDate = birth ?? new DateOnly(1985, 4, 1), KanaKey = kana, Name = name,
            From = from ?? new DateOnly(2020, 4, 1), To = to, LostOn = lost,
        };
}
