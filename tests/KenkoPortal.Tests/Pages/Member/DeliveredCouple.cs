using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.GenericDrugs;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims.Import;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Claims;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>A visit of hers, or a pharmacy's claim for prescriptions.</summary>
/// <param name="Number">レセプト管理番号.</param>
/// <param name="Month"><c>202608</c>.</param>
/// <param name="Code">The institution's seven digits.</param>
/// <param name="Name">Its name.</param>
/// <param name="Points">合計点数.</param>
internal sealed record Visit(string Number, string Month, string Code, string Name, int Points = 1000)
{
    public ClaimKind Kind { get; init; } = ClaimKind.Medical;

    public string Prefecture { get; init; } = "13";

    /// <summary>Of a pharmacy's: 都道府県, 点数表, code and name.</summary>
    public (string Prefecture, string PointTable, string Code, string Name) Prescriber { get; init; } = ("13", "1", "", "");

    /// <summary>Of a pharmacy's: 処方箋交付日 of each prescription.</summary>
    public string[] Prescribed { get; init; } = [];

    /// <summary>Drug, quantity and days, for each prescription the same.</summary>
    public (string Code, string Quantity, string Days)[] Drugs { get; init; } = [("620000001", "1", "28")];

    public bool IsInpatient { get; init; }

    /// <summary>The claim names him and not her.</summary>
    public bool IsHis { get; init; }
}

/// <summary>
/// A couple with an account each. She shows him both of her notices. Her claims come as files, and months are computed and published as staff do it.
/// </summary>
internal sealed class DeliveredCouple : IAsyncDisposable
{
    /// <summary>請求年月: after every visit.</summary>
    private const string Billed = "202610";

    private readonly string _folder = Directory.CreateTempSubdirectory("kenko-couple-").FullName;
    private int _files;

    private DeliveredCouple(WebPortal portal, Person husband, Person wife, string card, Visitor his, Visitor hers) =>
        (Portal, Husband, Wife, Card, His, Hers) = (portal, husband, wife, card, his, hers);

    public WebPortal Portal { get; }

    public Person Husband { get; }

    public Person Wife { get; }

    /// <summary>番号.</summary>
    public string Card { get; }

    public Visitor His { get; }

    public Visitor Hers { get; }

    public static async Task<DeliveredCouple> StartAsync(DatabaseKind kind)
    {
        var portal = await WebPortal.StartAsync(kind);
        var family = await portal.AddHouseholdAsync("本人", "妻");
        await portal.DiscloseAsync(family[1], NoticeKind.MedicalCost, true);
        await portal.DiscloseAsync(family[1], NoticeKind.GenericDrug, true);
        var (his, _) = await portal.MemberAsync(family[0], "minato-taro");
        var (hers, _) = await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp");
        var card = await portal.ReadAsync(db => db.InsuranceCards.Where(c => c.PersonId == family[1].Id).Select(c => c.Number).SingleAsync());
        return new DeliveredCouple(portal, family[0], family[1], card, his, hers);
    }

    /// <summary>Imports claims of hers, a file a kind.</summary>
    public async Task DeliverAsync(params Visit[] visits)
    {
        var files = new List<string>();
        foreach (var kind in visits.GroupBy(v => v.Kind))
        {
            var text = ClaimText.OfInsurer(kind.Key);
            foreach (var visit in kind)
            {
                Write(text, visit);
            }

            files.Add(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{++_files}.csv")));
            await File.WriteAllBytesAsync(files[^1], text.Bytes());
        }

        var report = await Portal.AsStaffAsync(services => services.GetRequiredService<ClaimFilesImport>().ImportAsync([.. files.Select(ClaimSource.OfFile)], isDryRun: false, (_, fault) => Assert.Fail(fault.Render(""))));
        Assert.Empty(report.Waiting);
    }

    /// <summary>The examiner returns a claim: it is withdrawn.</summary>
    public Task ReturnAsync(string number) => Portal.WriteAsync(db => db.ReceivedClaims.Single(c => c.Number == number).WithdrawnAt = Portal.Clock.GetUtcNow());

    /// <summary>Computes and publishes months, for today.</summary>
    public async Task PublishAsync(params string[] months)
    {
        foreach (var text in months)
        {
            Assert.True(TreatmentMonth.TryParse(text, out var month));
            await Portal.AsStaffAsync(services => services.GetRequiredService<NoticeComputation>().ComputeAsync(month));
            await Portal.AsStaffAsync(services => services.GetRequiredService<PublicationService>().PublishAsync(
                month, JapanTime.DateOf(Portal.Clock.GetUtcNow()), withMails: true, CancellationToken.None));
        }
    }

    /// <summary>Drug lists of two brands, each with a generic that saves the patient six yen a tablet.</summary>
    public Task AddDrugsAsync() => Portal.WriteAsync(db =>
    {
        var edition = new DrugEdition { ValidFrom = new DateOnly(2025, 4, 1), ImportedAt = Portal.Clock.GetUtcNow(), Fingerprint = 1, Priced = 4, Mastered = 4 };
        db.DrugEditions.Add(edition);
        foreach (var (code, priceCode, price, flag) in new[]
        {
            ("620000001", "2149044F6026", 31.9m, GenericFlag.BrandWithGeneric), ("620000003", "2149044F6042", 10.4m, GenericFlag.Generic),
            ("620000021", "2149045F1020", 31.9m, GenericFlag.BrandWithGeneric), ("620000023", "2149045F1046", 10.4m, GenericFlag.Generic),
        })
        {
            db.ListedDrugs.Add(new ListedDrug { EditionId = edition.Id, Code = priceCode, Ingredient = "成分" + priceCode[..7], Specification = "５ｍｇ１錠", Name = $"品名{code}", Price = price, Flag = flag });
            db.MasterDrugs.Add(new MasterDrug { EditionId = edition.Id, Code = code, PriceCode = priceCode, Name = $"品名{code}", Unit = "錠", Price = price, IsAntiHiv = false });
        }
    });

    /// <summary>Makes a world in which some claims, and what is hidden, never existed, and publishes its months.</summary>
    public async Task ForgetAsync(IReadOnlyCollection<string> numbers, params string[] months)
    {
        await Portal.WriteAsync(db =>
        {
            db.ReceivedClaims.RemoveRange(db.ReceivedClaims.Where(c => numbers.Contains(c.Number)));
            db.HiddenClaims.RemoveRange(db.HiddenClaims);
            db.HiddenInstitutions.RemoveRange(db.HiddenInstitutions);
        });
        await PublishAsync(months);
        await Portal.WriteAsync(db => db.NoticeSights.RemoveRange(db.NoticeSights));
    }

    /// <summary>The page on which she hides a line, found by its number.</summary>
    public async Task<string> LinePageAsync(string number) => $"/medical-costs/line/{await ClaimIdAsync(number):N}";

    /// <summary>The page on which she hides its institution.</summary>
    public async Task<string> InstitutionPageAsync(string number) => $"/medical-costs/institution/{await ClaimIdAsync(number):N}";

    public async Task<ShownPage> HideLineAsync(string number) => await PressAsync(await LinePageAsync(number), "家族に見せない");

    public async Task<ShownPage> HideInstitutionAsync(string number) => await PressAsync(await InstitutionPageAsync(number), "すべて家族に見せない");

    public async Task<ShownPage> PressAsync(string page, string button) => await (await Hers.OpenAsync(page)).PressAsync(button, ("現在のパスワード", Journeys.Password));

    /// <summary>Everything that he sees of hers: pages and files, by address.</summary>
    public async Task<Dictionary<string, string>> SeenAsync(params string[] months)
    {
        var person = Wife.Id.ToString("N");
        var addresses = new List<string>
        {
            "/", $"/medical-costs/2026/{person}", "/medical-costs/2026?household", $"/medical-costs/2026/{person}.csv", "/medical-costs/2026.csv?household",
            $"/medical-costs/2026/{person}.pdf", "/medical-costs/2026.pdf?household", $"/medical-costs/2026/{person}-form.tsv", "/medical-costs/2026-form.tsv?household", $"/generic-drugs/2026/{person}", "/generic-drugs/2026?household",
        };
        foreach (var month in months)
        {
            addresses.AddRange([$"/medical-costs/{month}/{person}", $"/medical-costs/{month}?household", $"/generic-drugs/{month}/{person}", $"/generic-drugs/{month}?household"]);
        }

        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var address in addresses)
        {
            seen[address] = await His.BytesAsync(address);
        }

        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await Portal.DisposeAsync();
    }

    private Task<Guid> ClaimIdAsync(string number) => Portal.ReadAsync(db => db.ReceivedClaims.Where(c => c.Number == number).Select(c => c.Id).SingleAsync());

    private void Write(ClaimText text, Visit visit)
    {
        (int, string)[] ho = [(1, Portal.Society.InsurerNumber), (2, "港"), (3, Card), (5, visit.Points.ToString(CultureInfo.InvariantCulture))];
        (int, string)[] re = [(3, visit.Month), (5, visit.IsHis ? "1" : "2"), (6, "19600401")];
        var sn = (6, visit.IsHis ? "00" : "01");
        text.Start(visit.Number, visit.Kind == ClaimKind.Dental ? $"MN,{visit.Number},{visit.Name},東京都港区,13143005{visit.Number},,," : null);
        switch (visit.Kind)
        {
            case ClaimKind.Pharmacy:
                var (prefecture, pointTable, code, name) = visit.Prescriber;
                text.Own("YK", (2, visit.Prefecture), (4, visit.Code), (5, visit.Name), (6, Billed)).Own("RE", [.. re, (9, prefecture), (10, pointTable), (11, code), (12, name)]).Own("HO", ho).Own("SN", sn);
                foreach (var day in visit.Prescribed)
                {
                    foreach (var (drug, quantity, days) in visit.Drugs)
                    {
                        text.Own("SH").Own("CZ", (2, day), (5, days)).Own("IY", (2, drug), (3, quantity));
                    }
                }

                break;
            case ClaimKind.Dental:
                // The name stands in MN; a file of its own has it in UK.
                text.Own("UK", (2, visit.Prefecture), (4, visit.Code), (6, visit.Name), (7, Billed)).Own("RE", re).Own("HO", ho).Own("SN", sn);
                break;
            default:
                text.Own("IR", (2, visit.Prefecture), (4, visit.Code), (6, visit.Name), (7, Billed)).Own("RE", [.. re, (2, visit.IsInpatient ? "1111" : "1112")]).Own("HO", ho).Own("SN", sn);
                break;
        }
    }
}
