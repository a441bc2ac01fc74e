using System.Diagnostics;
using System.Text;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Members.Import;

namespace KenkoPortal.Tests.Members.Import;

public sealed class MemberListReaderTests
{
    [Fact]
    public void A_row_becomes_a_person()
    {
        var row = new ListText().Row(
            ("記号", "港－１２"), ("番号", "００３４５"), ("枝番", "0"), ("生年月日", "昭和60年4月1日"), ("資格取得年月日", "H22.4.1"),
            ("資格喪失年月日", "2027/04/01"), ("郵便番号", "6500045"), ("非開示", "1")).Single();

        Assert.Equal((2, "港-12", "345", "00"), (row.Line, row.Symbol.Key, row.Number.Key, row.Branch.Value));
        Assert.Equal(("山田 太郎", "ヤマダタロウ", Sex.Male), (row.Name.Text, row.Kana.Key, row.Sex));
        Assert.Equal((new DateOnly(1985, 4, 1), new DateOnly(2010, 4, 1), new DateOnly(2027, 4, 1)), (row.BirthDate, row.AcquiredOn, row.LostOn));
        Assert.Equal(("650-0045", "兵庫県神戸市中央区港島一丁目", "港湾荷役"), (row.PostalCode?.Text, row.Address, row.Workplace));
        Assert.True(row.Relationship.IsInsured);
        Assert.True(row.IsProtected);
    }

    [Theory]
    [InlineData("utf8")]
    [InlineData("utf8-mark")]
    [InlineData("cp932")]
    [InlineData("cp932-eof")]
    [InlineData("utf8-eof")]
    public void F1_The_encoding_is_found_out(string encoding)
    {
        var list = new ListText().Row(("氏名", "髙橋 﨑子"), ("住所", "神戸市～港島－１"));
        byte[] file = encoding switch
        {
            "utf8" => list.Utf8(),
            "utf8-mark" => list.Utf8(mark: true),
            "utf8-eof" => [.. list.Utf8(), 0x1A],
            "cp932-eof" => [.. list.InCp932(), 0x1A],
            _ => list.InCp932(),
        };

        var read = MemberListReader.Read(file, ListText.Options);

        Assert.Empty(read.Errors);
        Assert.Equal(encoding.StartsWith("utf8", StringComparison.Ordinal) ? ListEncoding.Utf8 : ListEncoding.Cp932, read.Encoding);
        Assert.Equal(("髙橋 﨑子", "神戸市～港島－１"), (read.Rows[0].Name.Text, read.Rows[0].Address));
    }

    [Fact]
    public void A_list_of_only_one_plain_row_in_cp932_is_read_across_chunks()
    {
        var list = new ListText();
        for (var i = 0; i < 3000; i++)
        {
            list.Row(("番号", $"{i}"), ("住所", new string('港', 60 + (i % 7))), ("事業所", "ソ能表ｱ"));
        }

        var read = MemberListReader.Read(list.InCp932(), ListText.Options);

        Assert.Empty(read.Errors);
        Assert.Equal(3000, read.Rows.Count);
        Assert.All(read.Rows, row => Assert.Equal((60 + ((row.Line - 2) % 7), "ソ能表ｱ"), (row.Address!.Length, row.Workplace)));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Every_line_break_ends_a_row(string lineBreak)
    {
        var text = new ListText().Row().Row(("番号", "346")).Text(lineBreak);

        var read = MemberListReader.Read(Encoding.UTF8.GetBytes(text), ListText.Options);

        Assert.Empty(read.Errors);
        Assert.Equal([2, 3], read.Rows.Select(r => r.Line));
    }

    [Fact]
    public void The_last_line_needs_no_end() => Assert.Single(
        MemberListReader.Read(Encoding.UTF8.GetBytes(new ListText().Row().Text().TrimEnd()), ListText.Options).Rows);

    [Fact]
    public void Quoted_fields_may_hold_commas_and_quotes() => Assert.Equal(
        "港島1,\"A\"棟", new ListText().Row(("住所", "\"港島1,\"\"A\"\"棟\"")).Single().Address);

    [Fact]
    public void Columns_are_found_by_heading_in_any_order_and_notation()
    {
        var list = new ListText().Row();
        var reversed = string.Join("\n", list.Text("\n").Trim().Split('\n').Select(line => string.Join(',', line.Split(',').Reverse())));
        var text = reversed.Replace("氏名カナ", " 氏 名 ｶﾅ ", StringComparison.Ordinal);

        var read = MemberListReader.Read(Encoding.UTF8.GetBytes(text), ListText.Options);

        Assert.Empty(read.Errors);
        Assert.Equal("ヤマダタロウ", read.Rows[0].Kana.Key);
    }

    [Fact]
    public void A_society_may_have_headings_of_its_own()
    {
        var headings = new MemberListHeadings(new Dictionary<MemberListColumn, string>
        {
            [MemberListColumn.Kana] = "カナ氏名", [MemberListColumn.Symbol] = "被保険者証記号",
        });
        var list = new ListText().Heading(h => h.Replace("氏名カナ", "カナ氏名", StringComparison.Ordinal)
            .Replace("記号,", "被保険者証記号,", StringComparison.Ordinal)).Row();

        Assert.Empty(list.Read(ListText.Options with { Headings = headings }).Errors);
        Assert.Contains(list.Read().Errors, e => e.Message.Contains("「氏名カナ」", StringComparison.Ordinal));
    }

    [Fact]
    public void One_heading_cannot_stand_for_two_columns() => Assert.Throws<ArgumentException>(
        () => new MemberListHeadings(new Dictionary<MemberListColumn, string> { [MemberListColumn.Kana] = "氏名" }));

    [Fact]
    public void A_missing_column_is_named_and_all_of_them_at_once()
    {
        var file = new ListText().Heading(_ => "記号,番号,氏名").Raw("1,2,3").Read();

        Assert.Empty(file.Rows);
        Assert.Equal(12, file.Errors.Count);
        Assert.All(file.Errors, e => Assert.Equal((1, 1), (e.Line, e.Column)));
        Assert.Contains(file.Errors, e => e.Message.Contains("「枝番」", StringComparison.Ordinal));
        Assert.Contains(file.Errors, e => e.Message.Contains("「非開示」", StringComparison.Ordinal));
    }

    [Fact]
    public void The_workplace_column_may_be_missing()
    {
        var file = new ListText().Heading(h => h.Replace(",事業所", ",勤務先", StringComparison.Ordinal)).Row().Read();

        Assert.Empty(file.Errors);
        Assert.Null(file.Rows[0].Workplace);
        Assert.Equal(["勤務先"], file.IgnoredHeadings);
    }

    [Fact]
    public void A_heading_that_stands_twice_is_refused()
    {
        var error = Assert.Single(new ListText().Heading(h => h + ",氏名").Raw(string.Join(',', Enumerable.Repeat("x", 16))).Read().Errors);

        Assert.Equal((1, 16, "氏名"), (error.Line, error.Column, error.Header));
        Assert.Contains("5 列目", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("保険者番号", "")]
    [InlineData("保険者番号", "06990013")]
    [InlineData("保険者番号", "6990014")]
    [InlineData("保険者番号", "06132013")]
    [InlineData("記号", "")]
    [InlineData("記号", "123456789012345678901")]
    [InlineData("番号", "")]
    [InlineData("番号", "3-45")]
    [InlineData("枝番", "")]
    [InlineData("枝番", "100")]
    [InlineData("氏名", "")]
    [InlineData("氏名", "山田\u200B太郎")]
    [InlineData("氏名", "山田\u202E太郎")]
    [InlineData("氏名", "山田\uE000")]
    [InlineData("氏名", "山田\uFFFD")]
    [InlineData("氏名", "\"山田\n太郎\"")]
    [InlineData("氏名カナ", "")]
    [InlineData("氏名カナ", "山田")]
    [InlineData("性別", "")]
    [InlineData("性別", "3")]
    [InlineData("生年月日", "")]
    [InlineData("生年月日", "20260229")]
    [InlineData("生年月日", "昭和64年1月8日")]
    [InlineData("生年月日", "きのう")]
    [InlineData("生年月日", "20261123")]
    [InlineData("続柄", "")]
    [InlineData("続柄", "一二三四五六七八九十一")]
    [InlineData("資格取得年月日", "")]
    [InlineData("資格取得年月日", "0")]
    [InlineData("資格喪失年月日", "20100331")]
    [InlineData("資格喪失年月日", "99999998")]
    [InlineData("郵便番号", "650-004")]
    [InlineData("住所", "神戸\t市")]
    [InlineData("非開示", "2")]
    [InlineData("非開示", "x")]
    public void F1_A_wrong_cell_is_told_by_line_column_and_heading(string heading, string value)
    {
        var file = new ListText().Row(("番号", "1")).Row((heading, value)).Read();

        var error = Assert.Single(file.Errors);
        Assert.Equal((3, Array.IndexOf(ListText.Headings, heading) + 1, heading), (error.Line, error.Column, error.Header));
        Assert.Matches(@"^list\.csv:3:\d+（.+）: .+", error.Render("list.csv"));
        Assert.False(file.IsValid);
    }

    [Fact]
    public void All_errors_are_told_at_once_in_the_files_order()
    {
        var file = new ListText().Row(("非開示", "?"), ("枝番", "")).Row(("番号", "1"), ("性別", "9")).Row(("番号", "2")).Row(("番号", "2")).Read();

        Assert.Equal([(2, 4), (2, 15), (3, 7), (5, 4), (5, 9)], file.Errors.Select(e => (e.Line, e.Column)));
    }

    [Fact]
    public void Lines_are_counted_as_an_editor_shows_them()
    {
        var file = new ListText().Raw("").Row(("住所", "\"港島\n1\n2\"")).Raw("").Row(("枝番", "x"), ("番号", "7")).Read();

        Assert.Equal([(3, 13), (7, 4)], file.Errors.Select(e => (e.Line, e.Column)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("○")]
    [InlineData("〇")]
    [InlineData("◯")]
    [InlineData("有")]
    [InlineData("非開示")]
    [InlineData("１")]
    public void A_protected_person_is_marked(string mark) => Assert.True(new ListText().Row(("非開示", mark)).Single().IsProtected);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("無")]
    public void An_empty_mark_protects_nobody(string mark) => Assert.False(new ListText().Row(("非開示", mark)).Single().IsProtected);

    [Theory]
    [InlineData("=1+2")]
    [InlineData("+81")]
    [InlineData("@x")]
    [InlineData("-1")]
    public void A_leading_sign_is_just_text(string text) => Assert.Equal(text, new ListText().Row(("住所", text)).Single().Address);

    [Fact]
    public void A_card_stands_once()
    {
        var error = Assert.Single(new ListText().Row().Row(("記号", "０12"), ("続柄", "妻")).Read().Errors);

        Assert.Equal((3, 4), (error.Line, error.Column));
        Assert.Contains("2 行目", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_may_stand_again_for_one_who_came_back() =>
        Assert.Empty(new ListText().Row(("資格喪失年月日", "20200401")).Row(("資格取得年月日", "20200401")).Read().Errors);

    [Fact]
    public void A_household_has_one_insured()
    {
        var error = Assert.Single(new ListText().Row().Row(("枝番", "01")).Read().Errors);

        Assert.Equal((3, 9, "続柄"), (error.Line, error.Column, error.Header));
    }

    [Fact]
    public void One_who_left_makes_room_for_the_next_insured() =>
        Assert.Empty(new ListText().Row(("資格喪失年月日", "20261122")).Row(("枝番", "01")).Read().Errors);

    [Fact]
    public void A_household_without_insured_is_only_pointed_out()
    {
        var list = new ListText().Row(("続柄", "妻"));

        Assert.Empty(list.Read().Errors);
        Assert.Single(list.Read().Warnings);
        Assert.Empty(list.Read(ListText.Options with { IsDifference = true }).Warnings);
    }

    [Fact]
    public void An_insured_without_address_is_pointed_out() =>
        Assert.Equal(13, Assert.Single(new ListText().Row(("住所", "")).Read().Warnings).Column);

    [Fact]
    public void F1_Half_a_character_does_not_swallow_the_comma_behind_it()
    {
        var file = new ListText().Row(("氏名", "山田!")).Row(("番号", "9"), ("枝番", "x")).InCp932();
        file[Array.IndexOf(file, (byte)'!')] = 0x82;

        var read = MemberListReader.Read(file, ListText.Options);

        Assert.Equal([(2, 5), (3, 4)], read.Errors.Select(e => (e.Line, e.Column)));
        Assert.Contains("「山田〓」", read.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_character_of_cp932_is_called_by_its_name()
    {
        var file = new ListText().Row(("氏名", "山田!!")).InCp932();
        var at = Array.IndexOf(file, (byte)'!');
        (file[at], file[at + 1]) = (0xF0, 0x40);

        Assert.Contains("外字", Assert.Single(MemberListReader.Read(file, ListText.Options).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void F1_One_broken_byte_in_utf8_is_one_error()
    {
        var file = new ListText().Row(("氏名", "山田!")).Row(("番号", "9")).Utf8();
        file[Array.IndexOf(file, (byte)'!')] = 0xE3;

        var read = MemberListReader.Read(file, ListText.Options);

        Assert.Equal(ListEncoding.Utf8, read.Encoding);
        Assert.Equal((2, 5), Assert.Single(read.Errors.Select(e => (e.Line, e.Column))));
    }

    [Fact]
    public void Broken_bytes_count_in_unused_columns_too()
    {
        var file = new ListText().Heading(h => h + ",備考").Raw(new ListText().Row().Text().Split("\r\n")[1] + ",!").Utf8();
        file[Array.LastIndexOf(file, (byte)'!')] = 0xFF;

        Assert.Equal((2, 16), Assert.Single(MemberListReader.Read(file, ListText.Options).Errors.Select(e => (e.Line, e.Column))));
    }

    [Fact]
    public void An_error_shows_no_control_characters_and_not_all_of_a_long_value()
    {
        var error = Assert.Single(new ListText().Row(("氏名カナ", "\u001B[31m" + new string('x', 200))).Read().Errors);

        Assert.DoesNotContain('\u001B', error.Message);
        Assert.True(error.Message.Length < 100);
        Assert.DoesNotContain('x', error.ToString());
    }

    [Theory]
    [InlineData("1,2,3", 4)]
    [InlineData("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", 16)]
    public void A_row_of_another_length_is_one_error(string line, int column)
    {
        var error = Assert.Single(new ListText().Raw(line).Read().Errors);

        Assert.Equal((2, column), (error.Line, error.Column));
    }

    [Fact]
    public void Rows_of_nothing_but_commas_are_passed_over() =>
        Assert.Single(new ListText().Row().Raw(new string(',', 14)).Raw(new string(',', 40)).Read().Rows);

    [Fact]
    public void A_quote_that_never_closes_is_told_where_it_opens()
    {
        var file = new ListText().Row(("番号", "1")).Row(("住所", "\"港島")).Row(("番号", "3")).Read();

        Assert.Equal((3, 13), Assert.Single(file.Errors.Select(e => (e.Line, e.Column))));
    }

    [Fact]
    public void A_quote_that_swallows_a_large_file_is_told_and_does_not_fill_the_memory()
    {
        var list = new ListText().Row(("番号", "1")).Row(("住所", "\"港島"));
        for (var i = 0; i < 5000; i++)
        {
            list.Row(("番号", $"{i + 10}"));
        }

        Assert.Equal(3, Assert.Single(list.Read().Errors).Line);
    }

    [Fact]
    public void A_stray_quote_is_told() => Assert.Equal(
        (2, 13), Assert.Single(new ListText().Row(("住所", "港島\"1\"")).Read().Errors.Select(e => (e.Line, e.Column))));

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x1A })]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF })]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x41, 0x00 })]
    [InlineData(new byte[] { 0x50, 0x4B, 0x03, 0x04, 0x14 })]
    [InlineData(new byte[] { 0x0D, 0x0A })]
    [InlineData(new byte[] { 0x00, 0x00, 0x00 })]
    public void A_file_that_is_no_list_is_refused_in_words(byte[] file)
    {
        var read = MemberListReader.Read(file, ListText.Options);

        Assert.False(read.IsValid);
        Assert.NotEmpty(read.Errors);
    }

    [Fact]
    public void A_list_of_headings_alone_is_no_list() => Assert.Single(new ListText().Read().Errors);

    [Fact]
    public void A_file_has_a_largest_size() => Assert.Contains(
        "大きすぎ", Assert.Single(new ListText().Row().Read(ListText.Options with { MaxBytes = 100 }).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void A_stream_that_cannot_seek_is_read_too()
    {
        using var pipe = new Unseekable(new ListText().Row().InCp932());

        Assert.Single(MemberListReader.Read(pipe, ListText.Options, cancellation: TestContext.Current.CancellationToken).Rows);
    }

    [Fact]
    public void Errors_beyond_the_limit_are_counted()
    {
        var list = new ListText();
        for (var i = 0; i < MemberListFile.MaxErrors + 5; i++)
        {
            list.Raw("x");
        }

        var file = list.Read();

        Assert.Equal((1, MemberListFile.MaxErrors + 5), (file.Errors.Count, file.ErrorCount));
    }

    [Fact]
    public void Progress_ends_at_one()
    {
        var reported = new List<double>();
        using var stream = new MemoryStream(new ListText().Row().Utf8());

        MemberListReader.Read(stream, ListText.Options, new Collecting(reported), TestContext.Current.CancellationToken);

        Assert.Equal(1, reported[^1]);
        Assert.All(reported, part => Assert.InRange(part, 0, 1));
    }

    [Fact]
    public void A_hundred_thousand_people_are_read_within_seconds()
    {
        var list = new ListText();
        for (var i = 0; i < 100_000; i++)
        {
            list.Row(("番号", $"{i / 3}"), ("枝番", $"0{i % 3}"), ("続柄", i % 3 == 0 ? "本人" : "長男"), ("氏名カナ", "ﾔﾏﾀﾞ ﾀﾛｳ"));
        }

        var file = list.InCp932();
        var watch = Stopwatch.StartNew();
        var read = MemberListReader.Read(file, ListText.Options);
        watch.Stop();

        TestContext.Current.TestOutputHelper?.WriteLine($"{file.Length / 1024} KiB in {watch.ElapsedMilliseconds} ms");
        Assert.Equal((100_000, 0), (read.Rows.Count, read.ErrorCount));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    private sealed class Collecting(List<double> reported) : IProgress<double>
    {
        public void Report(double value) => reported.Add(value);
    }

    private sealed class Unseekable(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
