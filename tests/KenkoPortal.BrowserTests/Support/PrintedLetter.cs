using System.Text.RegularExpressions;
using KenkoPortal.Core.Letters;
using KenkoPortal.Core.Members;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.BrowserTests.Support;

/// <summary>A letter as <c>letters issue</c> writes it, read back by programs that know nothing of us.</summary>
/// <param name="File">The PDF.</param>
/// <param name="Credentials">What stands on it for each person, in its order.</param>
public sealed partial record PrintedLetter(string File, IReadOnlyList<Letter> Credentials)
{
    /// <summary>The address to which a phone that scans the QR code would write.</summary>
    public string ScannedAddress
    {
        get
        {
            var picture = Path.ChangeExtension(File, null);
            Assert.Equal(0, Tool.Run("pdftoppm", "-r", "200", "-png", "-singlefile", "-f", "1", "-l", "1", File, picture).ExitCode);
            var code = new Uri(Tool.Run("zbarimg", "-q", "--raw", picture + ".png").Output.Trim());
            Assert.Equal("mailto", code.Scheme);
            return $"{code.UserInfo}@{code.Host}";
        }
    }

    /// <summary>Issues a letter for the household of a person.</summary>
    public static async Task<PrintedLetter> IssueAsync(BrowserPortal portal, Person person)
    {
        var file = Path.Combine(portal.Folder, $"letter-{person.Id:N}.pdf");
        var outcome = await portal.Residents.AsStaffAsync(async staff =>
        {
            var db = staff.GetRequiredService<Core.Data.PortalContext>();
            var card = await db.InsuranceCards.SingleAsync(c => c.PersonId == person.Id);
            Assert.True(CardIdentity.TryParseHousehold($"{card.Symbol}-{card.Number}", out var household));
            return await staff.GetRequiredService<LetterIssue>().IssueAsync(new LetterRequest(household), file, null, TestContext.Current.CancellationToken);
        });
        var text = Tool.Run("pdftotext", "-layout", file, "-").Output;
        var (ids, passwords) = (Ids().Matches(text), Passwords().Matches(text));
        Assert.Equal(outcome.Persons, ids.Count);
        Assert.Equal(outcome.Persons, passwords.Count);
        return new PrintedLetter(file, [.. ids.Zip(passwords, (id, password) => new Letter(id.Groups["id"].Value, password.Groups["password"].Value))]);
    }

    [GeneratedRegex(@"仮ログインID\s+(?<id>\d{8})\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ids();

    [GeneratedRegex(@"仮パスワード\s+(?<password>[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Passwords();
}
