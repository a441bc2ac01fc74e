using System.Globalization;
using System.Text.RegularExpressions;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Audit;

/// <summary>
/// Says an event as a Japanese sentence. A kind's sentence stands in AuditText as <c>Kind_…</c>, with places for the actor, the person and details; what the
/// sentence does not use of the detail follows it, counts of 0 left out.
/// </summary>
public static partial class AuditWords
{
    private const string AccountActor = "account:";
    private const string JobActor = "job:";

    /// <summary>The sentence's words before its places are filled; null where a kind has none.</summary>
    public static string? TemplateOf(AuditKind kind) => Text("Kind_" + kind);

    /// <summary>When, who, what: <c>2026年12月1日 5:59 職員（suzuki）が 汐田 健一さん（港-7-345-00）の2026年7月診療分（公開前）を表示</c>.</summary>
    public static string Sentence(ShownEvent shown)
    {
        var (details, used) = (DetailsOf(shown.Event.Detail), new HashSet<string>(StringComparer.Ordinal));
        var sentence = Place().Replace(TemplateOf(shown.Event.Kind) ?? $"{{who}}: {shown.Event.Kind}", match =>
        {
            var place = match.Groups["place"].Value;
            used.Add(place);
            return place switch
            {
                "who" => Who(shown),
                "about" => shown.About is { } person ? Named(person) : AuditText.AboutUnknown,
                "of" => shown.About is { } asked ? AuditText.OfPerson.With(Named(asked)) : "",
                "thing" => shown.Thing ?? AuditText.ThingUnknown,
                _ => details.Where(d => d.Key == place).Select(d => Value(d.Value)).FirstOrDefault() ?? "",
            };
        });
        var rest = details.Where(d => !used.Contains(d.Key)).Select(Rest).OfType<string>().ToList();
        var moment = shown.Event.At.ToOffset(JapanTime.Offset).ToString("yyyy'年'M'月'd'日' H':'mm", CultureInfo.InvariantCulture);
        return $"{moment} {sentence}{(rest.Count == 0 ? "" : "。" + string.Join('、', rest))}";
    }

    private static string Who(ShownEvent shown) => shown.Event.Actor switch
    {
        "visitor" => AuditText.WhoVisitor,
        var actor when actor.StartsWith(AccountActor, StringComparison.Ordinal) => shown.By is { } person ? Named(person) : AuditText.WhoUnknownAccount,
        var actor when actor.StartsWith(JobActor, StringComparison.Ordinal) => AuditText.WhoJob.With(actor[JobActor.Length..]),
        var actor => AuditText.WhoStaff.With(actor[(actor.IndexOf(':', StringComparison.Ordinal) + 1)..]),
    };

    private static string Named(NamedPerson person) => person.Card is { } card ? AuditText.AboutPerson.With(person.Name, card) : AuditText.AboutPersonAlone.With(person.Name);

    /// <returns>Null for what says nothing to a reader: a count of 0, an id.</returns>
    private static string? Rest((string Key, string Value) detail)
    {
        if (detail.Value == "0" || Guid.TryParse(detail.Value, out _))
        {
            return null;
        }

        if (detail.Key.Length == 0)
        {
            return Value(detail.Value);
        }

        return Text("Detail_" + detail.Key) is { } format ? format.With(Value(detail.Value)) : $"{detail.Key} {detail.Value.Replace("→", " → ", StringComparison.Ordinal)}";
    }

    /// <summary>A value of a detail in words: months, days, moments, the names of enumerations; lists of names with commas.</summary>
    private static string Value(string value)
    {
        if (DateTime.TryParseExact(value, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
        {
            return month.ToString("yyyy'年'M'月'", CultureInfo.InvariantCulture);
        }

        if (DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return JapanTime.Date(day);
        }

        if (DateTimeOffset.TryParseExact(value, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return JapanTime.DateAndClock(moment);
        }

        // AuditShown writes the day's beginning in Tokyo.
        if (DateTime.TryParseExact(value, "yyyyMMddHHmm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return JapanTime.Date(DateOnly.FromDateTime(local));
        }

        return string.Join('・', value.Split(',').Select(part => Text("Value_" + part) ?? part));
    }

    /// <summary>Key and value of each word of a detail; a word alone has no key.</summary>
    private static List<(string Key, string Value)> DetailsOf(string? detail) =>
    [
        .. (detail ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Split('=', 2)).Select(parts => parts is [var key, var value] ? (key, value) : ("", parts[0])),
    ];

    private static string? Text(string name) => AuditText.ResourceManager.GetString(name, AuditText.Culture);

    [GeneratedRegex(@"\{(?<place>[a-z]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
