using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Members.Import;

/// <summary>The forms in which core systems and spreadsheets hand out a members' list (Q3 to Q6).</summary>
public sealed class MemberListFormsTests
{
    private static string List => new ListText().Row().Row(("番号", "346"), ("氏名", "港 花子"), ("氏名カナ", "ミナト ハナコ")).Text();

    [Theory]
    [InlineData("\t")]
    [InlineData(";")]
    public void A_list_parted_by_tabs_or_semicolons_is_read(string separator) => AssertRead(Encoding.UTF8.GetBytes(List.Replace(",", separator, StringComparison.Ordinal)));

    [Fact]
    public void A_list_in_UTF_16_is_read_from_either_end()
    {
        AssertRead([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(List.Replace(',', '\t'))]);
        AssertRead([.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(List)]);
    }

    [Fact]
    public void Titles_above_the_headings_are_passed_over_with_a_remark_and_rows_keep_their_lines()
    {
        var file = Read(Encoding.UTF8.GetBytes("加入者一覧,,\r\n\r\n2026年11月30日 現在,記号,\r\n" + List));
        Assert.Empty(file.Errors);
        Assert.Equal([5, 6], file.Rows.Select(r => r.Line));
        Assert.Contains("4 行目を見出しとして", Assert.Single(file.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workbook_is_read_with_its_dates_and_rows_keep_their_lines()
    {
        var file = Read(Workbook(List.TrimEnd().Split("\r\n"), above: 2));
        Assert.Empty(file.Errors);
        Assert.Equal([4, 5], file.Rows.Select(r => r.Line));
        Assert.Equal(new DateOnly(1985, 4, 1), file.Rows[0].BirthDate);
        Assert.Equal("345", file.Rows[0].Number.Text);
    }

    [Fact]
    public void A_broken_workbook_is_refused_in_words() =>
        Assert.Contains("Excel", Assert.Single(Read([.. "PK\u0003\u0004"u8, .. new byte[500]]).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"=\"\"06990014\"\"\"", "\"=\"\"00345\"\"\"")]
    [InlineData("=\"06990014\"", "=\"00345\"")]
    public void A_text_formula_is_its_text(string insurer, string number)
    {
        var row = new ListText().Row(("保険者番号", insurer), ("番号", number)).Single();
        Assert.Equal("00345", row.Number.Text);
    }

    [Theory]
    [InlineData("=\"06990014\"\"")]
    [InlineData("=\"=\"1\"\"")]
    [InlineData("x\"1\"")]
    public void Another_stray_quotation_mark_is_refused(string insurer) => Assert.NotEmpty(new ListText().Row(("保険者番号", insurer)).Read().Errors);

    [Theory]
    [InlineData("1985/03/15 0:00:00")]
    [InlineData("1985-03-15 00:00:00")]
    [InlineData("1985-03-15T00:00:00")]
    public void A_date_may_have_the_midnight_that_begins_it(string date) => Assert.Equal(new DateOnly(1985, 3, 15), new ListText().Row(("生年月日", date)).Single().BirthDate);

    [Theory]
    [InlineData("1985/03/15 13:00:00")]
    [InlineData("1985/03/15 0:00:01")]
    public void A_date_with_another_time_is_refused(string date) => Assert.NotEmpty(new ListText().Row(("生年月日", date)).Read().Errors);

    [Theory]
    [InlineData("99999999")]
    [InlineData("00000000")]
    [InlineData("9999/12/31")]
    [InlineData("9999-12-31 00:00:00")]
    public void The_usual_fillers_mean_that_eligibility_is_not_lost(string filler) => Assert.Null(new ListText().Row(("資格喪失年月日", filler)).Single().LostOn);

    [Fact]
    public void A_filler_is_no_date_of_birth() => Assert.NotEmpty(new ListText().Row(("生年月日", "99999999")).Read().Errors);

    [Fact]
    public void The_same_fault_on_more_than_twenty_rows_is_shown_once_with_its_count()
    {
        var list = new ListText();
        for (var i = 0; i < 30; i++)
        {
            list.Row(("番号", $"{i + 1}"), ("生年月日", $"19{i + 10}-99-99"), ("性別", i == 7 ? "男か女" : "1"));
        }

        var file = list.Read();
        Assert.Equal(31, file.ErrorCount);
        Assert.Equal(2, file.Errors.Count);
        Assert.EndsWith("（同じ誤りが、ほかに 29 行あります）", file.Errors[0].Render("list.csv"), StringComparison.Ordinal);
        Assert.Equal((2, 9), (file.Errors[0].Line, file.Errors[1].Line));
    }

    [Theory]
    [InlineData("5月1日")]
    [InlineData("1-Feb")]
    [InlineData("Feb-01")]
    [InlineData("2026/5/1")]
    [InlineData("５月１日")]
    public void A_symbol_that_reads_like_a_date_is_a_warning(string symbol)
    {
        var file = new ListText().Row(("記号", symbol)).Read();
        Assert.Empty(file.Errors);
        Assert.Contains("日付に見えます", Assert.Single(file.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ordinary_symbol_is_no_warning() => Assert.Empty(new ListText().Row(("記号", "5-1-港")).Read().Warnings);

    [Fact]
    public void Headings_of_a_core_system_are_named_and_proposed_and_not_taken_until_the_society_says_so()
    {
        var list = new ListText().Heading(h => h.Replace("記号", "被保険者証記号", StringComparison.Ordinal).Replace("氏名カナ", "フリガナ", StringComparison.Ordinal)).Row();
        var file = list.Read();
        Assert.Empty(file.Rows);
        Assert.Contains(file.Errors, e => e.Message.Contains("「記号」がありません。「被保険者証記号」がその列でしょうか。", StringComparison.Ordinal));
        Assert.Contains(file.Errors, e => e.Message.Contains("このファイルの見出し: 保険者番号、被保険者証記号、番号", StringComparison.Ordinal));
        Assert.Contains(file.Errors, e => e.Message.EndsWith("./kenko members headings 記号=被保険者証記号 氏名カナ=フリガナ", StringComparison.Ordinal));

        file = list.Read(ListText.Options with { Headings = MemberListHeadings.Parse("記号=被保険者証記号、氏名カナ＝フリガナ") });
        Assert.Empty(file.Errors);
        Assert.Equal("12", Assert.Single(file.Rows).Symbol.Text);
    }

    [Theory]
    [InlineData("記号")]
    [InlineData("記号=")]
    [InlineData("きごう=証記号")]
    [InlineData("記号=番号")]
    [InlineData("記号=証,番号=証")]
    public void Headings_that_name_no_column_or_stand_for_two_are_refused(string text) => Assert.Throws<PortalInputException>(() => MemberListHeadings.Parse(text));

    [Fact]
    public void Headings_are_written_as_they_are_read() =>
        Assert.Equal("記号=証記号,続柄=間柄", MemberListHeadings.Parse(" 続柄 = 間柄 , 記号=証記号, 氏名=氏名").ToString());

    [Fact]
    public void The_template_of_the_documents_is_a_list_with_every_column()
    {
        var file = Read(File.ReadAllBytes(Path.Combine(Repository.Root, "docs", "members-template.csv")));
        Assert.Empty(file.Errors);
        Assert.Single(file.Rows);
        Assert.Equal(Enum.GetValues<MemberListColumn>().Length, file.Columns.Count);
    }

    private static MemberListFile Read(byte[] bytes) => MemberListReader.Read(bytes, ListText.Options);

    private static void AssertRead(byte[] bytes)
    {
        var file = Read(bytes);
        Assert.Empty(file.Errors);
        Assert.Empty(file.Warnings);
        Assert.Equal(["345", "346"], file.Rows.Select(r => r.Number.Text));
    }

    /// <summary>A workbook as Excel saves it: dates as days since 1900 with a date's format, the rest as inline text.</summary>
    private static byte[] Workbook(string[] rows, int above)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var book = document.AddWorkbookPart();
            book.Workbook = new Workbook();
            book.AddNewPart<WorkbookStylesPart>().Stylesheet = new Stylesheet(
                new NumberingFormats(new NumberingFormat { NumberFormatId = 176, FormatCode = "yyyy\"年\"m\"月\"d\"日\"" }) { Count = 1 },
                new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = 14 }, new CellFormat { NumberFormatId = 176 }));
            var part = book.AddNewPart<WorksheetPart>();
            part.Worksheet = new Worksheet(new SheetData(rows.Select((row, i) => new Row(row.Split(',').Select((text, column) => CellOf(text, column, (uint)(i + 1 + above)))) { RowIndex = (uint)(i + 1 + above) })));
            book.Workbook.AppendChild(new Sheets()).Append(new Sheet { Id = book.GetIdOfPart(part), SheetId = 1, Name = "名簿" });
        }

        return stream.ToArray();
    }

    private static Cell CellOf(string text, int column, uint line)
    {
        var reference = $"{(char)('A' + column)}{line}";
        return DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new Cell { CellReference = reference, StyleIndex = column == 7 ? 1u : 2u, CellValue = new CellValue(date.ToDateTime(default).ToOADate()) }
            : new Cell { CellReference = reference, DataType = CellValues.InlineString, InlineString = new InlineString(new Text(text)) };
    }
}
