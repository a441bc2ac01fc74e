using System.Security.Cryptography;
using KenkoPortal.Claims;
using KenkoPortal.Demo;
using KenkoPortal.Tests.Publication;
using KenkoPortal.Tests.ReceivedClaims;

namespace KenkoPortal.Tests.Demo;

public sealed class DemoDeliveriesTests
{
    private static readonly DemoFolder Demo = DemoFolder.Instance;

    [Fact]
    public void The_reader_takes_every_line_and_sets_nothing_aside()
    {
        var faults = new List<string>();
        var claims = Demo.Files.Sum(file => DemoFolder.Read(file, faults).Count);
        Assert.Empty(faults);
        Assert.InRange(claims, 3_000, 12_000);
    }

    [Fact]
    public void Every_claim_is_as_the_second_computation_has_it()
    {
        foreach (var file in Demo.Files)
        {
            var read = DemoFolder.Read(file, []).ConvertAll(Figure);
            var second = SecondComputation.Of(file);
            Assert.Equal(second.Select(f => f.Number), read.Select(f => f.Number));
            foreach (var (expected, actual) in second.Zip(read))
            {
                Assert.Equal(expected with { Drugs = [] }, actual with { Drugs = [] });
                Assert.True(file.Contains("DPC", StringComparison.Ordinal) || expected.Drugs.SequenceEqual(actual.Drugs), expected.Number);
            }
        }
    }

    [Fact]
    public void A_delivery_has_a_folder_by_month_of_billing_and_insurer_with_a_file_of_each_kind()
    {
        Assert.Equal(12, Demo.Deliveries.Count);
        Assert.Equal(
            ["11_RECODEINFO_MED.CSV", "12_RECODEINFO_DPC.CSV", "13_RECODEINFO_DEN.CSV", "14_RECODEINFO_PHA.CSV", "15_RECODEINFO_NUR.CSV"],
            Demo.Files.Select(Path.GetFileName).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Demo.Files, file => Assert.Matches("^(2025(0[6-9]|1[0-2])|20260[1-5])/06990014/0_COMMON001/", Path.GetRelativePath(Demo.Path, file).Replace('\\', '/')));
        Assert.Equal(Demo.Deliveries.Sum(d => d.Claims), Demo.Files.Sum(file => DemoFolder.Read(file, []).Count) + Demo.Files.Sum(DetailsOf));
    }

    [Fact]
    public void The_same_options_give_the_same_bytes_and_another_seed_others()
    {
        Assert.Equal(Hash(seed: 1), Hash(seed: 1));
        Assert.NotEqual(Hash(seed: 1), Hash(seed: 2));

        static string Hash(int seed)
        {
            var folder = Directory.CreateTempSubdirectory("kenko-demo-");
            try
            {
                _ = DemoDeliveries.Write(folder.FullName, DemoFolder.Options(months: 2, seed)).Count();
                using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                foreach (var file in ClaimDelivery.Find(folder.FullName).Claims)
                {
                    all.AppendData(File.ReadAllBytes(file));
                }

                return Convert.ToHexString(all.GetHashAndReset());
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    [Fact]
    public void A_year_of_the_demo_has_everything_that_a_reader_must_know()
    {
        var all = Demo.Files.SelectMany(file => DemoFolder.Read(file, [])).ToList();
        var shares = all.ConvertAll(c => (c.AsExamined, Share: PatientShare.Of(c.AsExamined)));
        Dictionary<string, int> counts = new(StringComparer.Ordinal)
        {
            ["corrected"] = all.Count(c => c.PointsDifference < 0),
            ["added, replaced and deleted lines"] = all.SelectMany(c => c.Corrections).Select(c => c.Kind).Distinct().Count() - 2,
            ["corrections of 調剤"] = all.Count(c => c.AsExamined.Kind == ClaimKind.Pharmacy && c.Corrections.Count > 0),
            ["funds that leave a sum"] = shares.Count(s => s.AsExamined.PublicFunds is [{ PatientAmount: > 0 }] && s.Share.Patient == s.AsExamined.PublicFunds[0].PatientAmount),
            ["funds that leave nothing"] = shares.Count(s => s.AsExamined.PublicFunds is [{ PatientAmount: 0 }] && s.Share.Patient == 0),
            ["funds that leave it blank"] = shares.Count(s => s.AsExamined.PublicFunds is [{ PatientAmount: null }] && s.Share.Patient is null),
            ["funds of a part"] = shares.Count(s => s.AsExamined.PublicFunds is [{ PatientAmount: not null } fund] && fund.Points < s.AsExamined.Points),
            ["ceilings"] = all.Count(c => c.AsExamined.PatientAmount is not null && c.AsExamined.PublicFunds.Count == 0),
            ["meals of 医科"] = all.Count(c => c.AsExamined is { Kind: ClaimKind.Medical, MealShare: > 0 }),
            ["meals of DPC"] = all.Count(c => c.AsExamined is { Kind: ClaimKind.Dpc, MealShare: > 0 }),
            ["meals of 歯科"] = all.Count(c => c.AsExamined is { Kind: ClaimKind.Dental, MealTotal: > 0 }),
            ["of 70 and older"] = all.Count(c => c.AsExamined.Type.AgeClass is ClaimAgeClass.Elderly),
            ["of children below school age"] = all.Count(c => c.AsExamined.Type.AgeClass is ClaimAgeClass.Preschool),
            ["summaries"] = all.Count(c => c.AsExamined.SummaryClass == 1),
            ["details"] = Demo.Files.Sum(DetailsOf),
            ["returned"] = all.Count(c => c.IsReturned),
            ["re-examined"] = all.Count(c => c.IsReExamined),
            ["without 枝番"] = all.Count(c => c.AsExamined.BranchNumber is null),
            ["twins that cannot be told apart"] = all.Count(c => c.AsExamined is { BranchNumber: null, Name: "吉野", Kana: null }),
            ["reductions"] = all.Count(c => c.AsExamined.ReductionClass is not null),
            ["narrow digits"] = all.Count(c => c.AsExamined.CardNumber is [>= '0' and <= '9', ..]),
            ["選定療養"] = all.SelectMany(c => c.AsExamined.Drugs).Count(d => d.Code.StartsWith("67", StringComparison.Ordinal)),
            ["of who had left"] = all.Count(c => c.AsExamined is { CardSymbol: "２２" or "22", CardNumber: "４００１" or "4001" }),
        };
        Assert.Empty(counts.Where(c => c.Value < 1).Select(c => c.Key));
        Assert.All(all.Where(c => c.AsExamined.Kind == ClaimKind.Pharmacy), c => Assert.Contains(
            all, of => of.AsExamined.Institution.Code == c.AsExamined.Prescriber!.Code && of.AsExamined.Month == c.AsExamined.Month && of.AsExamined.Kind != ClaimKind.Pharmacy));
    }

    [Fact]
    public void A_claim_that_comes_again_has_another_number_and_the_key_of_the_first()
    {
        var all = Demo.Files.SelectMany(SecondComputation.Of).ToList();
        var again = all.FindAll(f => f.IsReExamined || f.IsReturned);
        Assert.All(again, f => Assert.Single(all, of => of.Key == f.Key && of.Number != f.Number));
        Assert.All(all, f => Assert.Equal(17, f.Key.Length));
        Assert.Distinct(all.Select(f => f.Number));
        Assert.Distinct(all.Except(again).Select(f => f.Key));
    }

    [Fact]
    public void The_first_household_has_a_lively_year()
    {
        var all = Demo.Files.SelectMany(file => DemoFolder.Read(file, [])).Select(c => c.AsExamined)
            .Where(c => c is { CardSymbol: "１１" or "11", CardNumber: "１００１" or "1001" }).ToLookup(c => c.BranchNumber);
        Assert.Equal(12, all["00"].Select(c => c.Month).Distinct().Count());
        Assert.InRange(all["00"].Where(c => c.Kind == ClaimKind.Pharmacy).Min(c => c.Drugs.Count), 2, 5);
        Assert.Contains(all["00"], c => c is { Kind: ClaimKind.Dpc, PatientAmount: > 80_000, MealShare: > 0 });
        Assert.InRange(all["01"].Select(c => c.Month).Distinct().Count(), 8, 12);
        Assert.InRange(all["02"].Count(), 8, 40);
        Assert.InRange(all["03"].Count(), 10, 40);
        Assert.Contains(all["03"], c => PatientShare.Of(c).Patient is null);
    }

    [Fact]
    public void Made_up_people_have_a_list_that_the_portal_reads_and_claims_that_fit_it()
    {
        var folder = Directory.CreateTempSubdirectory("kenko-demo-");
        try
        {
            var list = Path.Combine(folder.FullName, "members.csv");
            var made = DemoPeople.Make(2_000, "06990014", new DemoMonth(2026, 4)).ToList();
            DemoPeople.WriteList(list, made);
            Assert.Equal(made, DemoPeople.Read(list));
            Assert.DoesNotContain(DemoPeople.Make(50_000, "06990014", new DemoMonth(2026, 4)), p => p.LostOn <= p.AcquiredOn || p.AcquiredOn < p.BirthDate);
            var delivery = DemoDeliveries.Write(folder.FullName, DemoFolder.Options(months: 1) with { People = () => DemoPeople.Read(list) }).Single();
            Assert.InRange(delivery.Claims, 2_000, 4_000);
            var faults = new List<string>();
            Assert.Equal(5, ClaimDelivery.Find(delivery.Folder).Claims.Count(file => DemoFolder.Read(file, faults).Count > 0));
            Assert.Empty(faults);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int DetailsOf(string file)
    {
        using var stream = File.OpenRead(file);
        var reader = ClaimFile.Read(stream);
        return reader.Count() >= 0 ? (int)reader.DetailsPassedOver : 0;
    }

    private static SecondFigure Figure(DeliveredClaim delivered)
    {
        var claim = delivered.AsExamined;
        var share = PatientShare.Of(claim);
        return new SecondFigure(
            claim.Number, claim.Key!, claim.Month.ToString(), claim.IsInpatient, claim.Institution.Name!, claim.Days, claim.TotalYen, delivered.AsBilled.TotalYen, claim.MealTotal, claim.MealShare,
            claim.BenefitPercent is { } benefit ? 100 - benefit : claim.Type.PatientPercent, share.Patient, share.UpperBound, delivered.IsReExamined, delivered.IsReturned,
            new SecondPatient(claim.CardSymbol ?? "", claim.CardNumber ?? "", claim.BranchNumber ?? "", claim.BirthDate, (int)claim.Sex, claim.Name ?? "", claim.Kana ?? ""),
            [.. claim.Drugs.Select(d => new SecondDrug(d.Code, d.Quantity, d.Times))]);
    }
}
