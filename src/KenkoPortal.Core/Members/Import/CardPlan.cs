
namespace KenkoPortal.Core.Members.Import;

/// <summary>A person's dated cards while a list is laid over them.</summary>
internal sealed class CardPlan
{
    private readonly HashSet<(CardKey Card, DateOnly Start)> _starts;
    private readonly DateOnly _today;

    /// <param name="cards">The cards that the person has.</param>
    /// <param name="starts">All cards of the society with the days on which they begin, which are unique; kept up to date.</param>
    /// <param name="today">The date in Tokyo.</param>
    public CardPlan(IReadOnlyList<InsuranceCard> cards, HashSet<(CardKey Card, DateOnly Start)> starts, DateOnly today)
    {
        (_starts, _today) = (starts, today);
        Cards = new List<PlannedCard>(cards.Count + 1);
        Cards.AddRange(cards.Select(card => new PlannedCard(card)));
    }

    /// <summary>The cards as they will be.</summary>
    public List<PlannedCard> Cards { get; }

    /// <summary>Cards that turn out never to have held for a day.</summary>
    public List<Guid> Dropped { get; } = [];

    /// <summary>Lays down a row about a card before the last.</summary>
    public void Add(MemberListRow row, DateOnly? end)
    {
        if (Find(row) is { } card)
        {
            card.End = end;
        }
        else
        {
            Open(row, row.AcquiredOn, end);
        }
    }

    /// <summary>Lays down the row that is the person's state: no other card stays open.</summary>
    /// <param name="row">The row.</param>
    /// <param name="end">When the card ended, if it did.</param>
    /// <param name="formerAcquiredOn">The day of eligibility known before: a correction of it corrects the card's beginning.</param>
    public void AddLatest(MemberListRow row, DateOnly? end, DateOnly? formerAcquiredOn)
    {
        if (Find(row) is { } card)
        {
            (card.Symbol, card.Number, card.End) = (row.Symbol.Text, row.Number.Text, end);
            if (card.Start == formerAcquiredOn && card.Start != row.AcquiredOn && _starts.Add((card.Key, row.AcquiredOn)))
            {
                _starts.Remove((card.Key, card.Start));
                card.Start = row.AcquiredOn;
            }

            CloseOthers(card, _today);
            return;
        }

        var latest = Cards.MaxBy(c => c.Start);
        var start = latest is null || row.AcquiredOn > latest.Start ? row.AcquiredOn : _today;
        CloseOthers(except: null, start);
        if (Cards.Find(c => c.Key == CardKey.Of(row) && c.End == start) is { } again)
        {
            (again.Symbol, again.Number, again.End) = (row.Symbol.Text, row.Number.Text, end);
        }
        else
        {
            Open(row, start, end);
        }
    }

    /// <summary>Ends what is open.</summary>
    public void Close(DateOnly end)
    {
        foreach (var card in Cards.Where(card => card.End is null))
        {
            card.End = end;
        }
    }

    /// <summary>The card of which a row speaks: the newest that begins or ends on its days, or holds at some time with it.</summary>
    private PlannedCard? Find(MemberListRow row)
    {
        var key = CardKey.Of(row);
        PlannedCard? found = null;
        foreach (var card in Cards)
        {
            if (card.Key != key)
            {
                continue;
            }

            var holdsTogether = (row.LostOn is null || card.Start < row.LostOn) && (card.End is null || card.End > row.AcquiredOn);
            var isTheSame = card.Start == row.AcquiredOn || (row.LostOn is not null && card.End == row.LostOn);
            if ((holdsTogether || isTheSame) && (found is null || card.Start > found.Start))
            {
                found = card;
            }
        }

        return found;
    }

    private void CloseOthers(PlannedCard? except, DateOnly end)
    {
        foreach (var card in Cards.Where(card => card.End is null && card != except).ToList())
        {
            if (card.Start < end)
            {
                card.End = end;
                continue;
            }

            Cards.Remove(card);
            _starts.Remove((card.Key, card.Start));
            if (card.Original is not null)
            {
                Dropped.Add(card.Original.Id);
            }
        }
    }

    private void Open(MemberListRow row, DateOnly start, DateOnly? end)
    {
        var key = CardKey.Of(row);
        while (!_starts.Add((key, start)))
        {
            // By the lists two people can have held one card from the same day; the later one in the society gets the later day.
            start = start < _today ? _today : start.AddDays(1);
        }

        Cards.Add(new PlannedCard(key, row, start, end));
    }
}

/// <summary>One card of a <see cref="CardPlan"/>.</summary>
internal sealed class PlannedCard
{
    public PlannedCard(InsuranceCard card)
    {
        Original = card;
        Key = CardKey.Of(card);
        (Symbol, Number, Start, End) = (card.Symbol, card.Number, card.ValidFrom, card.ValidTo);
    }

    public PlannedCard(CardKey key, MemberListRow row, DateOnly start, DateOnly? end)
    {
        Key = key;
        (Symbol, Number, Start, End) = (row.Symbol.Text, row.Number.Text, start, end);
    }

    public InsuranceCard? Original { get; }

    public CardKey Key { get; }

    public string Symbol { get; set; }

    public string Number { get; set; }

    public DateOnly Start { get; set; }

    public DateOnly? End { get; set; }

    public bool IsChanged => Original is { } card && (Symbol, Number, Start, End) != (card.Symbol, card.Number, card.ValidFrom, card.ValidTo);

    public InsuranceCard ToCard(Guid id, Guid personId, Guid societyId) => new()
    {
        Id = id,
        SocietyId = societyId,
        PersonId = personId,
        Symbol = Symbol,
        Number = Number,
        SymbolKey = Key.Symbol,
        NumberKey = Key.Number,
        Branch = Key.Branch,
        ValidFrom = Start,
        ValidTo = End,
    };
}
