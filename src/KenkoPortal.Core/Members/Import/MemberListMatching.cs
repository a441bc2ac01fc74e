using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Members.Import;

/// <summary>
/// Finds out who of the list is who of the society. In this order, each person taken once: the same kana, birth date and sex on the same
/// card; the same on another card, when that is the only such person who leaves and the only one who joins (a move), or the only one who left
/// before and whose name is the same (a return); the same card with a correction. Whoever is left over joins or leaves.
/// </summary>
internal sealed class MemberListMatching
{
    private readonly DateOnly _today;
    private readonly bool _isDifference;
    private readonly Dictionary<ListedPerson, KnownPerson> _matches = [];
    private readonly HashSet<ListedPerson> _listed;
    private readonly HashSet<KnownPerson> _known;

    private MemberListMatching(IReadOnlyList<ListedPerson> listed, IReadOnlyList<KnownPerson> known, DateOnly today, bool isDifference)
    {
        (_today, _isDifference) = (today, isDifference);
        _listed = [.. listed];
        _known = [.. known];
    }

    /// <summary>Told to the clerk: line and text of what may need a second look.</summary>
    public List<(MemberListRow Row, string Message)> Remarks { get; } = [];

    public IReadOnlyDictionary<ListedPerson, KnownPerson> Matches => _matches;

    /// <summary>Rows that only tell of a card which its holder has left behind already.</summary>
    public HashSet<ListedPerson> Old { get; } = [];

    public static MemberListMatching Run(
        IReadOnlyList<ListedPerson> listed, IReadOnlyList<KnownPerson> known, DateOnly today, bool isDifference)
    {
        var matching = new MemberListMatching(listed, known, today, isDifference);
        if (known.Count > 0)
        {
            matching.SetJoinedAside(known);
            matching.MatchSameCard();
            if (isDifference)
            {
                matching.SetOldAside();
                matching.RemarkElsewhere();
            }
            else
            {
                matching.MatchByIdentity(person => person.WasMember(today), returning: false);
            }

            matching.MatchByIdentity(person => !person.WasMember(today), returning: true);
            matching.MatchCorrected();
        }

        return matching;
    }

    private void Match(ListedPerson listed, KnownPerson known)
    {
        _matches.Add(listed, known);
        _listed.Remove(listed);
        _known.Remove(known);
    }

    private void MatchSameCard()
    {
        var holders = _known.Where(k => k.Latest is not null).ToLookup(k => (k.LatestKey!.Value, IdentityKey.Of(k.Person)));
        foreach (var listed in _listed.ToList())
        {
            foreach (var row in listed.Rows.Reverse())
            {
                var holder = holders[(CardKey.Of(row), listed.Identity)].Where(_known.Contains).OrderByDescending(k => k.WasMember(_today)).FirstOrDefault();
                if (holder is not null)
                {
                    Match(listed, holder);
                    break;
                }
            }
        }
    }

    /// <summary>A card that somebody held under a former name changes nothing about the person that staff made of the two.</summary>
    private void SetJoinedAside(IReadOnlyList<KnownPerson> known)
    {
        var former = known.Where(k => k.IsJoined).SelectMany(k => k.Cards.Where(c => CardKey.Of(c) != k.LatestKey).Select(c => (CardKey.Of(c), k.Person.BirthDate, k.Person.Sex))).ToHashSet();
        foreach (var listed in _listed.Where(l => !l.Latest.IsMemberOn(_today) && former.Contains((l.LatestKey, l.Identity.BirthDate, l.Identity.Sex))).ToList())
        {
            Old.Add(listed);
            _listed.Remove(listed);
        }
    }

    /// <summary>The former workplace's notice of loss may come after the new one's: it changes nothing about a person who has moved on.</summary>
    private void SetOldAside()
    {
        var former = _known.SelectMany(k => k.Cards.Select(c => (Key: (CardKey.Of(c), IdentityKey.Of(k.Person)), Known: k))).ToLookup(x => x.Key);
        foreach (var listed in _listed.Where(l => !l.Latest.IsMemberOn(_today) && former[(l.LatestKey, l.Identity)].Any()).ToList())
        {
            Old.Add(listed);
            _listed.Remove(listed);
        }
    }

    /// <summary>A difference that joins somebody without the loss of their other card: nobody is taken for another on that ground.</summary>
    private void RemarkElsewhere()
    {
        var members = _known.Where(k => k.WasMember(_today)).ToLookup(k => IdentityKey.Of(k.Person));
        foreach (var listed in _listed)
        {
            if (members[listed.Identity].FirstOrDefault() is { Latest: { } card } && CardKey.Of(card) != listed.LatestKey)
            {
                Remarks.Add((listed.Latest, MemberListText.WarnSameElsewhere.With($"{card.Symbol}-{card.Number}-{card.Branch}")));
            }
        }
    }

    private void MatchByIdentity(Func<KnownPerson, bool> isCandidate, bool returning)
    {
        var candidates = _known.Where(isCandidate).ToLookup(k => IdentityKey.Of(k.Person));
        if (candidates.Count == 0)
        {
            return;
        }

        foreach (var group in _listed.Where(l => candidates.Contains(l.Identity)).GroupBy(l => l.Identity).ToList())
        {
            var (listed, known) = (group.ToList(), candidates[group.Key].ToList());
            var isOnlyPair = listed.Count == 1 && known.Count == 1;
            foreach (var one in listed)
            {
                var sameName = known.Where(k => Names.AreSame(k.Person.Name, one.Latest.Name.Text)).ToList();
                var isOnlyName = sameName.Count == 1 && listed.Count(l => Names.AreSame(l.Latest.Name.Text, one.Latest.Name.Text)) == 1;
                if (isOnlyName || (isOnlyPair && !returning))
                {
                    var match = isOnlyName ? sameName[0] : known[0];
                    RemarkName(match, one);
                    Match(one, match);
                }
                else
                {
                    Remarks.Add((one.Latest, isOnlyPair ? MemberListText.WarnReturnedOtherName.With(CardOf(known[0])) : MemberListText.WarnAmbiguous));
                }
            }
        }
    }

    private void RemarkName(KnownPerson known, ListedPerson listed)
    {
        if (!Names.AreSame(known.Person.Name, listed.Latest.Name.Text))
        {
            Remarks.Add((listed.Latest, MemberListText.WarnMovedOtherName.With(CardOf(known))));
        }
    }

    private void MatchCorrected()
    {
        var holders = _known.Where(k => k.Latest is not null).ToLookup(k => k.LatestKey!.Value);
        foreach (var listed in _listed.ToList())
        {
            var holder = holders[listed.LatestKey].Where(_known.Contains).OrderByDescending(k => k.WasMember(_today))
                .FirstOrDefault(k => Names.MayBeCorrected(k.Person, listed.Latest));
            if (holder is not null)
            {
                Match(listed, holder);
            }
            else if (_isDifference && listed.Latest.IsMemberOn(_today) && holders[listed.LatestKey].Any(k => k.WasMember(_today)))
            {
                Remarks.Add((listed.Latest, MemberListText.WarnCardTaken));
            }
        }
    }

    private static string CardOf(KnownPerson known) => known.Latest is { } card ? $"{card.Symbol}-{card.Number}-{card.Branch}" : "-";
}
