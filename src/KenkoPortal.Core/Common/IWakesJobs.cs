namespace KenkoPortal.Core.Common;

/// <summary>A row for which a job has something to do; committing a new one wakes the jobs of this process at once.</summary>
public interface IWakesJobs;
