using KenkoPortal.Core.Common;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Tests.Fuzzing;
using KenkoPortal.Tests.Smtp;

namespace KenkoPortal.Tests.MailedLinks;

/// <summary>F7, row M13: whose mailbox a tagged envelope sender is.</summary>
public sealed class EnvelopeSenderTests
{
    [Theory]
    [InlineData("taro@kaze.example.jp", null, "taro@kaze.example.jp")]
    [InlineData("taro+kenpo@kaze.example.jp", null, "taro+kenpo@kaze.example.jp")]
    [InlineData("prvs=3456a1b2c3=taro@kaze.example.jp", null, "taro@kaze.example.jp")]
    [InlineData("PRVS=3456A1B2C3=Taro@kaze.example.jp", "hanako@kaze.example.jp", "Taro@kaze.example.jp")]
    [InlineData("prvs=3456a1b2c3=ta.ro+x@kaze.example.jp", null, "ta.ro+x@kaze.example.jp")]
    [InlineData("prvs=taro/3456a1b2c3@kaze.example.jp", null, "taro@kaze.example.jp")]
    [InlineData("taro+prvs=3456a1b2c3@kaze.example.jp", null, "taro@kaze.example.jp")]
    [InlineData("btv1==0123456789abcdef==taro@kaze.example.jp", null, "taro@kaze.example.jp")]
    public void M13_A_tag_of_a_known_form_leaves_the_plain_address(string mailFrom, string? author, string plain)
    {
        var sender = Of(mailFrom, author);
        Assert.Equal((mailFrom, plain), (sender.AnswerTo.Value, sender.Plain?.Value));
    }

    [Theory]
    [InlineData("taro+x17=toroku@kaze.example.jp", "Taro@kaze.example.jp", "Taro@kaze.example.jp")]
    [InlineData("x17=taro@kaze.example.jp", "taro@kaze.example.jp", "taro@kaze.example.jp")]
    [InlineData("taro=x17@kaze.example.jp", "taro@kaze.example.jp", "taro@kaze.example.jp")]
    [InlineData("ta=ro@kaze.example.jp", "ta=ro@kaze.example.jp", "ta=ro@kaze.example.jp")]
    [InlineData("prvs=3456a1b2c3=4567b1b2c3@kaze.example.jp", "4567b1b2c3@kaze.example.jp", "4567b1b2c3@kaze.example.jp")]
    public void M13_Of_an_unknown_tag_the_author_decides_where_the_tag_names_that_mailbox(string mailFrom, string author, string plain) =>
        Assert.Equal(plain, Of(mailFrom, author).Plain?.Value);

    [Theory]
    [InlineData("SRS0=HHH=TT=kaze.example.jp=taro@forwarder.example", "taro@kaze.example.jp")]
    [InlineData("srs1=HHH=first.example==HHH=TT=kaze.example.jp=taro@forwarder.example", "taro@forwarder.example")]
    [InlineData("SRS0+HHH=TT=kaze.example.jp=taro@forwarder.example", null)]
    [InlineData("taro+caf_=toroku=minato.test@gmail.com", "taro@gmail.com")]
    [InlineData("x17=taro@kaze.example.jp", null)]
    [InlineData("x17=taro@kaze.example.jp", "taro@umi.example.jp")]
    [InlineData("x17=taro@kaze.example.jp", "hanako@kaze.example.jp")]
    [InlineData("attacker+x=victim@kaze.example.jp", "victim@kaze.example.jp")]
    [InlineData("prvs=3456a1b2c3=4567b1b2c3@kaze.example.jp", null)]
    [InlineData("prvs=xyz=taro@kaze.example.jp", null)]
    public void M13_What_is_not_certain_is_nobodys_address(string mailFrom, string? author) => Assert.Null(Of(mailFrom, author).Plain);

    /// <summary>Whatever stands in the envelope, the answer goes there, and what is taken for the mailbox is part of it at the same domain.</summary>
    [Fact]
    public void M13_The_plain_address_is_always_part_of_the_envelopes_own_at_its_domain()
    {
        string[] pieces = ["prvs=", "3456a1b2c3", "=", "==", "+", "btv1==", "SRS0=", "caf_", "taro", "hanako", "/", "-", ".", "0123456789abcdef", "minato.test"];
        var (plain, none) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var dice = Dice.ForRound(20261130, i);
            var local = string.Concat(Enumerable.Range(0, 1 + dice.Below(5)).Select(_ => dice.Of(pieces)));
            var author = dice.Below(3) switch { 0 => "taro@kaze.example.jp", 1 => "hanako@umi.example.jp", _ => null };
            if (!EmailAddress.TryParse($"{local}@kaze.example.jp", out var mailFrom))
            {
                continue;
            }

            var sender = Of(mailFrom.Value, author);
            Assert.Equal(mailFrom, sender.AnswerTo);
            if (sender.Plain is null)
            {
                none++;
                continue;
            }

            plain++;
            Assert.Equal("kaze.example.jp", sender.Plain.Domain);
            Assert.Contains(sender.Plain.LocalPart, mailFrom.LocalPart, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch("(?i)^(prvs=[0-9][0-9a-f]{7,11}=|btv1==[0-9a-f]{6,}==|srs[01]=)", sender.Plain.LocalPart);

            // The tag is taken off whole: what is left is its own plain address.
            Assert.True(sender.Plain.Equals(mailFrom) || Of(sender.Plain.Value, sender.Plain.Value).Plain?.Equals(sender.Plain) == true);
        }

        Assert.True(plain > 1000 && none > 1000, $"{plain} {none}");
    }

    [Theory]
    [InlineData("From: taro@kaze.example.jp", "taro@kaze.example.jp")]
    [InlineData("From: \"Umi, Taro\" <taro@kaze.example.jp>", "taro@kaze.example.jp")]
    [InlineData("From: =?UTF-8?B?5aSq6YOO?=\r\n <taro@kaze.example.jp> (his own)", "taro@kaze.example.jp")]
    [InlineData("From: taro@kaze.example.jp, hanako@kaze.example.jp", null)]
    [InlineData("From: hanako@kaze.example.jp <taro@kaze.example.jp>", null)]
    [InlineData("From: <taro@kaze.example.jp>, <hanako@kaze.example.jp>", null)]
    [InlineData("From: taro@kaze.example.jp\r\nFrom: hanako@kaze.example.jp", null)]
    [InlineData("Subject: x", null)]
    public void M13_The_author_is_the_one_address_in_From(string headers, string? author)
    {
        var dialogue = Dialogue.InData();
        dialogue.Say($"{headers}\r\n\r\nbody\r\n.\r\n");
        Assert.Equal(author, dialogue.Envelopes[0].Author?.Value);
    }

    private static EnvelopeSender Of(string mailFrom, string? author) => EnvelopeSender.Of(EmailAddress.Parse(mailFrom), author is null ? null : EmailAddress.Parse(author));
}
