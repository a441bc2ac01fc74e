using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Members.Import;

namespace KenkoPortal.Tests.Members.Import;

public sealed class MemberListReaderPropertyTests
{
    private static readonly byte[] Good = new ListText()
        .Row(("氏名", "髙橋 﨑子"), ("住所", "\"港島,\"\"1\"\"\"")).Row(("番号", "346"), ("氏名カナ", "ﾀｶﾊｼ")).InCp932();

    private static readonly Arbitrary<string> FieldText = Gen.Elements(
        "山田𠮷髙﨑,\"'=+-@~ 　ｱｶﾞ１葛\U000E0100".EnumerateRunes().Where(r => r.Value != 0xE0100).Select(r => r.ToString()).Append("葛\U000E0100"))
        .NonEmptyListOf().Select(string.Concat).ToArbitrary();

    [Fact]
    public void No_bytes_make_it_throw() => Prop.ForAll<byte[]>(file => IsJudged(file)).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_behind_right_headings_make_it_throw() => Prop.ForAll<byte[]>(
        rows => IsJudged([.. Encoding.UTF8.GetBytes(string.Join(',', ListText.Headings) + "\n"), .. rows])).QuickCheckThrowOnFailure();

    [Fact]
    public void No_mutation_of_a_good_list_makes_it_throw() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3000),
        Prop.ForAll(
            Gen.Choose(0, Good.Length - 1).Zip(Gen.Choose(0, 255)).Zip(Gen.Choose(0, 2)).NonEmptyListOf().ToArbitrary(),
            changes => IsJudged(Mutate(changes.Select(c => (c.Item1.Item1, (byte)c.Item1.Item2, c.Item2))))));

    [Fact]
    public void What_is_quoted_by_the_rules_is_read_letter_for_letter() => Prop.ForAll(FieldText, text =>
    {
        var quoted = "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        var address = new ListText().Row(("住所", quoted)).Single().Address;
        return address == KenkoPortal.Core.Common.PlainText.Tidy(text) || (string.IsNullOrWhiteSpace(text) && address is null);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_error_is_always_at_the_line_that_was_broken() => Prop.ForAll(
        Gen.Choose(0, 30).ToArbitrary(), Gen.Choose(0, 14).ToArbitrary(), (line, column) =>
        {
            var list = new ListText();
            for (var i = 0; i <= 30; i++)
            {
                var fields = new List<(string, string)> { ("番号", $"{i}"), ("住所", i % 3 == 0 ? "\"港,島\"" : "港島") };
                if (i == line)
                {
                    fields.Add((ListText.Headings[column], "\u200B"));
                }

                list.Row([.. fields]);
            }

            var error = Assert.Single(list.Read().Errors);
            return (error.Line, error.Column) == (line + 2, column + 1);
        }).QuickCheckThrowOnFailure();

    private static bool IsJudged(byte[] file)
    {
        var read = MemberListReader.Read(file, ListText.Options);
        return read.IsValid == (read.ErrorCount == 0)
            && read.Errors.All(e => e is { Line: >= 1, Column: >= 1 } && e.Message.Length < 400 && !e.Message.Any(char.IsControl))
            && (read.IsValid || read.Errors.Count > 0)
            && (!read.IsValid || read.Rows.Count > 0);
    }

    private static byte[] Mutate(IEnumerable<(int At, byte Value, int Kind)> changes)
    {
        var file = new List<byte>(Good);
        foreach (var (at, value, kind) in changes)
        {
            var place = Math.Min(at, file.Count - 1);
            switch (kind)
            {
                case 0:
                    file[place] = value;
                    break;
                case 1:
                    file.Insert(place, value);
                    break;
                default:
                    file.RemoveRange(place, Math.Min(value % 40, file.Count - place));
                    break;
            }

            if (file.Count == 0)
            {
                file.Add(value);
            }
        }

        return [.. file];
    }
}
