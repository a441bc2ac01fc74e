using System.Globalization;
using KenkoPortal.Measure.Support;
using KenkoPortal.Tests.Fuzzing;

namespace KenkoPortal.Measure.Verify;

/// <summary>Rows A2 and A11: an answer's time does not tell who is known. Told, and not judged: the stillness of the machine decides what it is worth.</summary>
internal sealed class TimingPromise : IMeasurement
{
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(10);

    public string Name => "timing";

    public string Says => "answers for known, unknown, locked and suspended: how far the medians of 500 tries lie apart";

    public TimeSpan Limit => TimeSpan.FromHours(1);

    public async Task<IReadOnlyList<Row>> RunAsync(Ground ground)
    {
        Environment.SetEnvironmentVariable("TMPDIR", ground.NewFolder("tmp"));
        var rows = new List<Row>();
        foreach (var kind in ground.Databases)
        {
            var tries = ground.Pick(10, 500);
            var times = await AnswerTimes.MeasureAsync(
                kind,
                tries,
                (done, all) =>
                {
                    if (done % 1000 == 0)
                    {
                        ground.Tell(string.Create(CultureInfo.InvariantCulture, $"{Outcome.NameOf(kind)}: {done} of {all}"));
                    }
                },
                ground.Cancellation);
            var actions = times.Select(t => t.Action).Distinct(StringComparer.Ordinal).ToList();
            var words = string.Join(", ", actions.Select(action => string.Create(
                CultureInfo.InvariantCulture,
                $"{action} {AnswerTimes.Apart(times, action).TotalMilliseconds:F1} ms (of {times.First(t => t.Action == action).Median.TotalMilliseconds:F1} ms)")));
            var isWithin = actions.All(action => AnswerTimes.Apart(times, action) <= Most);
            rows.Add(new Remark(
                string.Create(CultureInfo.InvariantCulture, $"medians of {tries} tries each for known, unknown, locked and suspended lie apart by"), kind, words, isWithin ? "within 10 ms" : "more than 10 ms"));
        }

        return rows;
    }
}
