namespace KenkoPortal.Demo;

/// <summary>What happens to a person in a month, claim by claim. Points as in the fee schedules of 2022 and 2024 (June), near enough to be believed.</summary>
internal sealed class Care(DemoPerson person, DemoMonth month, Chance chance, DemoDrugs drugs, List<Claim> claims)
{
    private readonly bool _isAfterReform = month >= new DemoMonth(2024, 6);

    public DemoPerson Person { get; } = person;

    public DemoMonth Month { get; } = month;

    public Chance Chance { get; } = chance;

    public int Age { get; } = person.AgeIn(month);

    public int District { get; } = Town.DistrictOf(person);

    /// <summary>医科外来 of a clinic or hospital.</summary>
    public Claim Visit(Institution place, int visits = 1, bool isNew = false, int? day = null, ClaimKind kind = ClaimKind.Medical)
    {
        var first = day ?? Chance.From(1, 26 - visits);
        var claim = new Claim(kind, Person, Month, place) { Days = visits, FirstDay = first };
        if (isNew)
        {
            Treat(claim, 11, 111000110, _isAfterReform ? 291 : 288, 1, first, isUnit: false);
        }

        var again = isNew ? visits - 1 : visits;
        if (again > 0)
        {
            Treat(claim, 12, 112007410, _isAfterReform ? 75 : 73, again, first + (isNew ? 2 : 0), isUnit: false);
            Treat(claim, 12, 112011010, 52, again, first + (isNew ? 2 : 0));
        }

        claims.Add(claim);
        return claim;
    }

    /// <summary>A row that is a unit by itself.</summary>
    public static Claim Treat(Claim claim, int section, int code, int points, int times = 1, int day = 1, bool isUnit = true)
    {
        claim.Rows.Add(new Row(RowKind.Treatment, section, code, points, times) { Day = day, IsUnit = isUnit });
        return claim;
    }

    /// <summary>特定疾患療養管理料, or 生活習慣病管理料 since June 2024.</summary>
    public Claim Guide(Claim claim) => _isAfterReform ? Treat(claim, 13, 113044010, 333, 1, claim.FirstDay) : Treat(claim, 13, 113001810, 225, 1, claim.FirstDay);

    /// <summary>Blood: several rows of which only the last has points, and the judgement.</summary>
    public Claim Lab(Claim claim)
    {
        var day = claim.FirstDay;
        Treat(claim, 60, 160008010, 21, 1, day);
        claim.Rows.Add(new Row(RowKind.Treatment, 60, 160019410, null) { Day = day });
        claim.Rows.Add(new Row(RowKind.Treatment, 0, 160022510, null) { Day = day });
        claim.Rows.Add(new Row(RowKind.Treatment, 0, 160020910, null) { Day = day });
        claim.Rows.Add(new Row(RowKind.Treatment, 0, 160019510, Chance.From(93, 103)) { Day = day });
        Treat(claim, 60, 160010010, 49, 1, day);
        Treat(claim, 60, 160061710, 125, 1, day);
        return Treat(claim, 60, 160061810, 144, 1, day, isUnit: false);
    }

    public static Claim XRay(Claim claim, int points = 210)
    {
        claim.Rows.Add(new Row(RowKind.Treatment, 70, 170000410, null) { Day = claim.FirstDay });
        claim.Rows.Add(new Row(RowKind.Treatment, 0, 170027910, points) { Day = claim.FirstDay });
        return claim;
    }

    /// <summary>MRI or CT, with its reading.</summary>
    public static Claim Scan(Claim claim)
    {
        Treat(claim, 70, 170015210, 1330, 1, claim.FirstDay);
        return Treat(claim, 70, 170015910, 450, 1, claim.FirstDay);
    }

    public static Claim Rehabilitate(Claim claim) => Treat(claim, 80, 180027610, 185, 2 * claim.Days, claim.FirstDay);

    /// <summary>A drug that the clinic itself hands out or injects.</summary>
    public Claim Hand(Claim claim, string use, DrugForm form, int days, bool isBrand = false)
    {
        if (drugs.Pick(use, form, Chance, isBrand, Age < 12) is not { } drug)
        {
            return claim;
        }

        var isOral = form == DrugForm.Oral;
        var quantity = isOral ? drug.Daily ?? (Chance.Permille(150) ? 1.5m : Chance.From(1, 2)) : form == DrugForm.External ? 10 : 1;
        if (isOral && Chance.Permille(300))
        {
            // The comment opens the block, and so 診療識別 stands on it.
            claim.Rows.Add(new Row(RowKind.Comment, 21, 810000001, null));
            claim.Rows.Add(new Row(RowKind.Drug, 0, drug.Code, Points.Of(drug.Price * quantity), days) { Quantity = quantity, Day = claim.FirstDay, IsUnit = true });
        }
        else
        {
            claim.Rows.Add(new Row(RowKind.Drug, isOral ? 21 : form == DrugForm.External ? 23 : 33, drug.Code, Points.Of(drug.Price * quantity), isOral ? days : 1) { Quantity = quantity, Day = claim.FirstDay, IsUnit = true });
        }

        return isOral ? Treat(Treat(claim, 21, 120000710, 11, 1, claim.FirstDay, isUnit: false), 25, 120001210, 42, 1, claim.FirstDay) : claim;
    }

    /// <summary>A prescription, and the pharmacy's claim for it.</summary>
    /// <param name="from">Whose it is.</param>
    /// <param name="days">Of the oral drugs.</param>
    /// <param name="taken">What for, in what form, brand or not.</param>
    /// <param name="habit">Picks the drugs: with the same, they are the same every month.</param>
    /// <param name="isSplit">Dispensed twice.</param>
    public Claim Prescribe(Claim from, int days, IEnumerable<(string Use, DrugForm Form, bool IsBrand)> taken, Chance? habit = null, bool isSplit = false)
    {
        Treat(from, 80, 120002910, _isAfterReform ? 60 : 68, 1, from.FirstDay, isUnit: false);
        isSplit &= days >= 14;
        var claim = new Claim(ClaimKind.Pharmacy, Person, Month, Town.Pharmacy(District, Person.HouseholdKey))
        {
            Days = isSplit ? 2 : 1, FirstDay = from.FirstDay, Prescriber = from.Place, DispensingPoints = (_isAfterReform ? 45 : 42) + 45 + 8,
        };
        var choice = habit ?? Chance;
        foreach (var group in taken.GroupBy(t => t.Form))
        {
            var isOral = group.Key == DrugForm.Oral;
            var given = group.Select(t => Given(t.Use, t.Form, t.IsBrand, choice)).OfType<(DemoDrug Drug, decimal Quantity)>().DistinctBy(d => d.Drug.Code).ToList();
            if (given.Count == 0)
            {
                continue;
            }

            claim.Prescriptions.Add(new Prescription
            {
                Form = isOral ? 1 : 5,
                Drugs = given,
                Fillings = isOral && isSplit ? [Fill(from.FirstDay, days / 2), Fill(from.FirstDay + 1, days - (days / 2))]
                    : [isOral ? Fill(from.FirstDay, days) : new Filling { Day = from.FirstDay, Amount = 1, MakingPoints = 10, CarePoints = 4 }],
            });
        }

        claims.Add(claim);
        return claim;
    }

    /// <summary>DPC.</summary>
    /// <param name="days">Days in the month.</param>
    /// <param name="surgery">Points of what is not in the bundle.</param>
    public Claim Dpc(int days, int surgery, int? day = null, int summary = 0)
    {
        var first = day ?? Chance.From(1, 28 - days);
        var claim = new Claim(ClaimKind.Dpc, Person, Month, Town.DpcHospital(Person.HouseholdKey))
        {
            IsInpatient = true, Days = days, FirstDay = first, Meals = MealsOf(days), MealYen = MealsOf(days) * MealPrice, MealShare = MealsOf(days) * MealPart, Summary = summary,
        };
        Treat(claim, 93, 193990001, Chance.From(2150, 3100), days, first, isUnit: false);
        if (surgery > 0)
        {
            Treat(claim, 50, 150285010, surgery, 1, first, isUnit: false);
            Treat(claim, 54, 150233410, 1170, 1, first);
        }

        Treat(claim, 13, 113013910, 250, 1, first);
        claims.Add(claim);
        return claim;
    }

    /// <summary>医科入院, with meals among the rows.</summary>
    public Claim Stay(Institution hospital, int days, int? day = null)
    {
        var first = day ?? Chance.From(1, 28 - days);
        var meals = MealsOf(days);
        var claim = new Claim(ClaimKind.Medical, Person, Month, hospital) { IsInpatient = true, Days = days, FirstDay = first, Meals = meals, MealYen = meals * MealPrice };
        Treat(claim, 90, 190117710, _isAfterReform ? 1688 : 1650, days, first, isUnit: false);
        Lab(claim);
        Treat(claim, 33, 130009310, 102, Math.Min(days, 4), first);
        // 入院時食事療養, and what of it is the patient's; 診療識別 stands once a block.
        claim.Rows.Add(new Row(RowKind.Treatment, 97, 197000110, MealPrice, meals) { Day = first, IsMeal = true });
        var late = meals > 12 ? meals / 3 : 0;
        claim.Rows.Add(new Row(RowKind.Treatment, Chance.Permille(500) ? 97 : 0, 197000810, MealPart, meals - late) { Day = first, IsMeal = true });
        if (late > 0)
        {
            claim.Rows.Add(new Row(RowKind.Treatment, 0, 197000810, MealPart, late) { Day = first + 4, IsMeal = true });
        }

        claims.Add(claim);
        return claim;
    }

    /// <summary>歯科外来.</summary>
    public Claim Dental(Institution dentist, int visits, bool isNew, int? day = null)
    {
        var first = day ?? Chance.From(1, 26 - visits);
        var claim = new Claim(ClaimKind.Dental, Person, Month, dentist) { Days = visits, FirstDay = first };
        var again = isNew ? visits - 1 : visits;
        if (isNew)
        {
            Treat(claim, 11, 301000110, 267, 1, first, isUnit: false);
            Treat(claim, 60, 304000510, 200, 1, first);
        }

        if (again > 0)
        {
            Treat(claim, 12, 301001610, 58, again, first + 1, isUnit: false);
            Treat(claim, 41, 309002110, Chance.From(68, 188), again, first + 1);
        }

        Treat(claim, 13, 302000610, 100, 1, first);
        if (Age >= 20 && Chance.Permille(250))
        {
            Treat(claim, 62, 310000710, Chance.From(280, 1490), 1, first);
        }

        if (Chance.Permille(200))
        {
            if (Age >= 20 && Chance.Permille(300))
            {
                Hand(claim, "276", DrugForm.Dental, 1);
            }
            else
            {
                Hand(claim, "114", DrugForm.Oral, 3);
            }
        }

        claims.Add(claim);
        return claim;
    }

    /// <summary>歯科入院, with meals in the columns of 歯科.</summary>
    public Claim OralSurgery(int days)
    {
        var claim = new Claim(ClaimKind.Dental, Person, Month, Town.OralSurgery())
        {
            IsInpatient = true, Days = days, FirstDay = Chance.From(1, 20), Meals = MealsOf(days), MealYen = MealsOf(days) * MealPrice,
        };
        Treat(claim, 90, 190117710, 1688, days, claim.FirstDay, isUnit: false);
        Treat(claim, 50, 310011210, 6_750, 1, claim.FirstDay, isUnit: false);
        Treat(claim, 54, 313000110, 980, 1, claim.FirstDay);
        claims.Add(claim);
        return claim;
    }

    /// <summary>訪問看護.</summary>
    public Claim Nurse(int days)
    {
        var claim = new Claim(ClaimKind.Nursing, Person, Month, Town.Station(District)) { Days = days, FirstDay = 2, NursingYen = (5_550 * days) + 7_670 + (3_000 * (days - 1)) + 2_500 };
        claims.Add(claim);
        return claim;
    }

    /// <summary>Kinds of 公費: what the person's town, or the state for the disease, takes over.</summary>
    public static void Fund(Claim claim, int law, int? ceiling, int? part = null) => claim.Funds.Add(new Fund
    {
        Payer = PayerOf(law), Recipient = (int)(claim.Person.PersonKey % 9_000_000) + 1_000_000, Ceiling = ceiling, Part = part,
    });

    /// <summary>負担者番号: 法別, place and a check digit (weights 2 and 1 from the right, the digits of each product added up).</summary>
    private static int PayerOf(int law)
    {
        var number = (law * 100_000) + (Institution.Prefecture * 1000) + 101;
        var sum = 0;
        for (var (rest, weight) = (number, 2); rest > 0; (rest, weight) = (rest / 10, 3 - weight))
        {
            var product = rest % 10 * weight;
            sum += (product / 10) + (product % 10);
        }

        return (number * 10) + ((10 - (sum % 10)) % 10);
    }

    private (DemoDrug Drug, decimal Quantity)? Given(string use, DrugForm form, bool isBrand, Chance choice)
    {
        if (drugs.Pick(use, form, choice, isBrand, Age < 12) is not { } drug)
        {
            return null;
        }

        var quantity = form != DrugForm.Oral ? drug.IsLiquid ? 5m : 7m * choice.From(2, 6) : drug.Daily ?? Dose(choice);
        // From October 2024 a brand that was asked for without need is billed under an entry of its own.
        return Month >= new DemoMonth(2024, 10) && Chance.Permille(120) && drugs.Elective(drug) is { } elective ? (elective, quantity) : (drug, quantity);
    }

    private static decimal Dose(Chance choice) => choice.Below(10) switch { < 8 => 1, < 9 => 2, _ => 0.5m };

    private static Filling Fill(int day, int days) => new()
    {
        Day = day, Amount = days, MakingPoints = 24, CarePoints = days switch { <= 7 => 4, <= 14 => 28, <= 28 => 50, _ => 60 },
    };

    /// <summary>Three a day, but for the first morning and the last evening.</summary>
    private static int MealsOf(int days) => Math.Max(1, (3 * days) - 2);

    /// <summary>入院時食事療養費 for a meal, yen: 640, 670 from June 2024, 690 from April 2025.</summary>
    private int MealPrice => Month >= new DemoMonth(2025, 4) ? 690 : _isAfterReform ? 670 : 640;

    /// <summary>標準負担額 for a meal, yen: 460, 490 from June 2024, 510 from April 2025.</summary>
    private int MealPart => Month >= new DemoMonth(2025, 4) ? 510 : _isAfterReform ? 490 : 460;
}
