using System.Collections.Concurrent;
using KenkoPortal.Design.Requests;
using KenkoPortal.Members.Web.MemberSessions;

namespace KenkoPortal.Members.Web.Limits;

/// <summary>Limits how many files a member takes at a time, in this process: a slow reader keeps each one's piece in memory until the end.</summary>
public sealed class Downloads
{
    public const int MostAtATime = 4;

    private readonly ConcurrentDictionary<Guid, int> _running = new();

    /// <summary>Takes a place until the answer is over.</summary>
    /// <returns>False where the member has all of them; the answer is then 429.</returns>
    public bool TryBegin(HttpContext context)
    {
        var account = context.Member().AccountId;
        if (_running.AddOrUpdate(account, 1, (_, running) => running + 1) > MostAtATime)
        {
            End(account);
            context.Response.Headers.RetryAfter = RetryAfter.Seconds;
            return false;
        }

        context.Response.RegisterForDispose(new Place(this, account));
        return true;
    }

    private void End(Guid account)
    {
        if (_running.AddOrUpdate(account, 0, (_, running) => running - 1) <= 0)
        {
            _running.TryRemove(KeyValuePair.Create(account, 0));
        }
    }

    private sealed class Place(Downloads downloads, Guid account) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                downloads.End(account);
            }
        }
    }
}
