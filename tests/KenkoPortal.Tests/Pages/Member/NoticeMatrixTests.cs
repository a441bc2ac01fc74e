using System.Globalization;
using System.Net;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Sharing;
using KenkoPortal.Tests.Pdf;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>
/// The access matrix of row Z1: who sees whose notices, over every page and download, totals and pictures included. One household of a husband and
/// a wife; everybody tries to see hers.
/// </summary>
public sealed class NoticeMatrixTests
{
    private const string Clinic = "ひみつ内科";
    private const string Drug = "ヒミツール錠";
    private const string Nickname = "妻";

    private static readonly DateOnly Today = new(2026, 10, 5);

    /// <summary>What tells of her: places, amounts (hers alone and summed with his), names.</summary>
    private static readonly string[] CostTraces = [Clinic, "98,765", "98765", "99,765", "99765"];

    private static readonly string[] DrugTraces = [Drug, "45,678", "46,678", "4,321"];

    private static readonly string[] Traces = [.. CostTraces, .. DrugTraces, Nickname];

    /// <summary>The addresses of one person's notices; {0} is <c>/PERSON</c>, or nothing for one's own.</summary>
    private static readonly (NoticeKind Kind, string Address)[] OfOne =
    [
        (NoticeKind.MedicalCost, "/medical-costs/2026{0}"),
        (NoticeKind.MedicalCost, "/medical-costs/2026-04{0}"),
        (NoticeKind.MedicalCost, "/medical-costs/2026{0}.pdf"),
        (NoticeKind.MedicalCost, "/medical-costs/2026{0}.csv"),
        (NoticeKind.MedicalCost, "/medical-costs/2026{0}-form.tsv"),
        (NoticeKind.GenericDrug, "/generic-drugs/2026{0}"),
        (NoticeKind.GenericDrug, "/generic-drugs/2026-04{0}"),
    ];

    /// <summary>The addresses that show everybody who shares.</summary>
    private static readonly (NoticeKind Kind, string Address)[] OfAll =
    [
        (NoticeKind.MedicalCost, "/medical-costs?household"),
        (NoticeKind.MedicalCost, "/medical-costs/2026?household"),
        (NoticeKind.MedicalCost, "/medical-costs/2026-04?household"),
        (NoticeKind.MedicalCost, "/medical-costs/2026.pdf?household"),
        (NoticeKind.MedicalCost, "/medical-costs/2026.csv?household"),
        (NoticeKind.MedicalCost, "/medical-costs/2026-form.tsv?household"),
        (NoticeKind.GenericDrug, "/generic-drugs?household"),
        (NoticeKind.GenericDrug, "/generic-drugs/2026?household"),
        (NoticeKind.GenericDrug, "/generic-drugs/2026-04?household"),
    ];

    /// <summary>Pages that show nothing of another, whoever shares.</summary>
    private static readonly string[] OfNobodyElse = ["/medical-costs", "/generic-drugs", "/news", "/topics"];

    /// <summary>Who tries, in which state of things, and which kinds of hers they see.</summary>
    private static readonly Row[] Matrix =
    [
        new("household, closed", Who.Husband, []),
        new("household, 医療費通知 open", Who.Husband, [NoticeKind.MedicalCost], Open: [NoticeKind.MedicalCost]),
        new("household, ジェネリック通知 open", Who.Husband, [NoticeKind.GenericDrug], Open: [NoticeKind.GenericDrug]),
        new("household, both open", Who.Husband, [NoticeKind.MedicalCost, NoticeKind.GenericDrug], Open: [NoticeKind.MedicalCost, NoticeKind.GenericDrug]),
        new("self, closed", Who.Wife, [NoticeKind.MedicalCost, NoticeKind.GenericDrug]),
        new("other household, both open", Who.Neighbour, [], Open: [NoticeKind.MedicalCost, NoticeKind.GenericDrug]),
        new("other society, both open", Who.Foreigner, [], Open: [NoticeKind.MedicalCost, NoticeKind.GenericDrug]),
        new("anonymous, both open", Who.Stranger, [], Open: [NoticeKind.MedicalCost, NoticeKind.GenericDrug]),
        new("she is protected", Who.Husband, [], Open: [NoticeKind.MedicalCost, NoticeKind.GenericDrug], Hers: p => p.IsProtected = true),
        new("she is protected, herself", Who.Wife, [NoticeKind.MedicalCost, NoticeKind.GenericDrug], Hers: p => p.IsProtected = true),
        new("he is protected", Who.Husband, [], Open: [NoticeKind.MedicalCost, NoticeKind.GenericDrug], His: p => p.IsProtected = true),
        new("she has left", Who.Husband, [], Open: [NoticeKind.MedicalCost, NoticeKind.GenericDrug], Hers: p => p.LostOn = Today),
        new("she has left, herself", Who.Wife, [NoticeKind.MedicalCost, NoticeKind.GenericDrug], Hers: p => p.LostOn = Today),
        new("he has left", Who.Husband, [], Open: [NoticeKind.MedicalCost, NoticeKind.GenericDrug], His: p => p.LostOn = Today),
        new("she is of another household now", Who.Husband, [], Open: [NoticeKind.MedicalCost, NoticeKind.GenericDrug], HasMoved: true),
    ];

    private enum Who
    {
        Husband,
        Wife,
        Neighbour,
        Foreigner,
        Stranger,
    }

    [Theory, OnEveryDatabase]
    public async Task Z1_Z2_Z3_Z4_Nobody_sees_more_than_the_matrix_says_on_any_page_file_total_or_picture(DatabaseKind kind)
    {
        await using var portal = await WebPortal.StartAsync(kind);
        var stage = await SetAsync(portal);
        var faults = new List<string>();
        foreach (var row in Matrix)
        {
            await stage.MakeAsync(portal, row);
            faults.AddRange((await FaultsAsync(stage, row)).Select(fault => $"{row.Name}: {fault}"));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static async Task<List<string>> FaultsAsync(Stage stage, Row row)
    {
        var (faults, visitor) = (new List<string>(), stage.Visitors[row.Who]);
        var isSelf = row.Who == Who.Wife;

        // Tabs and Home name whoever shares something.
        string[] named = row.Sees.Count > 0 ? [Nickname] : [];
        var nothing = await AnswerAsync(visitor, "/there-is-no-such-page");
        foreach (var (kind, format) in OfOne)
        {
            var address = string.Format(CultureInfo.InvariantCulture, format, $"/{stage.Wife.Id:N}");
            var answer = await AnswerAsync(visitor, address);
            var sees = row.Sees.Contains(kind);
            if (row.Who == Who.Stranger ? answer.Status != HttpStatusCode.SeeOther : sees ? !answer.TellsOfHer(kind) : answer.Bytes != nothing.Bytes)
            {
                faults.Add($"{address} {answer.Status}, expected {(sees ? "hers" : "the page that does not exist")}");
            }

            address = string.Format(CultureInfo.InvariantCulture, format, "");
            answer = await AnswerAsync(visitor, address);
            if (isSelf ? !answer.TellsOfHer(kind) : Told(answer, named) is not null)
            {
                faults.Add($"{address} {answer.Status}: {(isSelf ? "her own is not there" : Told(answer, []))}");
            }
        }

        foreach (var (kind, address) in OfAll)
        {
            var answer = await AnswerAsync(visitor, address);
            var sees = row.Sees.Contains(kind);
            if (sees && !answer.TellsOfHer(kind))
            {
                faults.Add($"{address} {answer.Status}: hers is not there");
            }
            else if (!isSelf && Told(answer, sees ? [.. named, .. kind == NoticeKind.MedicalCost ? CostTraces : DrugTraces] : named) is { } shown)
            {
                faults.Add($"{address} {answer.Status}: {shown}");
            }
        }

        foreach (var address in isSelf ? [] : OfNobodyElse)
        {
            if (Told(await AnswerAsync(visitor, address), named) is { } shown)
            {
                faults.Add($"{address}: {shown}");
            }
        }

        // Home tells that there is a notice of another, never what is in it.
        var home = await AnswerAsync(visitor, "/");
        if (!isSelf && Told(home, named) is { } told)
        {
            faults.Add("Home tells of her: " + told);
        }

        foreach (var (kind, address) in isSelf ? [] : new[] { (NoticeKind.MedicalCost, "/medical-costs/"), (NoticeKind.GenericDrug, "/generic-drugs/") })
        {
            if (home.Text.Contains($"{address}2026-04/{stage.Wife.Id:N}", StringComparison.Ordinal) != row.Sees.Contains(kind))
            {
                faults.Add($"Home {(row.Sees.Contains(kind) ? "does not lead" : "leads")} to her {kind}");
            }
        }

        var line = await AnswerAsync(visitor, $"/medical-costs/line/{stage.Line.ClaimId:N}");
        if (isSelf ? line.Status != HttpStatusCode.OK : row.Who == Who.Stranger ? line.Status != HttpStatusCode.SeeOther : line.Bytes != nothing.Bytes)
        {
            faults.Add($"the page of her line: {line.Status}");
        }

        return faults;
    }

    private static string? Told(Answer answer, string[] except) => Traces.Except(except, StringComparer.Ordinal).FirstOrDefault(trace => answer.Text.Contains(trace, StringComparison.Ordinal));

    private static async Task<Answer> AnswerAsync(Visitor visitor, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await visitor.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var headers = response.Headers.Concat(response.Content.Headers).Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal)
            .Select(h => $"{h.Key}: {string.Join(',', h.Value)}");
        var text = System.Text.Encoding.UTF8.GetString(body);
        if (response.Content.Headers.ContentType?.MediaType == "application/pdf" && Tool.Exists("pdftotext"))
        {
            using var pdf = new PdfFile(body);
            text = pdf.Text();
        }

        return new Answer(response.StatusCode, $"{(int)response.StatusCode}\n{string.Join('\n', headers)}\n{text}", text);
    }

    private static async Task<Stage> SetAsync(WebPortal portal)
    {
        var yama = await portal.AddSocietyAsync("yama", "yama.example");
        var family = await portal.AddHouseholdAsync("本人", "妻");
        var neighbour = (await portal.AddHouseholdAsync("本人"))[0];
        var foreigner = (await portal.AddHouseholdAsync(yama, _ => { }, "本人"))[0];
        var notices = portal.Notices();
        var line = await notices.CostAsync(family[1], "2026-04", Clinic, total: 329_217, patient: 98_765);
        await notices.DrugAsync(family[1], "2026-04", Drug, cost: 45_678, least: 4_321, most: 4_321, line: line);
        foreach (var person in new[] { family[0], neighbour })
        {
            await notices.CostAsync(person, "2026-04", "みなと内科", patient: 1_000);
            await notices.DrugAsync(person, "2026-03", cost: 1_000, least: 10, most: 20);
        }

        var foreign = portal.Notices(yama);
        await foreign.CostAsync(foreigner, "2026-04", "山の内科", patient: 1_000);
        var visitors = new Dictionary<Who, Visitor>
        {
            [Who.Husband] = (await portal.MemberAsync(family[0], "minato-taro")).Visitor,
            [Who.Wife] = (await portal.MemberAsync(family[1], "minato-hanako", "hanako@example.jp")).Visitor,
            [Who.Neighbour] = (await portal.MemberAsync(neighbour, "minato-tonari", "tonari@example.jp")).Visitor,
            [Who.Foreigner] = portal.Visitor("yama.example"),
            [Who.Stranger] = portal.Visitor(),
        };
        await portal.RegisterAsync(visitors[Who.Foreigner], foreigner, "yama-jiro", "jiro@example.jp");
        await visitors[Who.Foreigner].LogInAsync("yama-jiro");
        return new Stage(family[0], family[1], neighbour, line, visitors);
    }

    private sealed record Row(
        string Name, Who Who, IReadOnlyCollection<NoticeKind> Sees, IReadOnlyCollection<NoticeKind>? Open = null, Action<Person>? Hers = null, Action<Person>? His = null, bool HasMoved = false);

    private sealed record Answer(HttpStatusCode Status, string Bytes, string Text)
    {
        public bool TellsOfHer(NoticeKind kind) => Status == HttpStatusCode.OK && (kind == NoticeKind.MedicalCost
            ? Text.Contains("98,765", StringComparison.Ordinal) || Text.Contains("99,765", StringComparison.Ordinal) || Text.Contains("98765", StringComparison.Ordinal)
            : Text.Contains("4,321", StringComparison.Ordinal));
    }

    private sealed record Stage(Person Husband, Person Wife, Person Neighbour, MedicalCostLine Line, IReadOnlyDictionary<Who, Visitor> Visitors)
    {
        /// <summary>Puts the household into the row's state.</summary>
        public async Task MakeAsync(WebPortal portal, Row row)
        {
            foreach (var (person, change) in new[] { (Husband, row.His), (Wife, row.Hers) })
            {
                await portal.SetPersonAsync(person, p =>
                {
                    (p.IsProtected, p.LostOn) = (false, null);
                    change?.Invoke(p);
                });
            }

            foreach (var kind in Enum.GetValues<NoticeKind>())
            {
                await portal.DiscloseAsync(Wife, kind, row.Open?.Contains(kind) == true);
            }

            // Her switches were set in the household that she was of.
            var household = row.HasMoved ? Neighbour.HouseholdId : Husband.HouseholdId;
            await portal.SetPersonAsync(Wife, p => p.HouseholdId = household);
        }
    }
}
