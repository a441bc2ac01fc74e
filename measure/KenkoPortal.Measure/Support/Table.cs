using System.Text;

namespace KenkoPortal.Measure.Support;

/// <summary>
/// The table of a page of docs, between <c>&lt;!-- NAME --&gt;</c> and <c>&lt;!-- /NAME --&gt;</c>. A run of some measurements replaces their lines
/// and leaves the others, so each line names its run, and below the table stands when, where and how each run was made.
/// </summary>
/// <param name="marker">The name between the markers.</param>
/// <param name="headings">Headings of a line's cells; the measurement's name goes before and the run's mark behind.</param>
public sealed class Table(string marker, IReadOnlyList<string> headings)
{
    private readonly List<Line> _lines = [];
    private readonly Dictionary<string, string> _runs = new(StringComparer.Ordinal);

    private string Begin => $"<!-- {marker} -->";

    private string End => $"<!-- /{marker} -->";

    /// <summary>Reads the lines that the page has already.</summary>
    public void Read(string page)
    {
        var (from, to) = Place(page);
        foreach (var line in page[from..to].Split('\n'))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length == headings.Count + 4 && cells[1].StartsWith('`'))
            {
                _lines.Add(new Line(cells[1].Trim('`'), cells[2..^2], cells[^2]));
            }
            else if (line.StartsWith("- ", StringComparison.Ordinal) && line.Split(": ", 2) is [var mark, var told])
            {
                _runs[mark[2..]] = told;
            }
        }
    }

    /// <summary>Puts the lines of one run in the place of the same measurements' older ones.</summary>
    /// <param name="run">Day, machine, commit and command.</param>
    /// <param name="rows">The measurements' names and lines.</param>
    /// <param name="order">All names in the order of the table.</param>
    public void Replace(string run, IReadOnlyDictionary<string, IReadOnlyList<Row>> rows, IReadOnlyList<string> order)
    {
        var mark = Enumerable.Range(0, 26).Select(i => ((char)('a' + i)).ToString()).First(m => !_lines.Any(l => l.Run == m && !rows.ContainsKey(l.Name)));
        _lines.RemoveAll(line => rows.ContainsKey(line.Name));
        _lines.AddRange(rows.SelectMany(pair => pair.Value.Select(row => new Line(pair.Key, [.. row.Cells.Select(Plain)], mark))));
        var sorted = _lines.OrderBy(line => order.ToList().IndexOf(line.Name)).ToList();
        _lines.Clear();
        _lines.AddRange(sorted);
        _runs[mark] = run;
    }

    /// <summary>The page with the table in its place.</summary>
    public string Write(string page)
    {
        var (from, to) = Place(page);
        var text = new StringBuilder("\n");
        text.Append("| | ").AppendJoin(" | ", headings).Append(" | run |\n|").Insert(text.Length, "---|", headings.Count + 2).Append('\n');
        foreach (var line in _lines)
        {
            text.Append("| `").Append(line.Name).Append("` | ").AppendJoin(" | ", line.Cells).Append(" | ").Append(line.Run).Append(" |\n");
        }

        text.Append('\n');
        foreach (var (mark, told) in _runs.Where(run => _lines.Any(line => line.Run == run.Key)).OrderBy(run => run.Key, StringComparer.Ordinal))
        {
            text.Append("- ").Append(mark).Append(": ").Append(told).Append('\n');
        }

        return page[..from] + text + page[to..];
    }

    /// <summary>The same lines for a terminal.</summary>
    public static string Render(IReadOnlyList<string> headings, IReadOnlyDictionary<string, IReadOnlyList<Row>> rows)
    {
        List<string[]> lines = [["", .. headings], .. rows.SelectMany(pair => pair.Value.Select(row => (string[])[pair.Key, .. row.Cells.Select(c => c.Replace("**", "", StringComparison.Ordinal))]))];
        var widths = Enumerable.Range(0, headings.Count + 1).Select(i => lines.Max(l => l[i].Length)).ToList();
        return string.Concat(lines.Select(line => string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd() + "\n"));
    }

    private (int From, int To) Place(string page)
    {
        var from = page.IndexOf(Begin, StringComparison.Ordinal);
        var to = page.IndexOf(End, StringComparison.Ordinal);
        return from >= 0 && to > from ? (from + Begin.Length, to) : throw new MeasureException($"the page has no place {Begin} … {End} for the table");
    }

    private static string Plain(string cell) => cell.Replace('|', '/').ReplaceLineEndings(" ");

    private sealed record Line(string Name, IReadOnlyList<string> Cells, string Run);
}
