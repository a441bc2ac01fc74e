using System.Globalization;
using KenkoPortal.Web.Commands;

namespace KenkoPortal.Tests.Commands;

public sealed class JapaneseCultureTests
{
    /// <summary>The Turkish i's and, by some versions of ICU, the long s are nobody's in Japan; the invariant casing leaves them as they are.</summary>
    [Fact]
    public void It_differs_from_the_framework_s_in_letters_that_Japanese_has_not()
    {
        var (ours, theirs) = (PortalCommandLine.Japanese, CultureInfo.GetCultureInfo("ja-JP"));
        var letters = Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(c => (char)c);
        var others = letters.Where(c => theirs.TextInfo.ToUpper(c) != ours.TextInfo.ToUpper(c) || theirs.TextInfo.ToLower(c) != ours.TextInfo.ToLower(c));
        Assert.Empty(others.Except("İıſ"));

        var then = new DateTime(2026, 11, 27, 22, 4, 5, DateTimeKind.Utc);
        Assert.Equal(then.ToString("F", theirs), then.ToString("F", ours));
        Assert.Equal((-1234567.8m).ToString("C", theirs), (-1234567.8m).ToString("C", ours));
        Assert.Equal(theirs.CompareInfo, ours.CompareInfo);
        Assert.Equal(theirs.Name, ours.Name);
        Assert.True(ours.IsReadOnly);
    }
}
