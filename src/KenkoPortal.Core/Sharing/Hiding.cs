using KenkoPortal.Claims;

namespace KenkoPortal.Core.Sharing;

/// <summary>By what a line is kept from the household.</summary>
public enum HiddenBy
{
    /// <summary>By itself.</summary>
    Line,

    /// <summary>Its institution is hidden altogether.</summary>
    Institution,

    /// <summary>A pharmacy's: it may be for a prescription of a hidden line or institution.</summary>
    Prescriber,
}

/// <summary>What of a line decides whether it is hidden.</summary>
/// <param name="PublicationId">The version: another may have the claim with another code.</param>
/// <param name="ClaimId">Its claim.</param>
/// <param name="PersonId">Whose.</param>
/// <param name="Month">診療年月.</param>
/// <param name="InstitutionKey">都道府県, 点数表 and 医療機関コード.</param>
/// <param name="InstitutionName">医療機関名.</param>
/// <param name="PrescriberKey">調剤: the prescriber's key.</param>
/// <param name="PrescriberName">調剤: the prescriber's name.</param>
/// <param name="PrescribedMonths">調剤: when the prescriptions were issued (<see cref="Sharing.PrescribedMonths"/>).</param>
public sealed record JudgedLine(
    Guid PublicationId, Guid ClaimId, Guid PersonId, TreatmentMonth Month, string InstitutionKey, string InstitutionName,
    string? PrescriberKey, string? PrescriberName, string? PrescribedMonths)
{
    private const int PointTableAt = 2;

    // Folding a name is dear, and each line is compared with everything that is hidden.
    public InstitutionIdentity Institution { get; } = new(InstitutionKey, InstitutionName);

    /// <summary>Null where the line is no pharmacy's.</summary>
    public InstitutionIdentity? Prescriber { get; } =
        PrescriberKey is not null || PrescriberName is not null || PrescribedMonths is not null || IsPharmacy(InstitutionKey) ? new(PrescriberKey, PrescriberName) : null;

    /// <summary>Whether it may be for a prescription that an institution issued at a visit of that month.</summary>
    public bool MayBeFor(InstitutionIdentity institution, TreatmentMonth visited) =>
        MayBeFor(institution) && Sharing.PrescribedMonths.MayBeOf(PrescribedMonths, Month, visited);

    /// <summary>Whether it may be for a prescription of an institution, whenever issued.</summary>
    public bool MayBeFor(InstitutionIdentity institution) =>
        Prescriber is { } prescriber && !IsPharmacy(institution.Key) && institution.MayBe(prescriber);

    private static bool IsPharmacy(string? key) => key is { Length: > PointTableAt } && key[PointTableAt] == '4';
}

/// <summary>Which lines some people keep from their household. A version of a month that is not judged here has no line that could be read.</summary>
public sealed class Hiding
{
    private readonly Dictionary<(Guid PublicationId, Guid ClaimId), HiddenBy> _lines;
    private readonly HashSet<(Guid PersonId, Guid ClaimId)> _claims;
    private readonly Dictionary<Guid, IReadOnlyList<InstitutionIdentity>> _known;

    private Hiding(
        IReadOnlyList<HiddenClaim> claims, IReadOnlyList<HiddenInstitution> institutions, Dictionary<Guid, IReadOnlyList<InstitutionIdentity>> known,
        Dictionary<(Guid PublicationId, Guid ClaimId), HiddenBy> lines) =>
        (Claims, Institutions, _known, _lines, _claims) = (claims, institutions, known, lines, [.. claims.Select(c => (c.PersonId, c.ClaimId))]);

    /// <summary>Nobody hides anything.</summary>
    public static Hiding None { get; } = new([], [], [], []);

    /// <summary>The lines that are hidden by themselves.</summary>
    public IReadOnlyList<HiddenClaim> Claims { get; }

    /// <summary>The institutions that are hidden altogether.</summary>
    public IReadOnlyList<HiddenInstitution> Institutions { get; }

    /// <param name="claims">What these people hide.</param>
    /// <param name="institutions">What these people hide altogether.</param>
    /// <param name="lines">Every line of theirs.</param>
    public static Hiding Of(IReadOnlyList<HiddenClaim> claims, IReadOnlyList<HiddenInstitution> institutions, IEnumerable<JudgedLine> lines)
    {
        var (claimsOf, institutionsOf) = (claims.ToLookup(c => c.PersonId), institutions.ToLookup(i => i.PersonId, i => i.Identity));
        var known = new Dictionary<Guid, IReadOnlyList<InstitutionIdentity>>();
        var hidden = new Dictionary<(Guid PublicationId, Guid ClaimId), HiddenBy>();
        foreach (var ofPerson in lines.GroupBy(l => l.PersonId))
        {
            known[ofPerson.Key] = InstitutionIdentity.Under(institutionsOf[ofPerson.Key], ofPerson.Select(l => l.Institution));
            foreach (var line in ofPerson)
            {
                if (Judge(line, claimsOf[line.PersonId], known[line.PersonId]) is { } by)
                {
                    hidden[(line.PublicationId, line.ClaimId)] = by;
                }
            }
        }

        return new Hiding(claims, institutions, known, hidden);
    }

    /// <summary>Whether a person hides anything.</summary>
    public bool IsOf(Guid personId) => Claims.Any(c => c.PersonId == personId) || Institutions.Any(i => i.PersonId == personId);

    /// <summary>Whether an institution is hidden altogether, under this or another code or name.</summary>
    public bool IsInstitutionHidden(Guid personId, InstitutionIdentity institution) => _known.GetValueOrDefault(personId, []).Any(k => k.MayBe(institution));

    /// <returns>Null where the line is shown as the switches say.</returns>
    public HiddenBy? By(Guid personId, Guid publicationId, Guid claimId) =>
        _lines.TryGetValue((publicationId, claimId), out var by) ? by
        : _claims.Contains((personId, claimId)) ? HiddenBy.Line
        : null;

    /// <summary>By what else a line is kept than by itself.</summary>
    public HiddenBy? Otherwise(JudgedLine line) => JudgeOtherwise(
        line, Claims.Where(c => c.PersonId == line.PersonId && c.ClaimId != line.ClaimId), _known.GetValueOrDefault(line.PersonId, []));

    private static HiddenBy? Judge(JudgedLine line, IEnumerable<HiddenClaim> claims, IEnumerable<InstitutionIdentity> institutions) =>
        claims.Any(c => c.ClaimId == line.ClaimId) ? HiddenBy.Line : JudgeOtherwise(line, claims, institutions);

    private static HiddenBy? JudgeOtherwise(JudgedLine line, IEnumerable<HiddenClaim> claims, IEnumerable<InstitutionIdentity> institutions)
    {
        var institution = line.Institution;
        return institutions.Any(i => i.MayBe(institution)) ? HiddenBy.Institution
            : institutions.Any(i => line.MayBeFor(i)) || claims.Any(c => line.MayBeFor(c.Identity, c.Month)) ? HiddenBy.Prescriber
            : null;
    }
}
