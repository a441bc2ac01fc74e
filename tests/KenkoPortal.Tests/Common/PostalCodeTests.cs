using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.Common;

public sealed class PostalCodeTests
{
    [Theory]
    [InlineData("6500045")]
    [InlineData("650-0045")]
    [InlineData("〒650-0045")]
    [InlineData("〒 650-0045")]
    [InlineData("６５０－００４５")]
    [InlineData("650−0045")]
    [InlineData("650ー0045")]
    public void Every_notation_is_one_code(string text) => Assert.Equal("650-0045", PostalCode.TryParse(text, out var code) ? code.Text : null);

    [Theory]
    [InlineData("")]
    [InlineData("650045")]
    [InlineData("65000455")]
    [InlineData("65-00045")]
    [InlineData("650-004A")]
    [InlineData("650-\u200B0045")]
    public void Anything_else_is_refused(string text) => Assert.False(PostalCode.TryParse(text, out _));
}
