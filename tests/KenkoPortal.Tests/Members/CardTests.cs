using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Members;

namespace KenkoPortal.Tests.Members;

public sealed class CardTests
{
    [Theory]
    [InlineData("0012", "12")]
    [InlineData("１２", "12")]
    [InlineData("1 2", "12")]
    [InlineData("港-12", "港－１２")]
    [InlineData("港-12", "港‐12")]
    [InlineData("港−12", "港–12")]
    [InlineData("ミナトッ", "ミナトツ")]
    [InlineData("ﾐﾅﾄ1", "ミナト１")]
    [InlineData("a1", "A1")]
    [InlineData("000", "0")]
    public void Symbols_that_differ_in_notation_only_are_one(string left, string right)
    {
        Assert.True(CardSymbol.TryParse(left, out var a));
        Assert.True(CardSymbol.TryParse(right, out var b));
        Assert.Equal(a, b);
        Assert.Equal(left, a.Text);
    }

    [Theory]
    [InlineData("12", "120")]
    [InlineData("港", "湊")]
    [InlineData("1-2", "12")]
    public void Symbols_that_differ_are_two(string left, string right)
    {
        Assert.True(CardSymbol.TryParse(left, out var a));
        Assert.True(CardSymbol.TryParse(right, out var b));
        Assert.NotEqual(a, b);
    }

    [Theory]
    [InlineData("")]
    [InlineData("　")]
    [InlineData("1\n2")]
    [InlineData("123456789012345678901")]
    public void A_text_that_is_no_symbol_is_refused(string text) => Assert.False(CardSymbol.TryParse(text, out _));

    [Theory]
    [InlineData("00123", "123")]
    [InlineData("１２３", "123")]
    [InlineData("1A", "1a")]
    public void Numbers_that_differ_in_notation_only_are_one(string left, string right)
    {
        Assert.True(CardNumber.TryParse(left, out var a));
        Assert.True(CardNumber.TryParse(right, out var b));
        Assert.Equal(a, b);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12-3")]
    [InlineData("山田")]
    [InlineData("1.5")]
    public void A_text_that_is_no_number_is_refused(string text) => Assert.False(CardNumber.TryParse(text, out _));

    [Theory]
    [InlineData("00", "00")]
    [InlineData("1", "01")]
    [InlineData("０１", "01")]
    [InlineData("12", "12")]
    public void A_branch_has_two_digits(string text, string expected) =>
        Assert.Equal(expected, BranchNumber.TryParse(text, out var branch) ? branch.Value : null);

    [Theory]
    [InlineData("")]
    [InlineData("001")]
    [InlineData("A1")]
    [InlineData("-1")]
    public void A_missing_branch_is_unknown_and_not_00(string text) => Assert.False(BranchNumber.TryParse(text, out _));

    [Theory]
    [InlineData("港-12-345", "港-12", "345")]
    [InlineData("１２－３４５", "12", "345")]
    [InlineData("12-00345", "12", "345")]
    [InlineData("A-B-C-1", "A-B-C", "1")]
    public void A_household_is_split_from_the_right(string text, string symbol, string number)
    {
        Assert.True(CardIdentity.TryParseHousehold(text, out var card));
        Assert.Equal((symbol, number, null), (card.Symbol.Key, card.Number.Key, card.Branch));
    }

    [Theory]
    [InlineData("港-12-345-01", "港-12", "345", "01")]
    [InlineData("１２－３４５－１", "12", "345", "01")]
    [InlineData("12‐345‐10", "12", "345", "10")]
    public void A_person_is_split_from_the_right(string text, string symbol, string number, string branch)
    {
        Assert.True(CardIdentity.TryParsePerson(text, out var card));
        Assert.Equal((symbol, number, branch), (card.Symbol.Key, card.Number.Key, card.Branch?.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("-12")]
    [InlineData("12-")]
    [InlineData("12-345-")]
    [InlineData("12-34\n5")]
    public void A_text_that_is_no_card_is_refused(string text)
    {
        Assert.False(CardIdentity.TryParseHousehold(text, out _));
        Assert.False(CardIdentity.TryParsePerson(text, out _));
    }

    [Fact]
    public void A_household_is_no_person() => Assert.False(CardIdentity.TryParsePerson("12-345", out _));

    [Fact]
    public void A_card_reads_back_as_it_is_written() => Prop.ForAll(
        Gen.Elements("12", "港-3", "A-B", "ミナト", "0012").ToArbitrary(), Gen.Choose(0, 9_999_999).ToArbitrary(), Gen.Choose(0, 99).ToArbitrary(),
        (symbol, number, branch) => CardIdentity.TryParsePerson($"{symbol}-{number}-{branch:00}", out var card)
            && CardIdentity.TryParsePerson(card.ToString(), out var again) && again == card).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1", Sex.Male)]
    [InlineData("２", Sex.Female)]
    [InlineData("男", Sex.Male)]
    [InlineData(" 女性 ", Sex.Female)]
    public void Sex_is_a_number_or_a_word(string text, Sex expected)
    {
        Assert.True(SexNotation.TryParse(text, out var sex));
        Assert.Equal(expected, sex);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("M")]
    public void Another_notation_of_sex_is_refused(string text) => Assert.False(SexNotation.TryParse(text, out _));

    [Theory]
    [InlineData("本人", true, "ご本人")]
    [InlineData("被保険者", true, "ご本人")]
    [InlineData("妻", false, "妻")]
    [InlineData("夫の母", false, "夫の母")]
    public void The_letter_calls_people_by_their_relationship(string text, bool isInsured, string nickname)
    {
        Assert.True(Relationship.TryParse(text, out var relationship));
        Assert.Equal((isInsured, nickname), (relationship.IsInsured, relationship.ProvisionalNickname));
    }

    [Theory]
    [InlineData("")]
    [InlineData("一二三四五六七八九十一")]
    [InlineData("妻\u200B")]
    public void A_text_that_is_no_relationship_is_refused(string text) => Assert.False(Relationship.TryParse(text, out _));
}
