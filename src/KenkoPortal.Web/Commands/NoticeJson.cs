using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KenkoPortal.Core.Publication;

namespace KenkoPortal.Web.Commands;

/// <summary>Lines of notices as lines of JSON, for scripts. Amounts in yen; what is unknown is null.</summary>
internal static class NoticeJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// <c>notice</c> (medicalCost, genericDrug), <c>month</c>, <c>state</c>, <c>publishOn</c>, <c>person</c>, <c>card</c>, and of a 医療費通知 <c>number</c>, <c>care</c>,
    /// <c>institution</c>, <c>days</c>, <c>total</c>, <c>insurer</c>, <c>publicFunds</c>, <c>patientShare</c> or <c>patientShareUnknown</c> with
    /// <c>upperBound</c>, <c>mealShare</c>, <c>correction</c>, <c>hasPublicFunds</c>; of a ジェネリック通知 <c>drug</c>, <c>name</c>, <c>quantity</c>, <c>unit</c>, <c>cost</c>,
    /// <c>leastSaving</c>, <c>mostSaving</c>, <c>candidates</c>.
    /// </summary>
    public static IEnumerable<string> Lines(ShownNotices shown)
    {
        foreach (var (number, line) in shown.MedicalCosts)
        {
            yield return Line(json =>
            {
                Head(json, "medicalCost", shown);
                json.WriteString("number", number);
                json.WriteString("care", JsonNamingPolicy.CamelCase.ConvertName(line.Care.ToString()));
                json.WriteString("institution", line.InstitutionName);
                json.WriteNumber("days", line.Days);
                json.WriteNumber("total", line.Amounts.TotalYen);
                Number(json, "insurer", line.Amounts.InsurerYen);
                Number(json, "publicFunds", line.Amounts.PublicFundsYen);
                if (line.Amounts.PatientYen is { } patient)
                {
                    json.WriteNumber("patientShare", patient);
                }
                else
                {
                    json.WriteString("patientShareUnknown", "公費");
                    json.WriteNumber("upperBound", line.Amounts.UpperBoundYen);
                }

                Number(json, "mealTotal", line.Amounts.MealTotalYen);
                Number(json, "mealShare", line.Amounts.MealShareYen);
                json.WriteNumber("correction", line.Amounts.CorrectionYen);
                json.WriteBoolean("hasPublicFunds", line.Amounts.HasPublicFunds);
            });
        }

        foreach (var line in shown.GenericDrugs)
        {
            yield return Line(json =>
            {
                Head(json, "genericDrug", shown);
                json.WriteString("drug", line.DrugCode);
                json.WriteString("name", line.DrugName);
                json.WriteNumber("quantity", line.Quantity / 1.000000000000000000000000000000m);
                json.WriteString("unit", line.Unit);
                json.WriteNumber("cost", line.CostYen);
                json.WriteNumber("leastSaving", line.LeastSavingYen);
                json.WriteNumber("mostSaving", line.MostSavingYen);
                json.WritePropertyName("candidates");
                JsonSerializer.Serialize(json, line.Candidates, JsonSerializerOptions.Web);
            });
        }
    }

    /// <summary><c>viewer</c> and <c>owner</c> (ids), their <c>viewerCard</c> and <c>ownerCard</c>, <c>notice</c>, <c>seenAt</c> in UTC, <c>earlierVersion</c>.</summary>
    public static string Line(SeenNotice seen) => Line(json =>
    {
        json.WriteString("viewer", seen.ViewerId);
        json.WriteString("viewerCard", seen.ViewerCard);
        json.WriteString("owner", seen.OwnerId);
        json.WriteString("ownerCard", seen.OwnerCard);
        json.WriteString("notice", JsonNamingPolicy.CamelCase.ConvertName(seen.Kind.ToString()));
        json.WriteString("seenAt", seen.SeenAt.UtcDateTime);
        json.WriteBoolean("earlierVersion", seen.IsEarlier);
    });

    private static void Head(Utf8JsonWriter json, string notice, ShownNotices shown)
    {
        json.WriteString("notice", notice);
        json.WriteString("month", shown.Version.Month.ToString());
        json.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(shown.Version.State.ToString()));
        json.WriteString("publishOn", shown.Version.PublishOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("person", shown.PersonId);
        json.WriteString("card", shown.Card);
    }

    private static void Number(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Line(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
