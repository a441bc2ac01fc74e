using System.Text.Json;
using KenkoPortal.Claims;

namespace KenkoPortal.Tests.Claims;

public sealed class ClaimJsonTests
{
    private static readonly string[] Names =
    [
        "number", "kind", "inpatient", "month", "institution", "insurerNumber", "symbol", "cardNumber", "branch", "days", "billedPoints", "points", "mealTotal",
        "mealShare", "patientShare", "corrections", "drugs",
    ];

    [Fact]
    public void A_claim_is_one_line_with_the_properties_of_the_contract()
    {
        var line = ClaimJson.Line(ClaimText.OfInsurer().StartGood(points: 46794).Own("IY", (4, "1.50"), (6, "7")).Own("IY").Examiner("HO", (5, "46368")).Correct(2, 4, 7).Remove(6).Single());
        Assert.DoesNotContain('\n', line);
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(Names, json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("910000001", "medical", false, "2026-04"), (Text(json, "number"), Text(json, "kind"), json.GetProperty("inpatient").GetBoolean(), Text(json, "month")));
        Assert.Equal(("1234567", "港中央病院"), (Text(json.GetProperty("institution"), "code"), Text(json.GetProperty("institution"), "name")));
        Assert.Equal(("06132013", "１２", "３４５", null), (Text(json, "insurerNumber"), Text(json, "symbol"), Text(json, "cardNumber"), Text(json, "branch")));
        Assert.Equal((46794, 46368, 139104), (Number(json, "billedPoints"), Number(json, "points"), Number(json, "patientShare")));
        Assert.Equal(["replace", "delete"], json.GetProperty("corrections").EnumerateArray().Select(c => Text(c, "operation")));
        Assert.Equal("""[{"code":"620000001","quantity":1.5,"times":7}]""", json.GetProperty("drugs").GetRawText());
        Assert.Contains("港中央病院", line, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_share_has_its_reason_instead()
    {
        var json = JsonDocument.Parse(ClaimJson.Line(ClaimText.OfInsurer().StartGood().Own("KO").Single())).RootElement;
        Assert.Equal("公費", Text(json, "patientShareUnknown"));
        Assert.False(json.TryGetProperty("patientShare", out _));
    }

    [Theory]
    [InlineData("11_RECODEINFO_MED.CSV", true)]
    [InlineData("12_RECODEINFO_DPC.CSV", true)]
    [InlineData("13_RECODEINFO_DEN.CSV", true)]
    [InlineData("14_RECODEINFO_PHA.csv", true)]
    [InlineData("15_RECODEINFO_NUR.CSV", true)]
    [InlineData("RECEIPTC.UKE", true)]
    [InlineData("21_RECODEINFO_XXX.CSV", false)]
    [InlineData("11_RECODEINFO_MED.CSV.bak", false)]
    [InlineData("00_DELIVERY.TXT", false)]
    public void Files_of_a_delivery_are_known_by_their_names(string name, bool isClaims) => Assert.Equal(isClaims, ClaimDelivery.IsClaimFile(name));

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
