namespace KenkoPortal.Demo;

/// <summary>
/// The first household of a list, whose letter is tried first: within any twelve months each of its people has a year worth looking at, the insured
/// with brand drugs every month.
/// </summary>
internal static class LivelyHousehold
{
    public static void Plan(Care care, Chance habit)
    {
        switch (care.Person.Branch)
        {
            case "00":
                PlanInsured(care, habit);
                break;
            case "01":
                PlanSpouse(care, habit);
                break;
            case "02":
                PlanElderChild(care);
                break;
            default:
                PlanYoungerChild(care);
                break;
        }
    }

    private static void PlanInsured(Care care, Chance habit)
    {
        var month = care.Month.Number;
        var visit = care.Guide(care.Visit(Town.FamilyDoctor(care.District, care.Person.HouseholdKey), day: 8));
        if (month % 3 == 0)
        {
            care.Lab(visit);
        }

        if (month == 10)
        {
            care.Lab(visit).Correction = Correction.Delete;
        }

        care.Prescribe(visit, 30, [("2149044F7", DrugForm.Oral, true), ("2189017", DrugForm.Oral, true), ("3399008", DrugForm.Oral, true), ("1190017", DrugForm.Oral, true)], habit);
        switch (month)
        {
            case 2 or 3 or 4:
                var nose = care.Visit(Town.Clinic(care.District, Specialty.EarNoseThroat), 1, month == 2, 15);
                care.Prescribe(nose, 28, [("449", DrugForm.Oral, true), ("131", DrugForm.External, false)], habit);
                break;
            case 5 or 11:
                care.Dental(Town.Dentist(care.District, care.Person.HouseholdKey), month == 5 ? 3 : 1, isNew: month == 5, day: 12);
                break;
            case 7:
                // Four days in hospital, paid up to the ceiling of the month.
                care.Dpc(4, 21_400, 14).KnowsCeiling = true;
                break;
            case 8:
                Care.Scan(care.Visit(Town.DpcHospital(care.Person.HouseholdKey), 1, day: 20)).Correction = Correction.Replace;
                break;
            default:
                break;
        }
    }

    private static void PlanSpouse(Care care, Chance habit)
    {
        var month = care.Month.Number;
        if (month % 2 == 1)
        {
            var visit = Care.Treat(care.Visit(Town.Clinic(care.District, Specialty.Women), day: 10), 60, 160072510, 530, 1, 10);
            care.Prescribe(visit, 56, [("212", DrugForm.Oral, true), ("2329023F2", DrugForm.Oral, true)], habit);
        }

        if (month is 5 or 6 or 7 or 8)
        {
            var skin = care.Visit(Town.Clinic(care.District, Specialty.Skin), 1, month == 5, 18);
            care.Prescribe(skin, 14, [("625", DrugForm.External, true), ("449", DrugForm.Oral, true)], habit);
        }

        switch (month)
        {
            case 1:
                var cold = Care.Treat(care.Visit(Town.FamilyDoctor(care.District, care.Person.HouseholdKey), 2, isNew: true, day: 16), 60, 160169450, 139, 1, 16);
                care.Prescribe(cold, 5, [("114", DrugForm.Oral, true), ("223", DrugForm.Oral, true)]);
                break;
            case 4 or 10:
                care.Dental(Town.Dentist(care.District, care.Person.HouseholdKey), 2, isNew: true, day: 6);
                break;
            case 12:
                Care.Scan(Care.XRay(care.Visit(Town.DpcHospital(care.Person.HouseholdKey), 1, isNew: true, day: 4)));
                break;
            default:
                break;
        }
    }

    private static void PlanElderChild(Care care)
    {
        switch (care.Month.Number)
        {
            case 4 or 5 or 6:
                // A sprain, and the rehabilitation after it.
                var bones = Care.Rehabilitate(care.Visit(Town.Clinic(care.District, Specialty.Orthopedics), care.Month.Number == 4 ? 3 : 6, care.Month.Number == 4, 5));
                if (care.Month.Number == 4)
                {
                    Care.XRay(bones);
                }

                care.Prescribe(bones, 14, [("264", DrugForm.External, true)]);
                break;
            case 8:
                care.Dental(Town.Dentist(care.District, care.Person.HouseholdKey), 2, isNew: true, day: 3);
                break;
            case 9 or 10 or 11:
                var skin = care.Visit(Town.Clinic(care.District, Specialty.Skin), 1, care.Month.Number == 9, 22);
                care.Prescribe(skin, 28, [("625", DrugForm.External, false)]);
                break;
            case 1:
                var cold = care.Visit(Town.FamilyDoctor(care.District, care.Person.HouseholdKey), 1, isNew: true, day: 20);
                care.Prescribe(cold, 5, [("114", DrugForm.Oral, false)]);
                break;
            default:
                break;
        }
    }

    private static void PlanYoungerChild(Care care)
    {
        var month = care.Month.Number;
        if (month is 1 or 3 or 6 or 10 or 12)
        {
            var visit = care.Visit(Town.Clinic(care.District, Specialty.Children), month == 1 ? 2 : 1, isNew: true, day: 11);
            var dispensed = care.Prescribe(visit, 5, [("114", DrugForm.Oral, false), ("223", DrugForm.Oral, false)]);
            Fund(care, visit, 0);
            Fund(care, dispensed, 0);
        }

        switch (month)
        {
            case 2 or 7:
                Fund(care, care.Dental(Town.Dentist(care.District, care.Person.HouseholdKey), 2, isNew: true, day: 9), 500);
                break;
            case 5 or 9:
                var eyes = Care.Treat(care.Visit(Town.Clinic(care.District, Specialty.Eyes), 1, isNew: true, day: 13), 60, 160081130, 112, 1, 13);
                Fund(care, eyes, 500);
                Fund(care, care.Prescribe(eyes, 7, [("131", DrugForm.External, false)]), 0);
                break;
            case 11:
                // The hospital leaves blank what the town's fund leaves to pay.
                Fund(care, Care.XRay(care.Visit(Town.DpcHospital(care.Person.HouseholdKey), 1, isNew: true, day: 23)), null);
                break;
            default:
                break;
        }
    }

    private static void Fund(Care care, Claim claim, int? ceiling)
    {
        if (care.Age < 15)
        {
            Care.Fund(claim, 80, ceiling);
        }
    }
}
