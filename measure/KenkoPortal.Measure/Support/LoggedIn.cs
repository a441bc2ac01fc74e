using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Societies;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Support;

/// <summary>A member with a session.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Host">The society's host name.</param>
/// <param name="Cookie">The session's, name and value.</param>
public sealed record LoggedInMember(Tenant Account, string Host, string Cookie);

/// <summary>Members who are logged in, and the file by which <see cref="Wrk"/> asks as each of them in turns.</summary>
/// <param name="Requests">Host and session cookie, a member a line.</param>
/// <param name="Members">In the order of the file.</param>
public sealed record LoggedIn(string Requests, IReadOnlyList<LoggedInMember> Members)
{
    /// <summary>Members that <see cref="CheckAsync"/> asks where nobody says otherwise.</summary>
    private const int Asked = 100;

    /// <summary>Gives these accounts a session each and ends every other session.</summary>
    public static async Task<LoggedIn> OpenAsync(Ground ground, PortalStore store, IReadOnlyList<Society> societies, IReadOnlyList<Tenant> accounts)
    {
        var tokens = accounts.Select(_ => Secrets.NewToken()).ToList();
        await WriteAsync(ground, store, accounts.Zip(tokens, (account, token) => SessionOf(societies[account.Society].Id, account.Id, token)));

        // Neighbours in the file are of different societies, as visitors are.
        var members = accounts.Zip(tokens, (account, token) => new LoggedInMember(account, societies[account.Society].Host, $"__Host-kenko={token}"))
            .Select((member, i) => (Member: member, Key: (i * 7919L) % accounts.Count)).OrderBy(m => m.Key).Select(m => m.Member).ToList();
        var file = Path.Combine(ground.Folder, $"requests-{Guid.CreateVersion7():N}");
        await File.WriteAllLinesAsync(file, members.Select(m => $"{m.Host} {m.Cookie}"), ground.Cancellation);
        return new LoggedIn(file, members);
    }

    /// <summary>
    /// wrk takes the way to the login for an answer like any other: so pages are tried before and after. From then on the file's members bring the form cookie too that a
    /// browser has after its first page.
    /// </summary>
    /// <param name="ground">The run's.</param>
    /// <param name="portal">Where.</param>
    /// <param name="path">The page.</param>
    /// <param name="words">What the page of a member must say; null asks for no more than an answer of 200.</param>
    /// <param name="asked">How many of the members, evenly.</param>
    /// <returns>How long each answer took, in milliseconds.</returns>
    /// <exception cref="MeasureException">A page is not the member's.</exception>
    public async Task<IReadOnlyList<double>> CheckAsync(
        Ground ground, PortalProcess portal, string path, Func<LoggedInMember, string>? words = null, int asked = Asked)
    {
        using var reader = new MemberReader(portal.Origin);
        var (taken, forms) = (new List<double>(), new List<string>());
        foreach (var member in Members.Where((_, i) => i % Math.Max(1, Members.Count / asked) == 0))
        {
            var page = await reader.ReadAsync(member, path, ground.Cancellation);
            taken.Add(page.Milliseconds);
            forms.Add(page.FormCookie ?? throw new MeasureException($"{path} sets no form cookie"));
            if (words?.Invoke(member) is { } wanted && !page.Text.Contains(wanted, StringComparison.Ordinal))
            {
                throw new MeasureException($"{path} does not say what the member's page must say");
            }
        }

        await File.WriteAllLinesAsync(Requests, Members.Select((m, i) => $"{m.Host} {m.Cookie}; {forms[i % forms.Count]}"), ground.Cancellation);
        return taken;
    }

    private static PortalSession SessionOf(Guid society, Guid account, string token)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new PortalSession
        {
            SocietyId = society,
            TokenHash = Secrets.HashOf(token),
            Trust = Trust.Login,
            AccountId = account,
            CreatedAt = now,
            LastSeenAt = now,
            PreviousLoginAt = now.AddDays(-30),
        };
    }

    private static async Task WriteAsync(Ground ground, PortalStore store, IEnumerable<PortalSession> sessions)
    {
        await store.ExecuteAsync("""DELETE FROM "PortalSessions" """);
        await using var scope = store.Services.GetRequiredService<SocietyScopes>().OpenForScheduling();
        await using var connection = await store.OpenAsync();
        await BulkLoad.WriteAsync(connection, [BulkLoad.Of(scope.ServiceProvider.GetRequiredService<PortalContext>(), sessions)], ground.Cancellation);
    }
}
