using KenkoPortal.Core.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Core.Societies;

/// <summary>Opens service scopes that act in one society, or that only schedule.</summary>
public sealed class SocietyScopes(IServiceScopeFactory scopes)
{
    public AsyncServiceScope Open(Society society, Action<CurrentActor> actor)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSociety>().Set(society);
        actor(scope.ServiceProvider.GetRequiredService<CurrentActor>());
        return scope;
    }

    /// <summary>A scope without a society, for finding societies and the work that they have.</summary>
    public AsyncServiceScope OpenForScheduling()
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentSociety>().BeginScheduling();
        return scope;
    }
}
