using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.Common;

/// <summary>Row F3: no file that people open in a spreadsheet holds a cell that it would run.</summary>
public sealed class SpreadsheetTextTests
{
    private const string Starters = "=+-@\t\r\n＝＋－＠";

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+81")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("＝1+1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠SUM")]
    public void F3_A_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(string text)
    {
        Assert.Equal("'" + text, SpreadsheetText.Harmless(text));
        var csv = new StringBuilder();
        SpreadsheetText.AppendCsv(csv, text);
        Assert.StartsWith("'", csv.ToString().TrimStart('"'), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"みなと\"内科", "'\"みなと\"内科")]
    [InlineData("\t\"内科", "'\"内科")]
    [InlineData("みなと\"内科", "みなと\"内科")]
    public void F3_A_pasted_cell_that_begins_with_a_quotation_mark_does_not_take_the_next_ones_along(string text, string expected)
    {
        var tabbed = new StringBuilder();
        SpreadsheetText.AppendTabbed(tabbed, text, "末");
        Assert.Equal(expected + "\t末\r\n", tabbed.ToString());
    }

    [Theory]
    [InlineData("みなと内科", "みなと内科")]
    [InlineData("", "")]
    [InlineData("港,内科", "\"港,内科\"")]
    [InlineData("港\"内\"科", "\"港\"\"内\"\"科\"")]
    [InlineData("港\n内科", "\"港\n内科\"")]
    public void Other_cells_stay_and_are_quoted_where_they_must_be(string text, string expected)
    {
        var csv = new StringBuilder();
        SpreadsheetText.AppendCsv(csv, text, "末");
        Assert.Equal(expected + ",末\r\n", csv.ToString());
    }

    [Fact]
    public void F3_No_text_gets_through_to_run_or_to_break_a_line_or_column() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Elements<object>('=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '"', ',', 'a', '港', '\u2028').Select(c => (char)c)
            .ListOf().Select(c => new string([.. c])).ToArbitrary(),
        text =>
        {
            var (csv, tabbed) = (new StringBuilder(), new StringBuilder());
            SpreadsheetText.AppendCsv(csv, "前", text);
            SpreadsheetText.AppendTabbed(tabbed, "前", text, "後");
            var cell = csv.ToString()[2..^2];
            var inner = cell.StartsWith('"') ? cell[1..^1] : cell;
            var columns = tabbed.ToString()[..^2].Split('\t');
            return !Runs(inner) && columns.Length == 3 && !Runs(columns[1]) && !columns[1].StartsWith('"') && !columns[1].Any(char.IsControl);
        }));

    private static bool Runs(string cell) => cell.Length > 0 && Starters.Contains(cell[0], StringComparison.Ordinal);
}
