using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.Common;

public sealed class Cp932Tests
{
    private static readonly IReadOnlyList<(byte[] Bytes, char Character)> Table =
    [
        .. from lead in Enumerable.Range(0x81, 0x7C)
           where Cp932.IsLead((byte)lead)
           from trail in Enumerable.Range(0x40, 0xBD)
           let bytes = new[] { (byte)lead, (byte)trail }
           let character = Cp932.Decode(bytes, out var consumed)
           where character != '\uFFFD'
           select (bytes, character),
    ];

    private static bool IsPrivate(char c) => c is >= '\uE000' and <= '\uF8FF';

    [Fact]
    public void The_whole_published_table_is_read_and_no_more()
    {
        Assert.Equal(7724, Table.Count(t => !IsPrivate(t.Character)));
        Assert.Equal(1880, Table.Count(t => IsPrivate(t.Character)));
    }

    [Fact]
    public void Whatever_is_read_can_be_written_and_reads_the_same_again() => Assert.All(Table.Where(t => !IsPrivate(t.Character)), t =>
    {
        Assert.True(Cp932.TryEncode(t.Character.ToString(), out var written, out _));
        Assert.Equal(t.Character, Cp932.Decode(written, out var consumed));
        Assert.Equal(2, consumed);
    });

    [Theory]
    [InlineData(new byte[] { 0xFB, 0xFC }, '髙')] // IBM's code
    [InlineData(new byte[] { 0xEE, 0xE0 }, '髙')] // NEC's code
    [InlineData(new byte[] { 0xFA, 0xB1 }, '﨑')]
    [InlineData(new byte[] { 0xED, 0x95 }, '﨑')]
    [InlineData(new byte[] { 0x81, 0x60 }, '～')]
    [InlineData(new byte[] { 0x81, 0x7C }, '－')]
    [InlineData(new byte[] { 0x81, 0x45 }, '・')]
    [InlineData(new byte[] { 0xB1 }, 'ｱ')]
    [InlineData(new byte[] { 0x5C }, '\\')]
    public void Rare_letters_and_signs_are_read(byte[] bytes, char expected) => Assert.Equal(expected, Cp932.Decode(bytes, out _));

    [Theory]
    [InlineData("〜", "～")]
    [InlineData("−", "－")]
    [InlineData("‖", "∥")]
    [InlineData("—", "―")]
    [InlineData("￠￡￢", "¢£¬")]
    public void Signs_with_two_code_points_are_written_as_one_and_never_as_a_question_mark(string left, string right)
    {
        Assert.True(Cp932.TryEncode(left, out var a, out _));
        Assert.True(Cp932.TryEncode(right, out var b, out _));
        Assert.Equal(a, b);
        Assert.DoesNotContain((byte)'?', a);
    }

    [Theory]
    [InlineData("山𠮷野", 1)]
    [InlineData("😀", 0)]
    [InlineData("abcé", 3)]
    [InlineData("\uE000", 0)]
    public void What_the_code_page_lacks_is_refused_with_its_place(string text, int index)
    {
        Assert.False(Cp932.TryEncode(text, out _, out var at));
        Assert.Equal(index, at);
    }

    [Theory]
    [InlineData(new byte[] { 0x82, 0x2C }, 1)] // the comma behind half a character stays a comma
    [InlineData(new byte[] { 0x82, 0x0A }, 1)]
    [InlineData(new byte[] { 0x82 }, 1)]
    [InlineData(new byte[] { 0x85, 0x40 }, 1)]
    [InlineData(new byte[] { 0x85, 0x9F }, 2)]
    [InlineData(new byte[] { 0x80 }, 1)]
    [InlineData(new byte[] { 0xA0 }, 1)]
    [InlineData(new byte[] { 0xFF }, 1)]
    public void Bytes_that_are_no_character_are_told(byte[] bytes, int length)
    {
        Assert.Equal('\uFFFD', Cp932.Decode(bytes, out var consumed));
        Assert.Equal(length, consumed);
    }

    [Fact]
    public void Texts_of_its_letters_survive_the_way_out_and_in() => Prop.ForAll(
        Gen.Elements("山田髙﨑ｱｲｳabc,\"～－＼表ソ能".ToCharArray()).ListOf().Select(string.Concat).ToArbitrary(),
        text =>
        {
            Assert.True(Cp932.TryEncode(text, out var bytes, out _));
            var read = new StringBuilder();
            for (var at = 0; at < bytes.Length;)
            {
                read.Append(Cp932.Decode(bytes.AsSpan(at), out var consumed));
                at += consumed;
            }

            return read.ToString() == text;
        }).QuickCheckThrowOnFailure();
}
