using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace KenkoPortal.Claims;

/// <summary>A claim as one line of JSON, for scripts.</summary>
public static class ClaimJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes the claim as examined: <c>number</c>, <c>kind</c> (medical, dpc, dental, pharmacy, nursing), <c>inpatient</c>, <c>month</c>
    /// (YYYY-MM), <c>institution</c> (prefecture, pointTable, code, name), <c>insurerNumber</c>, <c>symbol</c>, <c>cardNumber</c>, <c>branch</c>,
    /// <c>days</c>, <c>billedPoints</c>, <c>points</c> (yen for nursing), <c>mealTotal</c>, <c>mealShare</c>, <c>patientShare</c> in yen or
    /// <c>patientShareUnknown</c> with the reason (公費), <c>corrections</c> (operation, reason, record, row, branch, newRow, newBranch) and
    /// <c>drugs</c> (code, quantity, times). What the file leaves blank is null.
    /// </summary>
    /// <returns>The object, without line breaks in it or behind it.</returns>
    public static string Line(DeliveredClaim delivered)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            Write(json, delivered);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void Write(Utf8JsonWriter json, DeliveredClaim delivered)
    {
        var claim = delivered.AsExamined;
        json.WriteStartObject();
        json.WriteString("number", claim.Number);
        json.WriteString("kind", KindName(claim.Kind));
        json.WriteBoolean("inpatient", claim.IsInpatient);
        json.WriteString("month", claim.Month.ToString());
        json.WriteStartObject("institution");
        json.WriteString("prefecture", claim.Institution.Prefecture);
        json.WriteString("pointTable", claim.Institution.PointTable);
        json.WriteString("code", claim.Institution.Code);
        json.WriteString("name", claim.Institution.Name);
        json.WriteEndObject();
        json.WriteString("insurerNumber", claim.InsurerNumber);
        json.WriteString("symbol", claim.CardSymbol);
        json.WriteString("cardNumber", claim.CardNumber);
        json.WriteString("branch", claim.BranchNumber);
        json.WriteNumber("days", claim.Days);
        json.WriteNumber("billedPoints", delivered.AsBilled.Points);
        json.WriteNumber("points", claim.Points);
        WriteNumber(json, "mealTotal", claim.MealTotal);
        WriteNumber(json, "mealShare", claim.MealShare);
        if (PatientShare.Of(claim).Patient is { } share)
        {
            json.WriteNumber("patientShare", share);
        }
        else
        {
            json.WriteString("patientShareUnknown", "公費");
        }

        json.WriteStartArray("corrections");
        foreach (var correction in delivered.Corrections)
        {
            Write(json, correction);
        }

        json.WriteEndArray();
        json.WriteStartArray("drugs");
        foreach (var drug in claim.Drugs)
        {
            json.WriteStartObject();
            json.WriteString("code", drug.Code);
            json.WriteNumber("quantity", drug.Quantity);
            json.WriteNumber("times", drug.Times);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ClaimCorrection correction)
    {
        json.WriteStartObject();
        json.WriteString("operation", correction.Kind switch { ClaimCorrectionKind.Added => "add", ClaimCorrectionKind.Replaced => "replace", _ => "delete" });
        json.WriteString("reason", correction.Reason?.ToString());
        json.WriteString("record", correction.Record);
        json.WriteNumber("row", correction.Row);
        json.WriteNumber("branch", correction.Branch);
        WriteNumber(json, "newRow", correction.NewRow);
        WriteNumber(json, "newBranch", correction.NewBranch);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string KindName(ClaimKind kind) => kind switch
    {
        ClaimKind.Medical => "medical",
        ClaimKind.Dpc => "dpc",
        ClaimKind.Dental => "dental",
        ClaimKind.Pharmacy => "pharmacy",
        _ => "nursing",
    };
}
