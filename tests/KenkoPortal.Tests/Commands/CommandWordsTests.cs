using System.Xml.Linq;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Commands;

/// <summary>The commands speak to clerks: words that a trial month showed to be misread stand in none of them.</summary>
public sealed class CommandWordsTests
{
    /// <summary>What not to say, and what to say instead.</summary>
    private static readonly Dictionary<string, string> Instead = new(StringComparer.Ordinal)
    {
        ["手紙"] = "登録のご案内",
        ["持ち主"] = "該当する加入者, or 所有者 of a file",
        ["控え"] = "バックアップ, or 保存",
        ["よければ"] = "内容を確認し、…する場合は",
        ["命令"] = "コマンド",
        ["断りまたは"] = "拒否または",
        ["ひとりでに"] = "自動的に",
        ["前から資格なし"] = "取り込み前に資格喪失済み",
    };

    [Fact]
    public void No_text_of_a_command_or_of_the_core_says_a_word_that_clerks_misread()
    {
        var faults =
            from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.resx", SearchOption.AllDirectories)
            where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/Pages/", StringComparison.Ordinal)
            from data in XDocument.Load(path).Descendants("data")
            from word in Instead
            where data.Element("value")!.Value.Contains(word.Key, StringComparison.Ordinal)
            select $"{Path.GetFileName(path)} {data.Attribute("name")!.Value}: 「{word.Key}」; say {word.Value}";
        Assert.Empty(faults);
    }
}
