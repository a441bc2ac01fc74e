using System.Globalization;
using KenkoPortal.Claims;
using KenkoPortal.Tests.Fuzzing;

namespace KenkoPortal.Tests.Pages.Member;

/// <summary>
/// Claims of one person as chance has it, what of them is hidden, and which claims that means: by the rules of the page and in the plainest way, with no code of the portal.
/// </summary>
internal sealed class HidingWorld
{
    private static readonly string[] Months = ["202607", "202608", "202609"];

    /// <summary>The last one is never hidden, so that each month has a line.</summary>
    private static readonly (string Code, string Name)[] Clinics = [("1105100", "しおみ皮ふ科"), ("1105200", "かもめ内科"), ("1105300", "いそべ整形外科"), ("1234567", "港中央病院")];

    private readonly List<(Visit Visit, string Clinic)> _visits = [];
    private readonly List<(Visit Visit, string Clinic)> _pharmacies = [];
    private readonly HashSet<string> _gone;
    private readonly HashSet<string> _hiddenClinics;
    private readonly List<(Visit Visit, string Clinic)> _hiddenLines;
    private readonly Dice _chance;
    private int _number = 910000000;

    public HidingWorld(int seed)
    {
        _chance = new Dice((ulong)seed);
        foreach (var month in Months)
        {
            foreach (var (code, name) in Clinics)
            {
                if (code == Clinics[^1].Code || _chance.Below(4) > 0)
                {
                    _visits.Add((new Visit(Number(), month, code, name, 500 + _chance.Below(5000)) { IsInpatient = _chance.Below(5) == 0 }, code));
                }
            }
        }

        for (var i = 0; i < 14; i++)
        {
            var (code, name) = Clinics[_chance.Below(Clinics.Length)];
            var at = _chance.Below(Months.Length);
            var visit = new Visit(Number(), Months[at], $"41000{i:D2}", $"薬局{i}", 100 + _chance.Below(900))
            {
                Kind = ClaimKind.Pharmacy,
                Prescriber = _chance.Below(4) switch { 0 => ("", "", code, name), 1 => ("13", "3", code, ""), 2 => ("", "", "", "医療法人" + name), _ => ("13", "1", code, name) },
                Prescribed = [.. Enumerable.Range(0, 1 + _chance.Below(2)).Select(_ => Day(at))],
                Drugs = [(_chance.Below(2) == 0 ? "620000001" : "620000021", "1", _chance.Below(6) == 0 ? "0" : $"{7 * (1 + _chance.Below(8))}")],
            };
            _pharmacies.Add((visit, code));
        }

        var hidable = _visits.Where(v => v.Clinic != Clinics[^1].Code && v.Visit.Month != Months[2]).ToList();
        var institution = _chance.Below(2);
        HiddenInstitutions = [.. hidable.Where(v => v.Clinic == Clinics[institution].Code).Take(seed % 2).Select(v => v.Visit.Number)];
        _hiddenClinics = hidable.Where(v => HiddenInstitutions.Contains(v.Visit.Number)).Select(v => v.Clinic).ToHashSet(StringComparer.Ordinal);
        HiddenLines = [.. hidable.Where(v => !_hiddenClinics.Contains(v.Clinic)).OrderBy(_ => _chance.Next()).Take(1 + _chance.Below(2)).Select(v => v.Visit.Number)];
        _hiddenLines = [.. hidable.Where(v => HiddenLines.Contains(v.Visit.Number))];
        _gone =
        [
            .. _visits.Where(v => _hiddenClinics.Contains(v.Clinic) || HiddenLines.Contains(v.Visit.Number)).Select(v => v.Visit.Number),
            .. _pharmacies.Where(IsForHidden).Select(p => p.Visit.Number),
        ];
    }

    public IEnumerable<Visit> Visits => _visits.Concat(_pharmacies).Select(v => v.Visit);

    /// <summary>A claim of each institution that is hidden altogether.</summary>
    public IReadOnlyList<string> HiddenInstitutions { get; }

    public IReadOnlyList<string> HiddenLines { get; }

    /// <summary>The claims that the family must not know of.</summary>
    public IReadOnlyCollection<string> Gone => _gone;

    /// <summary>
    /// What comes after it was hidden: corrections of institution, month, prescriber and day of a prescription, and claims that are returned and billed anew.
    /// </summary>
    /// <returns>The claims that come, and the numbers of those that are returned.</returns>
    public (Visit[] Come, string[] Returned) Correct()
    {
        var (come, returned) = (new List<Visit>(), new List<string>());
        foreach (var (visit, clinic) in _visits.Where(v => _gone.Contains(v.Visit.Number)).ToList())
        {
            switch (_chance.Below(5))
            {
                case 0:
                    come.Add(visit with { Code = "1109" + visit.Number[^3..], Name = $"移転{visit.Number[^3..]}", Points = visit.Points + 1 });
                    break;
                case 1 when HiddenLines.Contains(visit.Number):
                    var moved = visit with { Month = visit.Month == Months[0] ? Months[1] : Months[0] };
                    come.Add(moved);
                    _hiddenLines.Add((moved, clinic));
                    break;
                case 2:
                    come.Add(Anew(visit with { Code = _chance.Below(2) == 0 ? visit.Code : "1109" + visit.Number[^3..] }));
                    break;
                default:
                    break;
            }
        }

        for (var i = 0; i < _pharmacies.Count; i++)
        {
            var visit = _pharmacies[i].Visit;
            var (code, name) = Clinics[^1];
            if (!_gone.Contains(visit.Number) && IsForHidden(_pharmacies[i]))
            {
                // The line for which it becomes hidden moved to its month at the same time: which came first is not settled.
                continue;
            }

            switch (_chance.Below(5))
            {
                case 0:
                    come.Add(visit with { Prescriber = ("13", "1", code, name) });
                    _pharmacies[i] = (come[^1], code);
                    break;
                case 1:
                    come.Add(visit with { Prescribed = [Day(Array.IndexOf(Months, visit.Month))] });
                    _pharmacies[i] = (come[^1], _pharmacies[i].Clinic);
                    break;
                case 2 when _gone.Contains(visit.Number):
                    come.Add(Anew(visit with { Prescriber = ("13", "1", code, name) }));
                    break;
                default:
                    break;
            }
        }

        _gone.UnionWith(_pharmacies.Where(IsForHidden).Select(p => p.Visit.Number));
        return ([.. come], [.. returned]);

        Visit Anew(Visit visit)
        {
            returned.Add(visit.Number);
            var anew = visit with { Number = Number() };
            _gone.Add(anew.Number);
            return anew;
        }
    }

    private bool IsForHidden((Visit Visit, string Clinic) pharmacy) => _hiddenClinics.Contains(pharmacy.Clinic)
        || _hiddenLines.Exists(l => l.Clinic == pharmacy.Clinic && pharmacy.Visit.Prescribed.Any(day => MayBeOf(day, pharmacy.Visit.Month, l.Visit.Month)));

    private static bool MayBeOf(string day, string dispensed, string visited) =>
        day.Length == 0 ? string.CompareOrdinal(dispensed, visited) >= 0 : day.StartsWith(visited, StringComparison.Ordinal);

    private string Number() => (++_number).ToString(CultureInfo.InvariantCulture);

    /// <summary>Of this month or one before, or blank.</summary>
    private string Day(int at) => _chance.Below(6) == 0 ? "" : $"{Months[_chance.Below(at + 1)]}{1 + _chance.Below(28):D2}";
}
