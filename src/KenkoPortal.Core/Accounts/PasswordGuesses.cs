using KenkoPortal.Core.Common;

namespace KenkoPortal.Core.Accounts;

/// <summary>
/// How many guesses a password takes from somebody who knows the person and the common words. The password is cut into known parts and single
/// characters so that the sum of their bits is least. The person's own words cost next to nothing, and so does <b>one</b> common word: what is
/// left when both are taken out must be hard to guess by itself. It is looked at as typed, without symbols, without doubled letters, and with letters and digits
/// apart, so that neither separators nor a letter in the middle of a date hide anything.
/// </summary>
internal sealed class PasswordGuesses
{
    private const double DigitBits = 3.32;
    private const double LetterBits = 4.7;
    private const double SymbolBits = 3.9;
    private const double OwnBits = 1;
    private const double FreeBits = 1.5;
    private const double YearBits = 6.5;
    private const double DayBits = 8.5;
    private const double MonthBits = 10;
    private const double DateBits = 14;
    private const double SequenceBits = 5.5;
    private const double WalkBits = 5;
    private const double TurnBits = 1.2;
    private const double RepeatBits = 1.5;
    private const double DoubledBits = 2;
    private const double ReversedBits = 1;
    private const double SubstitutedBits = 1;
    private const double StretchedBits = 6.7;

    /// <summary>Meiji, Taisho, Showa, Heisei, Reiwa.</summary>
    private const string EraLetters = "mtshr";

    /// <summary>Showa had 64 years.</summary>
    private const int LastEraYear = 64;

    private const int LongestRepeat = 32;
    private const int ShortestWalk = 4;
    private const int ShortestSequence = 3;
    private const double JapaneseWordBits = 17;
    private const int ShortestJapanese = 4;
    private const int LongestJapanese = 10;
    private const int ShortestStretched = 4;
    private const int LongestStretched = 16;

    /// <summary>Look-alikes that stand for letters, and the letters; 1 is tried as i and as l.</summary>
    private const string LookAlikes = "01345678929@!+$";
    private const string LettersOfLookAlikes = "oieasgtbgzgaits";

    private static readonly string[] KeyRows = ["1234567890-^", "qwertyuiop@", "asdfghjkl+*", "zxcvbnm,./"];
    private static readonly Dictionary<char, (int Row, int Column)> Keys =
        KeyRows.SelectMany((keys, row) => keys.Select((key, column) => (key, (row, column)))).ToDictionary(k => k.key, k => k.Item2);

    private readonly string _text;
    private readonly string _reversed;
    private readonly string[] _decoded;
    private readonly OwnWords _own;
    private readonly bool _mayBeFree;

    /// <summary>Least bits up to each place, without and with the one common word that is free.</summary>
    private readonly double[][] _bits;
    private readonly (int From, int State, PasswordFault Kind)[][] _steps;

    private PasswordGuesses(string text, OwnWords own, bool mayBeFree)
    {
        (_text, _own, _mayBeFree) = (text, own, mayBeFree);
        _reversed = string.Concat(text.Reverse());
        var decoded = Decode(text, 'i');
        _decoded = decoded == text ? [] : text.Contains('1', StringComparison.Ordinal) ? [decoded, Decode(text, 'l')] : [decoded];
        _bits = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Repeat(double.MaxValue, text.Length + 1).ToArray())];
        _steps = [.. Enumerable.Range(0, 2).Select(_ => new (int, int, PasswordFault)[text.Length + 1])];
        _bits[0][0] = 0;
    }

    /// <summary>The bits that a password takes to guess, and what most of it is made of.</summary>
    public static (double Bits, PasswordFault Kind) Of(string password, OwnWords own)
    {
        var typed = password.ToLowerInvariant();
        var bare = string.Concat(typed.Where(char.IsAsciiLetterOrDigit));
        var symbols = typed.Where(c => !char.IsAsciiLetterOrDigit(c)).ToList();
        var symbolBits = symbols.Count == 0 ? 0 : (3 * symbols.Distinct().Count()) + (0.5 * (symbols.Count - 1));
        var collapsed = string.Concat(bare.Where((c, i) => i == 0 || c != bare[i - 1]));
        var views = new List<(double Bits, IReadOnlyDictionary<PasswordFault, int> Lengths)>
        {
            Best(typed, own, 0),
            Best(bare, own, symbolBits),
        };
        if (collapsed.Length < bare.Length)
        {
            views.Add(Best(collapsed, own, symbolBits + 2 + (0.5 * (bare.Length - collapsed.Length))));
        }

        var (letters, digits) = (string.Concat(bare.Where(char.IsAsciiLetter)), string.Concat(bare.Where(char.IsAsciiDigit)));
        var switches = bare.Zip(bare.Skip(1)).Count(pair => char.IsAsciiDigit(pair.First) != char.IsAsciiDigit(pair.Second));
        if (switches > 1)
        {
            var (ofLetters, ofDigits) = (Best(letters, own, symbolBits + 2 + (0.5 * switches)), Best(digits, own, 0, mayBeFree: false));
            views.Add((ofLetters.Bits + ofDigits.Bits, ofLetters.Lengths.Concat(ofDigits.Lengths).GroupBy(l => l.Key).ToDictionary(g => g.Key, g => g.Sum(l => l.Value))));
        }

        var (bits, lengths) = views.MinBy(view => view.Bits);
        var kind = lengths.Where(l => l.Key != PasswordFault.None)
            .OrderByDescending(l => l.Key is not (PasswordFault.Common or PasswordFault.Pattern)).ThenByDescending(l => l.Value)
            .Select(l => l.Key).FirstOrDefault(PasswordFault.Common);
        return (bits, kind);
    }

    private static (double Bits, IReadOnlyDictionary<PasswordFault, int> Lengths) Best(string text, OwnWords own, double more, bool mayBeFree = true)
    {
        var guesses = new PasswordGuesses(text, own, mayBeFree);
        for (var i = 0; i < text.Length; i++)
        {
            guesses.StepFrom(i);
        }

        var (at, state) = (text.Length, guesses._bits[1][text.Length] < guesses._bits[0][text.Length] ? 1 : 0);
        var bits = guesses._bits[state][at];
        var lengths = new Dictionary<PasswordFault, int>();
        while (at > 0)
        {
            var (from, before, kind) = guesses._steps[state][at];
            lengths[kind] = lengths.GetValueOrDefault(kind) + at - from;
            (at, state) = (from, before);
        }

        return (bits + more, lengths);
    }

    private static string Decode(string text, char one) => string.Concat(text.Select(c =>
        c == '1' ? one : LookAlikes.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? LettersOfLookAlikes[at] : c));

    private void StepFrom(int i)
    {
        var c = _text[i];
        Take(i, 1, char.IsAsciiDigit(c) ? DigitBits : char.IsAsciiLetter(c) ? LetterBits : SymbolBits, PasswordFault.None);
        TakeRepeats(i);
        TakeSequence(i);
        TakeWalk(i);
        TakeDates(i);
        TakeWords(i);
        TakeJapanese(i);
        TakeStretched(i);
    }

    private void Take(int from, int length, double bits, PasswordFault kind, bool mayBeFree = false)
    {
        var to = from + length;
        for (var state = 0; state < 2; state++)
        {
            Offer(state, state, bits);
        }

        if (mayBeFree)
        {
            Offer(0, 1, FreeBits);
        }

        void Offer(int before, int after, double cost)
        {
            if (_bits[before][from] < double.MaxValue && _bits[before][from] + cost < _bits[after][to])
            {
                _bits[after][to] = _bits[before][from] + cost;
                _steps[after][to] = (from, before, kind);
            }
        }
    }

    /// <summary>What stands before comes once more, as it is or backwards.</summary>
    private void TakeRepeats(int i)
    {
        var most = Math.Min(LongestRepeat, Math.Min(i, _text.Length - i));
        for (var length = 1; length <= most; length++)
        {
            var here = _text.AsSpan(i, length);
            if (_text.AsSpan(i - length, length).SequenceEqual(here))
            {
                Take(i, length, length == 1 ? DoubledBits : RepeatBits, length < ShortestSequence ? PasswordFault.Pattern : PasswordFault.None);
            }
            else if (length >= ShortestSequence && _reversed.AsSpan(_text.Length - i, length).SequenceEqual(here))
            {
                Take(i, length, RepeatBits, PasswordFault.None);
            }
        }
    }

    /// <summary>abc, 321, 890.</summary>
    private void TakeSequence(int i)
    {
        if (i + 1 >= _text.Length || StepOf(i) is not (1 or -1) || !char.IsAsciiLetterOrDigit(_text[i]))
        {
            return;
        }

        var step = StepOf(i);
        for (var at = i + 1; at < _text.Length && StepOf(at - 1) == step; at++)
        {
            if (at - i + 1 >= ShortestSequence)
            {
                Take(i, at - i + 1, SequenceBits, PasswordFault.Pattern);
            }
        }

        int StepOf(int at)
        {
            var (a, b) = (_text[at], _text[at + 1]);
            return (a, b) is ('9', '0') ? 1 : (a, b) is ('0', '9') ? -1 : char.IsAsciiDigit(a) == char.IsAsciiDigit(b) ? b - a : 0;
        }
    }

    /// <summary>Keys that lie beside each other.</summary>
    private void TakeWalk(int i)
    {
        var (bits, direction) = (WalkBits, (0, 0));
        for (var at = i + 1; at < _text.Length; at++)
        {
            if (!Keys.TryGetValue(_text[at - 1], out var last) || !Keys.TryGetValue(_text[at], out var key))
            {
                return;
            }

            var move = (key.Row - last.Row, key.Column - last.Column);
            if (move is (0, 0) || Math.Abs(move.Item1) > 1 || Math.Abs(move.Item2) > 1)
            {
                return;
            }

            bits += move == direction ? 0.2 : TurnBits;
            direction = move;
            if (at - i + 1 >= ShortestWalk)
            {
                Take(i, at - i + 1, bits, PasswordFault.Pattern);
            }
        }
    }

    private void TakeDates(int i)
    {
        TakeEraDate(i);
        var digits = 0;
        while (digits < 8 && i + digits < _text.Length && char.IsAsciiDigit(_text[i + digits]))
        {
            digits++;
        }

        if (digits >= 4)
        {
            var four = Number(i, 4);
            var isYear = IsYear(four);
            if (isYear || IsDay(i, i + 2))
            {
                Take(i, 4, isYear ? YearBits : DayBits, PasswordFault.Pattern);
            }
        }

        if (digits >= 6)
        {
            if (IsDay(i + 2, i + 4) || IsDay(i, i + 2))
            {
                Take(i, 6, DateBits, PasswordFault.Pattern);
            }

            if ((IsYear(Number(i, 4)) && Number(i + 4, 2) is >= 1 and <= 12) || (IsYear(Number(i + 2, 4)) && Number(i, 2) is >= 1 and <= 12))
            {
                Take(i, 6, MonthBits, PasswordFault.Pattern);
            }
        }

        if (digits == 8 && ((IsYear(Number(i, 4)) && IsDay(i + 4, i + 6)) || (IsYear(Number(i + 4, 4)) && IsDay(i, i + 2))))
        {
            Take(i, 8, DateBits, PasswordFault.Pattern);
        }

        int Number(int at, int length) => int.Parse(_text.AsSpan(at, length), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);
        bool IsDay(int first, int second) => (Number(first, 2), Number(second, 2)) is ( >= 1 and <= 12, >= 1 and <= 31) or ( >= 1 and <= 31, >= 1 and <= 12);
        static bool IsYear(int year) => year is >= 1900 and <= 2049;
    }

    /// <summary>H27 and H270601: a Japanese year, and a day of it.</summary>
    private void TakeEraDate(int i)
    {
        var digits = 0;
        while (digits < 6 && i + 1 + digits < _text.Length && char.IsAsciiDigit(_text[i + 1 + digits]))
        {
            digits++;
        }

        if (digits < 2 || !EraLetters.Contains(_text[i], StringComparison.Ordinal) || Two(1) is < 1 or > LastEraYear)
        {
            return;
        }

        Take(i, 3, YearBits, PasswordFault.Pattern);
        if (digits == 6 && (Two(3), Two(5)) is ( >= 1 and <= 12, >= 1 and <= 31))
        {
            Take(i, 7, DateBits, PasswordFault.Pattern);
        }

        int Two(int at) => ((_text[i + at] - '0') * 10) + _text[i + at + 1] - '0';
    }

    private void TakeWords(int i)
    {
        var most = Math.Min(CommonWords.Longest, _text.Length - i);
        for (var length = OwnWords.Shortest; length <= most; length++)
        {
            var here = _text.AsSpan(i, length);
            if (_own.KindOf(here) is not PasswordFault.None and var kind)
            {
                Take(i, length, OwnBits, kind);
            }

            if (length < CommonWords.Shortest)
            {
                continue;
            }

            TakeCommon(i, here, 0);
            var backwards = _reversed.AsSpan(_text.Length - i - length, length);
            if (_own.KindOf(backwards) is not PasswordFault.None and var reversedKind)
            {
                Take(i, length, OwnBits + ReversedBits, reversedKind);
            }

            if (length > CommonWords.Shortest)
            {
                TakeCommon(i, backwards, ReversedBits);
            }

            foreach (var decoded in _decoded)
            {
                var letters = decoded.AsSpan(i, length);
                if (letters.SequenceEqual(here) || !here.ContainsAnyInRange('a', 'z'))
                {
                    continue;
                }

                if (_own.KindOf(letters) is not PasswordFault.None and var decodedKind)
                {
                    Take(i, length, OwnBits + SubstitutedBits, decodedKind);
                }

                TakeCommon(i, letters, SubstitutedBits);
            }
        }
    }

    /// <summary>
    /// Syllables that could be a Japanese word or a name that no list holds, such as a firm's: somebody who knows the person tries some hundred thousand of them beside
    /// their numbers.
    /// </summary>
    private void TakeJapanese(int i)
    {
        if (i > 0 && char.IsAsciiLetter(_text[i - 1]))
        {
            return;
        }

        var length = 0;
        while (i + length < _text.Length && char.IsAsciiLetter(_text[i + length]))
        {
            length++;
        }

        if (length is >= ShortestJapanese and <= LongestJapanese && Romaji.IsSyllabic(_text.AsSpan(i, length)))
        {
            Take(i, length, JapaneseWordBits, PasswordFault.Common);
        }
    }

    /// <summary>A word of the person's own with one letter or digit put into it.</summary>
    private void TakeStretched(int i)
    {
        Span<char> word = stackalloc char[LongestStretched];
        var most = Math.Min(LongestStretched, _text.Length - i - 1);
        for (var length = ShortestStretched; length <= most; length++)
        {
            for (var put = 1; put < length; put++)
            {
                _text.AsSpan(i, put).CopyTo(word);
                _text.AsSpan(i + put + 1, length - put).CopyTo(word[put..]);
                if (_own.KindOf(word[..length]) is not PasswordFault.None and var kind)
                {
                    Take(i, length + 1, OwnBits + StretchedBits, kind);
                    break;
                }
            }
        }
    }

    private void TakeCommon(int i, ReadOnlySpan<char> word, double more)
    {
        if (CommonWords.BitsOf(word) is { } bits)
        {
            Take(i, word.Length, bits + more, PasswordFault.Common, _mayBeFree);
        }
    }
}
