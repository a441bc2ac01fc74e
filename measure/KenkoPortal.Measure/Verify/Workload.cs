using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Design.Fields;
using KenkoPortal.Measure.Support;
using KenkoPortal.Members.Web.Pages;
using KenkoPortal.Members.Web.Pages.Register;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Measure.Verify;

/// <summary>
/// Members at work: asks on the web and by empty mail, logins, changed profiles, whole registrations, all through the front door and from
/// many addresses. It keeps what was acknowledged and compares it with the database.
/// </summary>
internal sealed class Workload(Stage stage, CancellationToken cancellationToken)
{
    private const int AsksPerQuery = 500;
    private const int MemberClients = 6;

    /// <summary>A client goes from member to member: one alone would soon have posted the thirty forms that a member has a minute.</summary>
    private const int MembersPerClient = 50;

    /// <summary>
    /// With so many asks whose mail is not out yet nobody asks on. A portal that is killed all the time sends less than it is asked for, and a newcomer's mail
    /// would come after all of theirs.
    /// </summary>
    private const int MostWaiting = 2000;

    private readonly Gate _gate = new();
    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly List<Task> _clients = [];
    private readonly List<LoggedInMember> _members = [];
    private readonly ConcurrentDictionary<string, bool> _asks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _registrations = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _askedSince = new();
    private readonly ConcurrentQueue<(byte[] Token, string LoginId)> _sessionsSince = new();
    private readonly ConcurrentQueue<string> _registeredSince = new();
    private readonly ConcurrentDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private int _next;
    private int _asked;
    private int _sessions;
    private int _saved;
    private int _excused;

    /// <summary>Everything that was acknowledged until now.</summary>
    public long Acked => _asks.Values.LongCount(acked => acked) + Volatile.Read(ref _sessions) + Volatile.Read(ref _saved) + _registrations.Values.LongCount(acked => acked);

    /// <summary>Registrations that were acknowledged.</summary>
    public int Registered => _registrations.Values.Count(acked => acked);

    public string Kinds => string.Create(
        CultureInfo.InvariantCulture,
        $"{_asks.Values.Count(acked => acked)} asks, {_sessions} logins, {_saved} profiles, {Registered} registrations");

    /// <summary>Answers that were neither yes nor a broken connection, by kind; without those that <see cref="IsExcused"/>.</summary>
    public IReadOnlyDictionary<string, int> Faults => _faults;

    /// <summary>Such answers while nothing else could be expected.</summary>
    public int Excused => Volatile.Read(ref _excused);

    /// <summary>While the database is down a portal can only refuse.</summary>
    public bool IsExcused { get; set; }

    /// <summary>Writes the members and lets the clients wait at the closed gate.</summary>
    public async Task BeginAsync()
    {
        await AddMembersAsync(MemberClients * MembersPerClient);
        foreach (var members in _members.Chunk(MembersPerClient))
        {
            var turn = 0;
            _clients.Add(ClientAsync(() => LogInAndSaveAsync(members[turn++ % members.Length])));
        }

        _clients.AddRange(Enumerable.Range(0, 3).Select(_ => ClientAsync(() => UnlessManyWaitAsync(AskOnTheWebAsync))));
        _clients.AddRange(Enumerable.Range(0, 3).Select(_ => ClientAsync(() => UnlessManyWaitAsync(AskByMailAsync))));
        _clients.AddRange(Enumerable.Range(0, 6).Select(_ => RegistrarAsync()));
    }

    public void Open() => _gate.Open();

    public Task CloseAsync() => _gate.CloseAsync();

    public async Task EndAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_clients);
        _over.Dispose();
    }

    /// <summary>Looks for what was acknowledged since the last look. To be called while the gate is closed.</summary>
    /// <returns>What of it is not there, in words.</returns>
    public async Task<IReadOnlyList<string>> FindLostAsync()
    {
        var lost = new List<string>();
        foreach (var some in Drain(_askedSince).Chunk(AsksPerQuery))
        {
            var there = await CountAsksAsync(some);
            lost.AddRange(some.Where(address => !there.ContainsKey(Convert.ToHexString(MacOf(address)))).Select(address => $"the ask of {address}"));
        }

        var sessions = Drain(_sessionsSince);
        var tokens = sessions.ConvertAll(s => s.Token);
        var live = (await stage.ReadAsync(db => db.PortalSessions.Where(s => tokens.Contains(s.TokenHash)).Select(s => s.TokenHash).ToListAsync(cancellationToken))).ConvertAll(Convert.ToHexString);
        lost.AddRange(sessions.Where(s => !live.Contains(Convert.ToHexString(s.Token), StringComparer.Ordinal)).Select(s => $"a session of {s.LoginId}"));

        var registered = Drain(_registeredSince);
        var accounts = await stage.ReadAsync(db => db.MemberAccounts.Where(a => registered.Contains(a.LoginId)).Select(a => a.LoginId).ToListAsync(cancellationToken));
        lost.AddRange(registered.Except(accounts, StringComparer.Ordinal).Select(loginId => $"the account {loginId}"));

        var ids = _members.ConvertAll(m => m.AccountId);
        var names = await stage.ReadAsync(db => db.MemberAccounts.AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Nickname, cancellationToken));
        foreach (var member in _members)
        {
            // What was under way when the portal died may be there or not.
            if (names[member.AccountId] != member.Nickname && !member.InDoubt.Contains(names[member.AccountId]))
            {
                lost.Add($"the nickname of {member.LoginId}: {names[member.AccountId]} is in force, {member.Nickname} was the last, in doubt were {string.Join(' ', member.InDoubt)}");
            }

            member.Acknowledge(names[member.AccountId]);
        }

        return lost;
    }

    /// <summary>All asks and logins of the whole run once more, and what is there too often or by halves.</summary>
    public async Task<(long Lost, long Halves, IReadOnlyList<string> Words)> CompareAllAsync()
    {
        var (lost, twice) = (0L, 0);
        foreach (var some in _asks.Keys.Chunk(AsksPerQuery))
        {
            var there = await CountAsksAsync(some);
            lost += some.Count(address => _asks[address] && !there.ContainsKey(Convert.ToHexString(MacOf(address))));
            twice += there.Values.Sum(count => count - 1);
        }

        var (logins, names) = (await CountEventsAsync(AuditKind.LoginSucceeded), await CountEventsAsync(AuditKind.NicknameChanged));
        lost += _members.Sum(m => Math.Max(0, m.Logins - logins.GetValueOrDefault(m.AccountId)) + Math.Max(0, m.Saves - names.GetValueOrDefault(m.AccountId)));

        var registered = _registrations.Where(r => r.Value).Select(r => r.Key).ToList();
        foreach (var some in registered.Chunk(AsksPerQuery))
        {
            lost += some.Length - await stage.ReadAsync(db => db.MemberAccounts.CountAsync(a => some.Contains(a.LoginId), cancellationToken));
        }

        var halves = await stage.ReadAsync(db => Halves.CountAsync(db, cancellationToken));
        List<string> words = [.. halves.Where(h => h.Value > 0).Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Value} {h.Key}"))];
        if (registered.Count == 0 || _asks.IsEmpty || _sessions == 0 || _saved == 0)
        {
            words.Add("of one kind of work nothing was acknowledged, so that nothing is known of it");
        }

        if (twice > 0)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"{twice} asks were written twice"));
        }

        words.AddRange(_faults.OrderByDescending(f => f.Value).Take(3).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Value} × {f.Key}")));
        return (lost, halves.Sum(h => h.Value), words);
    }

    /// <summary>How many events of a kind each account has.</summary>
    private Task<Dictionary<Guid, int>> CountEventsAsync(AuditKind kind) => stage.ReadAsync(db =>
        db.AuditEvents.Where(e => e.Kind == kind && e.SubjectId != null).GroupBy(e => e.SubjectId!.Value)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken));

    private byte[] MacOf(string address) => stage.Keys.Mac(KeyPurpose.CanonicalAddress, EmailAddress.Parse(address).Canonical);

    private async Task<Dictionary<string, int>> CountAsksAsync(string[] addresses)
    {
        var macs = addresses.Select(MacOf).ToList();
        var found = await stage.ReadAsync(db => db.MailAsks.AsNoTracking().Where(a => macs.Contains(a.CanonicalMac)).Select(a => a.CanonicalMac).ToListAsync(cancellationToken));
        return found.GroupBy(Convert.ToHexString, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
    }

    private static List<T> Drain<T>(ConcurrentQueue<T> queue)
    {
        var all = new List<T>();
        while (queue.TryDequeue(out var one))
        {
            all.Add(one);
        }

        return all;
    }

    private async Task AddMembersAsync(int count)
    {
        var hashing = stage.Store.Services.GetRequiredService<PasswordHashing>();
        var hash = await hashing.HashAsync(Journeys.Password, cancellationToken);
        for (var i = 0; i < count; i++)
        {
            var loginId = string.Create(CultureInfo.InvariantCulture, $"member-{i:D4}");
            var id = await SignedInMember.AddAsync(stage, loginId, "はじめ", hash);
            _members.Add(new LoggedInMember(id, loginId));
        }
    }

    /// <summary>Does the same again and again. A connection that breaks is no fault: the portal was killed.</summary>
    private async Task ClientAsync(Func<Task> act)
    {
        // Off the caller's thread at once.
        await Task.Yield();
        try
        {
            while (true)
            {
                await _gate.PassAsync(() => TryAsync(act), _over.Token);
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or TimeoutException)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _over.Token);
        }
        catch (Xunit.Sdk.XunitException exception)
        {
            // Another page than was expected: told with the figures.
            Count(exception.Message);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _over.Token);
        }
    }

    private void Count(string fault)
    {
        if (IsExcused)
        {
            Interlocked.Increment(ref _excused);
        }
        else
        {
            _faults.AddOrUpdate(fault, 1, (_, count) => count + 1);
        }
    }

    private string NextAddress(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}{Interlocked.Increment(ref _next)}@visitor.test");

    private Task UnlessManyWaitAsync(Func<Task> ask) => Volatile.Read(ref _asked) - stage.Relay.Distinct < MostWaiting
        ? ask()
        : Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _over.Token);

    private async Task AskOnTheWebAsync() => await AskOnTheWebAsync(stage.Surfer.Browser(), NextAddress("web"));

    private async Task<bool> AskOnTheWebAsync(Visitor browser, string address)
    {
        var page = await browser.OpenAsync(PageRoutes.Register);
        _asks.TryAdd(address, false);
        var sent = await page.PressAsync(RegisterText.Send, (FieldText.Address, address));
        var isAcked = sent.Heading == RegisterText.SentTitle;
        if (isAcked)
        {
            Acknowledge(address);
        }
        else
        {
            Count($"ask: {(int)sent.Status} {sent.Heading}");
        }

        return isAcked;
    }

    private async Task AskByMailAsync()
    {
        var address = NextAddress("mail");
        _asks.TryAdd(address, false);
        var code = await stage.Surfer.SendMailAsync(address, PortalStore.RegistrationAddress, _over.Token);
        if (code == 250)
        {
            Acknowledge(address);
        }
        else if (code is not null)
        {
            Count(string.Create(CultureInfo.InvariantCulture, $"mail: {code}"));
        }
    }

    private void Acknowledge(string address)
    {
        _asks[address] = true;
        Interlocked.Increment(ref _asked);
        _askedSince.Enqueue(address);
    }

    private async Task LogInAndSaveAsync(LoggedInMember member)
    {
        var browser = stage.Surfer.Browser();
        var login = await browser.OpenAsync(PageRoutes.Login);
        var answer = await login.PressOnceAsync("ログイン", (FieldText.LoginId, member.LoginId), (FieldText.Password, Journeys.Password));
        var token = browser.Cookies.GetCookies(new Uri("https://127.0.0.1"))["__Host-kenko"]?.Value;
        if (answer.Headers.Location is null || token is null)
        {
            Count(string.Create(CultureInfo.InvariantCulture, $"login: {(int)answer.StatusCode}"));
            return;
        }

        Interlocked.Increment(ref _sessions);
        member.Logins++;
        _sessionsSince.Enqueue((Secrets.HashOf(token), member.LoginId));
        for (var i = 0; i < 3; i++)
        {
            var profile = await browser.OpenAsync(PageRoutes.Profile);
            if (!member.InDoubt.Append(member.Nickname).Any(name => profile.Html.Contains(name, StringComparison.Ordinal)))
            {
                Count(string.Create(CultureInfo.InvariantCulture, $"profile: {(int)profile.Status} {profile.Path}"));
                return;
            }

            var wanted = string.Create(CultureInfo.InvariantCulture, $"名前{Interlocked.Increment(ref _next)}");
            member.InDoubt.Add(wanted);
            var saved = await profile.PressOnceAsync(FieldText.Save, (FieldText.Nickname, wanted));
            // Back to the form itself: a refusal would show it at once, a session that is over would lead to the login.
            if (saved.Headers.Location?.OriginalString != PageRoutes.Profile)
            {
                Count(string.Create(CultureInfo.InvariantCulture, $"save: {(int)saved.StatusCode}"));
                return;
            }

            member.Acknowledge(wanted);
            member.Saves++;
            Interlocked.Increment(ref _saved);
        }
    }

    /// <summary>From the letter to the account, as far as the portal lives; what was begun is gone on with after the next start, as people do.</summary>
    private async Task RegistrarAsync()
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                Letter? letter = null;
                await _gate.PassAsync(async () => letter = await TryGiveLetterAsync(), _over.Token);
                if (letter is null)
                {
                    continue;
                }

                var address = "";
                var loginId = string.Create(CultureInfo.InvariantCulture, $"newcomer-{Interlocked.Increment(ref _next)}");
                _registrations.TryAdd(loginId, false);
                var isDone = false;
                // The mail waits behind those of all others, and one that a killed sender held comes after half a minute.
                while (!isDone)
                {
                    await _gate.PassAsync(
                        () => TryAsync(async () =>
                        {
                            if (!_asks.GetValueOrDefault(address))
                            {
                                // An ask that was killed may be there or not: another address is no second one of it.
                                address = NextAddress("new");
                                await AskOnTheWebAsync(stage.Surfer.Browser(), address);
                            }

                            isDone = await RegisterAsync(letter, address, loginId);
                        }),
                        _over.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    /// <summary>
    /// Written by this program itself, not by the portal: on a server that was just killed the driver may fail in any way (a NullReferenceException of Npgsql was
    /// among them). Where it always fails nobody registers, and that breaks the promise.
    /// </summary>
    private async Task<Letter?> TryGiveLetterAsync()
    {
        try
        {
            return await stage.People.GiveLetterAsync((await stage.People.AddHouseholdAsync(_ => { }, "本人"))[0]);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _over.Token);
            return null;
        }
    }

    private async Task<bool> RegisterAsync(Letter letter, string address, string loginId)
    {
        var browser = stage.Surfer.Browser();
        await stage.UntilAsync(TimeSpan.FromSeconds(2), () => Task.FromResult(stage.Relay.To(address) is not null || stage.Portal.HasExited));
        var mail = stage.Relay.To(address);
        if (mail?.Link is not { } link)
        {
            return false;
        }

        var login = await browser.OpenAsync(link);
        var account = await login.PressAsync("ログイン", (FieldText.LoginId, letter.ProvisionalId), (RegisterText.ProvisionalPassword, letter.ProvisionalPassword));
        if (account.Path != PageRoutes.RegisterAccount)
        {
            // Refused: the letter's password is used up, an account was made, and the answer was lost with the portal. Else once more.
            return account.Status == System.Net.HttpStatusCode.OK;
        }

        var done = await account.PressAsync("登録", (RegisterText.NewLoginId, loginId), (RegisterText.NewPassword, Journeys.Password), (RegisterText.NewPasswordConfirmation, Journeys.Password));
        if (done.Heading != RegisterText.CompleteTitle)
        {
            Count($"registration: {(int)done.Status} {done.Heading}");
            return true;
        }

        _registrations[loginId] = true;
        _registeredSince.Enqueue(loginId);
        return true;
    }

    /// <summary>A member who logs in and changes their nickname, and what they were told.</summary>
    private sealed class LoggedInMember(Guid accountId, string loginId)
    {
        public Guid AccountId { get; } = accountId;

        public string LoginId { get; } = loginId;

        /// <summary>The newest that was acknowledged.</summary>
        public string Nickname { get; private set; } = "はじめ";

        /// <summary>What was asked for since then and not answered: each of them may be in force.</summary>
        public List<string> InDoubt { get; } = [];

        public int Logins { get; set; }

        public int Saves { get; set; }

        /// <summary>This one is in force, and what was asked for before it is not any more.</summary>
        public void Acknowledge(string nickname)
        {
            Nickname = nickname;
            InDoubt.Clear();
        }
    }
}
