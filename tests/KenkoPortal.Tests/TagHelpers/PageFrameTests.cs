using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web.Frames;
using Microsoft.AspNetCore.Http;

namespace KenkoPortal.Tests.TagHelpers;

public sealed class PageFrameTests
{
    [Fact]
    public void A_page_of_no_society_still_has_a_title_and_the_chosen_size()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = TextSizeCode.CookieName + "=l";

        var frame = PageFrame.Of(context);

        Assert.Equal("健康マイポータル", frame.ProductTitle);
        Assert.Equal(TextSize.Large, frame.TextSize);
        Assert.Null(frame.SignedIn);
        Assert.Null(frame.ReturnPath);
    }

    [Fact]
    public void The_frame_of_the_request_wins()
    {
        var context = new DefaultHttpContext();
        new PageFrame { SocietyName = "架空健康保険組合" }.PutIn(context);

        Assert.Equal("架空健康保険組合", PageFrame.Of(context).SocietyName);
    }

    [Theory]
    [InlineData("s", TextSize.Small, true)]
    [InlineData("m", TextSize.Medium, true)]
    [InlineData("l", TextSize.Large, true)]
    [InlineData("xl", TextSize.Medium, false)]
    [InlineData("\"><script>", TextSize.Medium, false)]
    [InlineData(null, TextSize.Medium, false)]
    public void Only_three_sizes_are_known(string? code, TextSize size, bool known)
    {
        Assert.Equal(known, TextSizeCode.TryParse(code, out var parsed));
        Assert.Equal(size, parsed);
    }

    [Fact]
    public void A_size_survives_its_code() =>
        Assert.All(Enum.GetValues<TextSize>(), size => Assert.True(TextSizeCode.TryParse(TextSizeCode.Of(size), out var parsed) && parsed == size));

    [Fact]
    public void The_navigation_stands_in_the_order_of_the_manual() => Assert.Equal(
        ["Home", "医療費通知", "ジェネリック通知", "健保組合からのお知らせ", "トピックス", "プロフィール設定"],
        MemberNavigation.Links.Select(link => link.Label),
        StringComparer.Ordinal);
}
