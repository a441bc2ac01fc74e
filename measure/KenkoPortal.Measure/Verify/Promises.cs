using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Verify;

/// <summary>Every promise of docs/reliability.md, in the order of its table.</summary>
internal static class Promises
{
    public static IReadOnlyList<IMeasurement> All =>
    [
        new KillPromise(),
        new MailPromise(),
        new RelayDownPromise(),
        new FaultsPromise(),
        new IntakePromise(),
        new LanesPromise(),
        new DatabaseGonePromise(),
        new DiskFullPromise(),
        new ImportKillsPromise(),
        new NoticeKillsPromise(),
        new FuzzPromise(),
        new TimingPromise(),
    ];
}
