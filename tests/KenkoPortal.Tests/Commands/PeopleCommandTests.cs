using KenkoPortal.Core.Statistics;
using KenkoPortal.Tests.Members.Import;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Commands;

/// <summary><c>people find</c>, <c>figures</c> and <c>members headings</c>: what a clerk looks for.</summary>
public sealed class PeopleCommandTests
{
    [Theory, OnEveryDatabase]
    public async Task A_caller_is_found_by_card_birth_date_reading_and_name(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        await desk.RunAsync("members", "import", desk.File("list.csv", new ListText()
            .Row(("氏名", "汐見 健一"), ("氏名カナ", "シオミ ケンイチ"))
            .Row(("番号", "346"), ("氏名", "汐見 花子"), ("氏名カナ", "シオミ ハナコ"), ("性別", "2"), ("生年月日", "S62.5.3"), ("非開示", "1"), ("事業所", "ひみつ事業所"))
            .Row(("番号", "347"), ("氏名", "港 太郎"), ("氏名カナ", "ミナト タロウ"), ("生年月日", "19790925"), ("資格喪失年月日", "20991231")).Text()));

        foreach (var terms in new string[][] { ["12-346-00"], ["12-346"], ["346"], ["19870503"], ["昭和62年5月3日"], ["シオミ ハナ"], ["ｼｵﾐ", "ﾊﾅｺ"], ["汐見花"], ["シオミ", "1987/5/3"] })
        {
            var found = await desk.RunAsync("people", "find", string.Join(' ', terms));
            Assert.Equal("12-346-00 汐見 花子（シオミ ハナコ） 本人 39歳 非開示 案内未発行", found.Output.Trim());
            Assert.DoesNotContain("ひみつ事業所", found.Output, StringComparison.Ordinal);
        }

        Assert.Contains("2099年12月31日 に喪失予定", (await desk.RunAsync("people", "find", "ミナト")).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await desk.RunAsync("people", "find", "シオミ")).Output.Trim().Split('\n').Length);
        Assert.Contains("当てはまる方はいません", (await desk.RunAsync("people", "find", "ヤマダ")).Error, StringComparison.Ordinal);
        Assert.Equal(1, (await desk.RunAsync("people", "find", "シ")).ExitCode);
        var events = await desk.RunAsync("audit", "list", "--kind", "PeopleSearched");
        Assert.DoesNotContain("シオミ", events.Output, StringComparison.Ordinal);
        Assert.NotEmpty(events.Output.Trim());
    }

    [Theory, OnEveryDatabase]
    public async Task A_search_that_fits_more_than_fifty_shows_nobody(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        var list = new ListText();
        for (var i = 0; i < 51; i++)
        {
            list.Row(("番号", $"{400 + i}"));
        }

        await desk.RunAsync("members", "import", desk.File("list.csv", list.Text()));
        var found = await desk.RunAsync("people", "find", "ヤマダ");
        Assert.Equal((1, ""), (found.ExitCode, found.Output));
        Assert.Contains("条件を足してください", found.Error, StringComparison.Ordinal);
    }

    [Theory, OnEveryDatabase]
    public async Task Figures_tell_no_group_of_fewer_than_ten(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        var list = new ListText();
        for (var i = 0; i < 25; i++)
        {
            list.Row(("番号", $"{400 + i}"), ("事業所", i < 3 ? "小さな事業所" : "港湾荷役"));
        }

        await desk.RunAsync("members", "import", desk.File("list.csv", list.Text()));
        var shown = await desk.RunAsync("figures");
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("全体: 対象 25、案内発行 0、登録 0（0.0 %）", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("小さな事業所", shown.Output, StringComparison.Ordinal);

        // The number of the large workplace would tell the small one's by the sum.
        Assert.Contains("港湾荷役: 対象 非表示", shown.Output, StringComparison.Ordinal);
        Assert.Contains("その他の事業所: 対象 10人未満", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_count_that_alone_is_hidden_takes_the_next_smallest_along()
    {
        var rows = ReachFigures.Hide([("甲", [100, 0]), ("乙", [9, 12]), ("丙", [20, 30]), ("丁", [0, 40])]);
        Assert.Equal([100, null, ReachFigures.Withheld, 0], rows.Select(r => r.Counts[0]));
        Assert.Equal([0, 12, 30, 40], rows.Select(r => r.Counts[1]));
        Assert.Equal([null, null, 30], ReachFigures.Hide([("甲", [1]), ("乙", [9]), ("丙", [30])]).Select(r => r.Counts[0]));
    }

    [Theory, OnEveryDatabase]
    public async Task A_society_s_own_headings_are_saved_and_read_by_the_next_import(DatabaseKind kind)
    {
        await using var desk = await CommandDesk.WithSocietyAsync(kind);
        var list = desk.File("list.csv", new ListText().Heading(h => h.Replace("記号", "被保険者証記号", StringComparison.Ordinal)).Row().Text());
        Assert.Contains("./kenko members headings 記号=被保険者証記号", (await desk.RunAsync("members", "import", list)).Error, StringComparison.Ordinal);

        var saved = await desk.RunAsync("members", "headings", "記号=被保険者証記号");
        Assert.Contains("記号: 被保険者証記号（この組合の見出し）", saved.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await desk.RunAsync("members", "import", list)).ExitCode);
        Assert.Equal(1, (await desk.RunAsync("members", "headings", "番号=被保険者証記号")).ExitCode);
        Assert.Contains("記号: 記号", (await desk.RunAsync("members", "headings", "記号=記号")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_and_a_text_with_its_credentials_are_refused_as_attachments()
    {
        await using var desk = await CommandDesk.WithSocietyAsync(DatabaseKind.Sqlite);
        await desk.RunAsync("members", "import", desk.File("list.csv", new ListText().Row().Text()));
        var letters = Path.Combine(Path.GetDirectoryName(desk.File("x.txt", ""))!, "letters.pdf");
        var issued = await desk.RunAsync("letters", "issue", "--out", letters);
        Assert.SkipUnless(issued.ExitCode == 0, "BIZ UDGothic is not installed");
        var folder = Path.GetDirectoryName(letters)!;
        Pack(Path.Combine(folder, "packed.docx"), "word/embeddings/oleObject1.bin", await File.ReadAllBytesAsync(letters, TestContext.Current.CancellationToken));
        Pack(Path.Combine(folder, "packed.xlsx"), "xl/sharedStrings.xml", "<si><t>12345678</t></si><si><t>abcd-efgh-jkmn</t></si>"u8.ToArray());
        foreach (var (name, content) in new[] { ("letters.pdf", null), ("packed.docx", null), ("packed.xlsx", null), ("list.csv", "氏名,ID,パスワード\n港太郎,12345678,abcd-efgh-jkmn\n"), ("harmless.csv", "氏名,電話\n港太郎,12345678\n") })
        {
            if (content is not null)
            {
                desk.File(name, content);
            }

            var added = await desk.RunAsync("news", "add", desk.File("oshirase.md", $"---\ntitle: お知らせ\ndate: 2026-11-01\ncategory: news\nattachments: {name}\n---\n本文\n"));
            Assert.Equal(name == "harmless.csv" ? 0 : 1, added.ExitCode);
            Assert.Equal(name != "harmless.csv", added.Error.Contains("登録のご案内", StringComparison.Ordinal));
        }
    }

    private static void Pack(string path, string entry, byte[] content)
    {
        using var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Create);
        using var stream = zip.CreateEntry(entry).Open();
        stream.Write(content);
    }
}
