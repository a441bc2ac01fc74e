using System.Text;
using FsCheck.Fluent;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Mail;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Mail;

public sealed class MimeWriterTests
{
    // Reads many messages at once: name of the file with one path a line. Prints what it read as one line of JSON each.
    private const string Reader = """
        import sys, json, email, email.policy
        for path in open(sys.argv[1]).read().split('\n'):
            with open(path, 'rb') as f:
                m = email.message_from_bytes(f.read(), policy=email.policy.strict)
            a = m['From'].addresses[0]
            assert not any(h.defects for h in m.values()), 'defects'
            print(json.dumps({'from': a.addr_spec, 'name': a.display_name, 'to': m['To'].addresses[0].username + '@' + m['To'].addresses[0].domain, 'count': len(m['To'].addresses),
                'subject': m['Subject'], 'auto': m['Auto-Submitted'], 'id': m['Message-ID'], 'date': m['Date'].datetime.isoformat(),
                'body': m.get_content(), 'keys': m.keys()}))
        """;

    private static readonly MailMessage Sample = new(
        EmailAddress.Parse("bounce+1@kenpo.example"),
        EmailAddress.Parse("portal@kenpo.example"),
        "みなと運輸健康保険組合",
        EmailAddress.Parse("taro@example.jp"),
        "利用登録手続きのご案内",
        "■□ 利用登録手続きのご案内 □■\nhttps://kenpo.example/c/abc\n",
        "0198c0de@kenpo.example",
        new DateTimeOffset(2026, 4, 1, 9, 30, 0, TimeSpan.FromHours(9)));

    [Fact]
    public void A_message_is_always_the_same_bytes()
    {
        const string expected = """
            Date: Wed, 01 Apr 2026 09:30:00 +0900
            From: =?UTF-8?B?44G/44Gq44Go6YGL6Ly45YGl5bq35L+d6Zm657WE5ZCI?=
             <portal@kenpo.example>
            To: taro@example.jp
            Subject: =?UTF-8?B?5Yip55So55m76Yyy5omL57aa44GN44Gu44GU5qGI5YaF?=
            Message-ID: <0198c0de@kenpo.example>
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            4pag4pahIOWIqeeUqOeZu+mMsuaJi+e2muOBjeOBruOBlOahiOWGhSDilqHilqANCmh0dHBzOi8v
            a2VucG8uZXhhbXBsZS9jL2FiYw0K

            """;
        var text = Encoding.ASCII.GetString(MimeWriter.Write(Sample));
        Assert.Equal(expected.ReplaceLineEndings("\r\n"), text);
        Assert.Equal(text, Encoding.ASCII.GetString(MimeWriter.Write(Sample with { ReturnPath = null })));
        Assert.All(text.Split("\r\n"), l => Assert.InRange(l.Length, 0, 76));
        Assert.DoesNotContain("\n", text.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\r\nBcc: x@example.jp")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u001Bb")]
    [InlineData("a\tb")]
    public void M8_No_control_character_gets_into_a_header(string value)
    {
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Sample with { Subject = value }));
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Sample with { FromName = value }));
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Sample with { MessageId = value + "@kenpo.example" }));
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Sample with { Headers = [new MailHeader("X-Kind", value)] }));
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Sample with { Headers = [new MailHeader(value, "x")] }));
    }

    [Fact]
    public void Half_a_character_gets_into_no_header() =>
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Sample with { Subject = "a\uD83Db" }));

    [Theory]
    [InlineData("Bcc")]
    [InlineData("to")]
    [InlineData("Content-Type")]
    [InlineData("X Kind")]
    [InlineData("X:Kind")]
    [InlineData("")]
    public void M8_An_extra_header_cannot_stand_in_for_one_of_ours(string name) =>
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Sample with { Headers = [new MailHeader(name, "x")] }));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("@x")]
    [InlineData("a@b@c")]
    [InlineData("a b@c")]
    [InlineData("<a@b>")]
    [InlineData("a..b@c")]
    public void A_message_id_is_checked(string id) => Assert.Throws<ArgumentException>(() => MimeWriter.Write(Sample with { MessageId = id }));

    [Fact]
    public void The_text_holds_no_control_character() =>
        Assert.Throws<ArgumentException>(() => MimeWriter.Write(Sample with { TextBody = "a\u0007b" }));

    [Fact]
    public void M9_Python_reads_what_was_written_without_a_defect()
    {
        Assert.SkipUnless(Tool.Exists("python3"), "python3 is not installed");
        var characters = Gen.Elements("a", " ", "Z", "=?", "?=", "\"", "\\", "(", ",", "<", "@", "健", "康", "ー", "𠮷", "👨‍👩‍👧", "é", ".", "_", "ｶﾞ");
        var words = characters.ArrayOf().Select(w => string.Concat(w).Trim());
        var messages = from subject in words
                       from name in words
                       from lines in Gen.Elements("", ".", "健康", "a b", "From x", new string('長', 500), "=3D", "🎌").ArrayOf()
                       from to in Gen.Elements("taro@example.jp", "a..b@docomo.ne.jp", "abc.@ezweb.ne.jp", new string('x', 64) + "@" + new string('d', 60) + ".jp")
                       select Sample with { Subject = subject, FromName = name, TextBody = string.Join('\n', lines), To = EmailAddress.Parse(to) };
        var folder = Directory.CreateTempSubdirectory("kenko-mime-");
        try
        {
            var written = messages.Sample(300, 30).ToList();
            for (var i = 0; i < written.Count; i++)
            {
                var bytes = MimeWriter.Write(written[i]);
                Assert.All(Encoding.ASCII.GetString(bytes).Split("\r\n"), l => Assert.InRange(l.Length, 0, l.StartsWith("To:", StringComparison.Ordinal) ? 200 : 76));
                File.WriteAllBytes(Path.Combine(folder.FullName, $"{i}.eml"), bytes);
            }

            var list = Path.Combine(folder.FullName, "list");
            File.WriteAllText(list, string.Join('\n', Enumerable.Range(0, written.Count).Select(i => Path.Combine(folder.FullName, $"{i}.eml"))));
            var result = Tool.Run("python3", "-c", Reader, list);
            Assert.True(result.ExitCode == 0, result.Error);
            var read = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(written.Count, read.Length);
            foreach (var (message, line) in written.Zip(read))
            {
                using var json = System.Text.Json.JsonDocument.Parse(line);
                string? Got(string key) => json.RootElement.GetProperty(key).GetString();
                Assert.Equal(message.Subject, Got("subject"));
                // Python before 3.13 keeps the space between two encoded words of a name, which RFC 2047 §6.2 says to drop.
                Assert.Equal(message.FromName.Replace(" ", "", StringComparison.Ordinal), Got("name")!.Replace(" ", "", StringComparison.Ordinal));
                Assert.Equal("portal@kenpo.example", Got("from"));
                Assert.Equal(message.To.Value, Got("to"));
                Assert.Equal(1, json.RootElement.GetProperty("count").GetInt32());
                Assert.Equal("auto-generated", Got("auto"));
                Assert.Equal("<0198c0de@kenpo.example>", Got("id"));
                Assert.Equal("2026-04-01T09:30:00+09:00", Got("date"));
                Assert.Equal(message.TextBody.EndsWith('\n') ? message.TextBody : message.TextBody + "\n", Got("body")!.ReplaceLineEndings("\n"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
