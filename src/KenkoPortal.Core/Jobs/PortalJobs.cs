namespace KenkoPortal.Core.Jobs;

/// <summary>Runs the jobs on demand, without their loops: for commands that must not leave work behind, and for tests.</summary>
public sealed class PortalJobs(IEnumerable<IPortalJob> jobs)
{
    /// <summary>Runs every job, or those named, until none has anything to do at this moment. What they throw is thrown.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken = default, params string[] names)
    {
        var chosen = jobs.Where(j => names.Length == 0 || names.Contains(j.Name, StringComparer.Ordinal)).ToList();
        for (var isMore = true; isMore;)
        {
            isMore = false;
            foreach (var job in chosen)
            {
                while (await job.RunAsync(cancellationToken))
                {
                    isMore = true;
                }
            }
        }
    }
}
