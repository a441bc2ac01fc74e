namespace KenkoPortal.Core.Jobs;

/// <summary>Work that nobody waits for on a page. The feature that owns the work brings the job; Jobs only runs it.</summary>
public interface IPortalJob
{
    /// <summary>For logs, audit events and leases.</summary>
    string Name { get; }

    /// <summary>How long it sleeps when there was nothing to do.</summary>
    TimeSpan Interval { get; }

    /// <summary>Whether a commit of this process that may have given it work ends its sleep (<see cref="JobBell"/>).</summary>
    bool WakesWithBell { get; }

    /// <summary>Does a part of what is due, in short transactions.</summary>
    /// <returns>True when there may be more to do at once.</returns>
    Task<bool> RunAsync(CancellationToken cancellationToken);
}
