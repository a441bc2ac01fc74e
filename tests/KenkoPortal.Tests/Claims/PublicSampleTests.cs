using KenkoPortal.Claims;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.Claims;

/// <summary>A file that somebody else wrote.</summary>
public sealed class PublicSampleTests
{
    [Fact]
    public void FindingF6_The_public_sample_reads_whole_and_its_GO_counts_insurances_and_public_funds()
    {
        var path = Path.Combine(Repository.Root, "../shared/data/claims/RECEIPTC_GAIRAI_SAMPLE.UKE");
        Assert.SkipUnless(File.Exists(path), "The public sample is not at hand.");
        var read = ReadClaims.From(File.ReadAllBytes(path));
        Assert.Equal((ClaimKind.Medical, ClaimSide.Provider, 75L, 0L), (read.File.Kind, read.File.Side, read.File.ClaimsRead, read.File.ClaimsSetAside));

        // GO says 140: the insurances of 69 claims and 71 public funds.
        Assert.Empty(read.Faults);
        Assert.Equal((69, 71), (read.Claims.Count(claim => claim.AsBilled.InsurerNumber is not null), read.Claims.Sum(claim => claim.AsBilled.PublicFunds.Count)));
        Assert.Equal(86392, read.Claims.Sum(claim => claim.AsBilled.Points));
    }
}
