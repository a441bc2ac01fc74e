
namespace KenkoPortal.Demo;

/// <summary>Who falls ill of what and when, and what becomes of the claim.</summary>
internal sealed class CarePlan(DemoDrugs drugs, int seed)
{
    /// <summary>What people have for years: 血圧降下剤, 高脂血症用剤, 血管拡張剤, 消化性潰瘍用剤, その他の代謝性医薬品 (血液), 不整脈用剤, その他のアレルギー用薬; with age 泌尿, 骨, 神経.</summary>
    private static readonly string[] Chronic = ["214", "218", "217", "232", "339", "212", "449", "259", "399", "119"];

    /// <summary>Of a thousand, by month: winters are worse.</summary>
    private static readonly int[] Season = [1350, 1300, 1200, 1000, 950, 900, 950, 800, 900, 1000, 1100, 1300];

    /// <summary>Everything that is billed for a person and a month of treatment, in the order of ordinals. The same whenever it is asked.</summary>
    public List<Claim> Of(DemoPerson person, DemoMonth month)
    {
        var claims = new List<Claim>();
        if (person.IsTooOldIn(month) || person.BirthDate > month.LastDay)
        {
            return claims;
        }

        var chance = new Chance((ulong)seed, person.PersonKey, (month.Year * 100) + month.Number);
        var care = new Care(person, month, chance, drugs, claims);
        if (!person.IsMemberIn(month))
        {
            LeaveLate(care);
        }
        else if (person.Household == 0)
        {
            LivelyHousehold.Plan(care, new Chance((ulong)seed, person.PersonKey, -2));
        }
        else
        {
            Plan(care);
        }

        for (var i = 0; i < claims.Count; i++)
        {
            claims[i].Ordinal = i;
            if (person.Household != 0)
            {
                Disturb(claims[i], chance);
            }
        }

        return claims;
    }

    /// <summary>Who left and shows the old card all the same: 資格喪失後の受診.</summary>
    private static void LeaveLate(Care care)
    {
        if (care.Person.LostOn is { } lost && lost <= care.Month.FirstDay && care.Month - DemoMonth.Of(lost) <= 24 && care.Chance.Permille(150))
        {
            care.Visit(Town.FamilyDoctor(care.District, care.Person.PersonKey));
        }
    }

    private void Plan(Care care)
    {
        var (person, chance, age) = (care.Person, care.Chance, care.Age);
        var traits = new Chance((ulong)seed, person.PersonKey, -1);
        KeepUp(care, traits);
        Catch(care, traits);
        if (chance.Permille(age < 15 ? 120 : 165))
        {
            Subsidise(care.Dental(Town.Dentist(care.District, person.HouseholdKey), chance.From(1, 4), chance.Permille(400)));
        }

        if (chance.Permille(age switch { < 15 => 3, < 60 => 6, _ => 15 }))
        {
            GoToHospital(care);
        }

        if (traits.Permille(age > 60 ? 25 : 6))
        {
            care.Nurse(chance.From(3, 9));
        }
    }

    private void KeepUp(Care care, Chance traits)
    {
        var (person, chance, age) = (care.Person, care.Chance, care.Age);
        var habit = new Chance((ulong)seed, person.PersonKey, -2);
        var likesBrands = traits.Permille(300);
        var hasRareDisease = traits.Permille(8);
        var interval = 1 + traits.Below(10) switch { < 5 => 0, < 8 => 1, _ => 2 };
        var isDue = (care.Month.Number + traits.Below(interval)) % interval == 0;
        var illnesses = traits.From(1, 3);
        var uses = Enumerable.Range(traits.Below(age < 60 ? 7 : Chronic.Length), illnesses).Select(i => Chronic[i % Chronic.Length]).ToList();
        if (traits.Below(1000) < age switch { < 18 => 30, < 40 => 90, < 50 => 210, < 60 => 370, < 70 => 520, _ => 720 } && isDue)
        {
            var visit = care.Guide(care.Visit(hasRareDisease ? Town.DpcHospital(person.PersonKey) : Town.FamilyDoctor(care.District, person.PersonKey), day: 1 + traits.Below(20)));
            if (chance.Permille(300))
            {
                care.Lab(visit);
            }

            var taken = uses.Select(use => (use, DrugForm.Oral, likesBrands)).ToList();
            if (traits.Permille(850))
            {
                var dispensed = care.Prescribe(visit, 28 * interval, taken, habit, chance.Permille(60));
                if (hasRareDisease)
                {
                    // 難病: the state takes what is above the month's ceiling, and the institution may leave it blank.
                    Care.Fund(visit, 54, chance.Permille(700) ? 10_000 : null);
                    Care.Fund(dispensed, 54, chance.Permille(700) ? 5_000 : null);
                }
            }
            else
            {
                foreach (var use in uses)
                {
                    care.Hand(visit, use, DrugForm.Oral, 28, likesBrands);
                }
            }
        }

        if (age >= 45 && traits.Permille(3))
        {
            // A drug against cancer: dear, and never told in a ジェネリック通知.
            var visit = Care.Scan(care.Visit(Town.DpcHospital(person.PersonKey), 1, day: 9));
            visit.KnowsCeiling = care.Prescribe(visit, 28, [("429", DrugForm.Oral, true)], habit).KnowsCeiling = true;
        }

        if (age is >= 18 and < 65 && traits.Permille(25))
        {
            var visit = Care.Treat(care.Visit(Town.Clinic(care.District, Specialty.Mind), chance.From(1, 2)), 80, 180012210, 330, 1, 5);
            var dispensed = care.Prescribe(visit, 28, [("117", DrugForm.Oral, likesBrands)], habit);
            if (traits.Permille(500))
            {
                // 自立支援: ten percent of what belongs to it, which is all at the pharmacy and not always so at the doctor's.
                Care.Fund(visit, 21, 5_000, chance.Permille(400) ? visit.Total - 52 : null);
                Care.Fund(dispensed, 21, 5_000);
            }
        }
    }

    private static void Catch(Care care, Chance traits)
    {
        var (person, chance, age) = (care.Person, care.Chance, care.Age);
        if (traits.Permille(220) && care.Month.Number is >= 2 and <= 4 && chance.Permille(700))
        {
            var visit = care.Visit(Town.Clinic(care.District, Specialty.EarNoseThroat), 1, care.Month.Number == 2);
            Subsidise(visit, care.Prescribe(visit, 28, [("449", DrugForm.Oral, traits.Permille(300)), ("131", DrugForm.External, false)]));
        }

        var often = age switch { < 3 => 900, < 7 => 760, < 15 => 470, < 40 => 330, _ => 380 } * Season[care.Month.Number - 1] / 1000;
        for (var times = chance.Permille(often) ? chance.Permille(often / 4) ? 2 : 1 : 0; times > 0; times--)
        {
            CatchOne(care, person, chance, age);
        }
    }

    private static void CatchOne(Care care, DemoPerson person, Chance chance, int age)
    {
        var isBrand = chance.Permille(250);
        switch (chance.Below(100))
        {
            case < 46:
                var place = age < 15 ? Town.Clinic(care.District, Specialty.Children) : Town.FamilyDoctor(care.District, person.PersonKey);
                var cold = care.Visit(place, chance.From(1, 2), chance.Permille(600));
                if (chance.Permille(250))
                {
                    Care.Treat(cold, 60, 160169450, 139, 1, cold.FirstDay);
                }

                if (chance.Permille(120))
                {
                    Subsidise(care.Hand(cold, "114", DrugForm.Oral, 5));
                }
                else
                {
                    Subsidise(cold, care.Prescribe(cold, chance.From(4, 7), [("114", DrugForm.Oral, isBrand), ("223", DrugForm.Oral, isBrand), ("222", DrugForm.Oral, isBrand)]));
                }

                break;
            case < 64:
                var skin = care.Visit(Town.Clinic(care.District, Specialty.Skin), chance.From(1, 2), chance.Permille(400));
                Subsidise(skin, care.Prescribe(skin, 14, [("625", DrugForm.External, isBrand), ("449", DrugForm.Oral, isBrand)]));
                break;
            case < 78:
                var bones = care.Visit(Town.Clinic(care.District, Specialty.Orthopedics), chance.From(1, 8), chance.Permille(350));
                Care.XRay(bones);
                if (bones.Days > 2)
                {
                    Care.Rehabilitate(bones);
                }

                Subsidise(bones, care.Prescribe(bones, 14, [(age > 45 ? "119" : "114", DrugForm.Oral, isBrand), ("264", DrugForm.External, isBrand)]));
                break;
            case < 88:
                var eyes = Care.Treat(Care.Treat(care.Visit(Town.Clinic(care.District, Specialty.Eyes), 1, chance.Permille(400)), 60, 160084610, 69, 1, 6), 60, 160081130, 112, 1, 6);
                Subsidise(eyes, care.Prescribe(eyes, 7, [("131", DrugForm.External, isBrand)]));
                break;
            case < 95 when !person.IsMale && age >= 18:
                var woman = Care.Treat(care.Visit(Town.Clinic(care.District, Specialty.Women), 1, chance.Permille(300)), 60, 160072510, 530, 1, 4);
                care.Prescribe(woman, 28, [(age > 50 ? "399" : "114", DrugForm.Oral, isBrand)]);
                break;
            default:
                Subsidise(Care.Scan(care.Visit(Town.DpcHospital(person.PersonKey), 1, isNew: true)));
                break;
        }
    }

    private static void GoToHospital(Care care)
    {
        var (person, chance) = (care.Person, care.Chance);
        switch (chance.Below(100))
        {
            case < 50:
                care.Dpc(chance.From(2, 14), chance.Permille(600) ? chance.From(3_000, 28_000) : 0);
                break;
            case < 58:
                // Two stays under one summary, whose details must not be counted again.
                var summary = care.Dpc(12, 9_000, 2, summary: 1);
                care.Dpc(7, 9_000, 2, summary: 2);
                care.Dpc(5, 0, 12, summary: 2);
                summary.KnowsCeiling = true;
                break;
            case < 94:
                care.Stay(Town.SmallHospital(person.PersonKey), chance.From(3, 20));
                break;
            default:
                care.OralSurgery(chance.From(2, 5));
                break;
        }
    }

    /// <summary>Towns pay for children, each in its way: nothing is left, 500 yen are, or the claim does not say.</summary>
    private static void Subsidise(params ReadOnlySpan<Claim> claims)
    {
        foreach (var claim in claims)
        {
            if (claim.Person.AgeIn(claim.Month) >= 15)
            {
                return;
            }

            switch (claim.Person.HouseholdKey / 128 % 6)
            {
                case 0:
                    Care.Fund(claim, 80, 0);
                    break;
                case 1:
                    Care.Fund(claim, 81, 500);
                    break;
                case 2:
                    Care.Fund(claim, 82, null);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>What institutions and examiners do to claims.</summary>
    private static void Disturb(Claim claim, Chance chance)
    {
        claim.KnowsCeiling |= chance.Permille(claim.IsInpatient ? 850 : 500);
        claim.HasNoBranch = chance.Permille(claim.Person.IsTwin ? 300 : 25);
        claim.HasFamilyNameOnly = claim.Person.IsTwin && claim.HasNoBranch && chance.Permille(600);
        claim.HasWrongBirthDate = chance.Below(1500) == 0;
        claim.HasWrongCard = chance.Below(1200) == 0;
        if (claim.Class is AgeClass.Elder or AgeClass.ElderEarning ? chance.Permille(300) : chance.Permille(15))
        {
            claim.BenefitPercent = 100 - claim.Percent;
        }

        if (claim.Funds.Count == 0 && chance.Permille(2) && claim.Kind != ClaimKind.Nursing)
        {
            // Only 医科 and DPC have columns for how much.
            (claim.Reduction, claim.ReductionYen, claim.ReductionPercent) = (claim.Kind is ClaimKind.Medical or ClaimKind.Dpc ? chance.Below(3) : 0) switch
            {
                0 => (2, (int?)null, (int?)null),
                1 => (1, 500, null),
                _ => claim.Total % 2 == 0 ? (1, null, 50) : (1, 300, (int?)null),
            };
        }

        var (share, isDetail) = (claim.Kind switch { ClaimKind.Medical => 32, ClaimKind.Dpc => 60, ClaimKind.Dental => 14, ClaimKind.Pharmacy => 16, _ => 12 }, claim.Summary > 1);
        if (chance.Permille(share) && !isDetail)
        {
            claim.Correction = claim.Kind == ClaimKind.Nursing ? Correction.Totals : chance.Below(3) switch { 0 => Correction.Delete, 1 => Correction.Replace, _ => Correction.Swap };
        }
    }
}
