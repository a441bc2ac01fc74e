using System.Text;
using System.Text.Json;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Members.Import;
using KenkoPortal.Core.Societies;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Members.Import;

/// <summary>The demo's files are what demo/README.md promises, by the importer that everybody uses.</summary>
public sealed class DemoListTests
{
    [Fact]
    public void The_settings_make_a_society()
    {
        var settings = JsonSerializer.Deserialize<Dictionary<string, string>>(Demo("society.json"))!;
        Assert.True(settings.Remove("key", out var key));

        var society = SocietySettings.Create(key!, settings, host => $"http://{host}:5080");

        Assert.Equal(("minato", "みなと港運健康保険組合", "健康マイポータル"), (society.Key, society.Name, society.Title));
        Assert.EndsWith(".example.jp", society.RegistrationAddress, StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_list_has_everybody_worth_trying()
    {
        var file = MemberListReader.Read(Demo("members.csv"), ListText.Options);

        Assert.Empty(file.Errors);
        Assert.Empty(file.Warnings);
        Assert.Equal((304, ListEncoding.Utf8), (file.Rows.Count, file.Encoding));
        var households = file.Rows.GroupBy(r => (r.Symbol.Key, r.Number.Key)).ToList();
        Assert.Equal(117, households.Count);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], households.Select(h => h.Count()).Distinct().Order());
        Assert.All(households, h => Assert.Single(h, r => r.Relationship.IsInsured));
        Assert.Contains(file.Rows, r => r.Name.Text.StartsWith("𠮷野", StringComparison.Ordinal));
        Assert.Contains(file.Rows, r => r.Name.Text.Contains('髙', StringComparison.Ordinal));
        Assert.Contains(file.Rows, r => r.Name.Text.Contains('﨑', StringComparison.Ordinal));
        Assert.Contains(file.Rows, r => r.Name.Text.Length >= 40 && r.Name.Text.All(char.IsAscii));
        Assert.Contains(households, h => h.GroupBy(r => (r.BirthDate, r.Sex)).Any(twins => twins.Count() == 2));
        Assert.Contains(households, h => h.Select(r => r.Address).Distinct().Count() == 2 && h.All(r => !r.IsProtected));
        Assert.Equal(2, file.Rows.Count(r => r.IsProtected));
        Assert.Single(file.Rows, r => !r.IsMemberOn(ListText.Options.Today));
        Assert.Contains(file.Rows, r => r.BirthDate.AddYears(15) > ListText.Options.Today);
        Assert.Contains(file.Rows, r => r.Symbol.Text.Contains('-', StringComparison.Ordinal));
        Assert.Contains(file.Rows, r => string.CompareOrdinal(r.Branch.Value, "10") >= 0);
    }

    [Fact]
    public void Only_the_difference_fits_into_cp932()
    {
        Assert.Equal(ListEncoding.Cp932, MemberListReader.Read(Demo("members-2026-11-difference.csv"), ListText.Options).Encoding);
        Assert.False(Cp932.TryEncode(Encoding.UTF8.GetString(Demo("members.csv").AsSpan(3)), out _, out _));
    }

    [Theory, OnEveryDatabase]
    public async Task Both_lists_are_taken_one_after_the_other(DatabaseKind kind)
    {
        await using var society = await ImportedSociety.StartAsync(kind);

        var whole = await society.ImportAsync(Demo("members.csv"), new MemberListImportOptions());
        var difference = await society.ImportAsync(Demo("members-2026-11-difference.csv"), new MemberListImportOptions { IsDifference = true });

        Assert.Equal((MemberListVerdict.Applied, 303), (whole.Verdict, whole.Comparison!.Joined));
        var done = difference.Comparison!;
        Assert.Equal((MemberListVerdict.Applied, 2, 2, 4, 1), (difference.Verdict, done.Joined, done.Changed, done.Moved, done.Left));
        Assert.Empty(done.Remarks);
        var moved = (await society.PeopleAsync()).Where(p => p.Name.StartsWith("石井", StringComparison.Ordinal) && p.AcquiredOn == new DateOnly(2026, 11, 1)).ToList();
        Assert.Equal(4, moved.Count);
        Assert.Single(moved.Select(p => p.HouseholdId).Distinct());
        Assert.True(CardIdentity.TryParseHousehold("任-9-60", out var card));
        Assert.Equal("任-9", card.Symbol.Key);
    }

    private static byte[] Demo(string name) => File.ReadAllBytes(Path.Combine(Repository.Root, "demo", name));
}
