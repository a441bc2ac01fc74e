using KenkoPortal.Core.Common;

namespace KenkoPortal.Tests.Common;

public sealed class PortalKeysTests
{
    /// <summary>Two portals that start at once on an empty data folder: with a key each, one would make secrets that nothing can check any more.</summary>
    [Fact]
    public async Task Who_asks_at_once_for_keys_that_are_not_there_yet_gets_the_same()
    {
        for (var round = 0; round < 60; round++)
        {
            var directory = Directory.CreateTempSubdirectory("kenko-test-").FullName;
            using var start = new Barrier(4);
            var fingerprints = await Task.WhenAll(Enumerable.Range(0, start.ParticipantCount).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait(TestContext.Current.CancellationToken);
                    return Convert.ToHexString(PortalKeys.LoadOrCreate(Path.Combine(directory, "keys")).Fingerprint);
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Single(fingerprints.Distinct());
            Directory.Delete(directory, recursive: true);
        }
    }
}
