using System.Globalization;
using KenkoPortal.Web.Commands;

namespace KenkoPortal.Tests.Commands;

public sealed class JapaneseCultureTests
{
    [Fact]
    public void It_differs_from_the_framework_s_in_nothing()
    {
        var (ours, theirs) = (PortalCommandLine.Japanese, CultureInfo.GetCultureInfo("ja-JP"));
        for (var c = char.MinValue; c < char.MaxValue; c++)
        {
            Assert.Equal(theirs.TextInfo.ToUpper(c), ours.TextInfo.ToUpper(c));
            Assert.Equal(theirs.TextInfo.ToLower(c), ours.TextInfo.ToLower(c));
        }

        var then = new DateTime(2026, 11, 27, 22, 4, 5, DateTimeKind.Utc);
        Assert.Equal(then.ToString("F", theirs), then.ToString("F", ours));
        Assert.Equal((-1234567.8m).ToString("C", theirs), (-1234567.8m).ToString("C", ours));
        Assert.Equal(theirs.CompareInfo, ours.CompareInfo);
        Assert.Equal(theirs.Name, ours.Name);
        Assert.True(ours.IsReadOnly);
    }
}
