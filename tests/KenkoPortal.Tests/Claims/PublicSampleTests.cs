using KenkoPortal.Claims;
using KenkoPortal.Tests.Support;
using Xunit;

namespace KenkoPortal.Tests.Claims;

/// <summary>A file that somebody else wrote.</summary>
public sealed class PublicSampleTests
{
    [Fact]
    public void The_public_sample_reads_whole_and_its_GO_does_not_match()
    {
        var path = Path.Combine(Repository.Root, "../shared/data/claims/RECEIPTC_GAIRAI_SAMPLE.UKE");
        Assert.SkipUnless(File.Exists(path), "The public sample is not at hand.");
        var read = ReadClaims.From(File.ReadAllBytes(path));
        Assert.Equal((ClaimKind.Medical, ClaimSide.Provider, 75L, 0L), (read.File.Kind, read.File.Side, read.File.ClaimsRead, read.File.ClaimsSetAside));

        // It was cut from 140 claims to 75; the sum of points was made to fit again.
        var fault = Assert.Single(read.Faults);
        Assert.Equal((ClaimFaultKind.CountDiffers, 636L, 2, "140", "75"), (fault.Kind, fault.Line, fault.Column, fault.Found, fault.Expected));
        Assert.Equal(86392, read.Claims.Sum(claim => claim.AsBilled.Points));
    }
}
