namespace KenkoPortal.Core.Members.Import;

/// <summary>What a list says of a person, beside what is stored.</summary>
internal static class ListedParticulars
{
    /// <summary>The person as stored, in a household; the original stays as it is.</summary>
    public static Person Copy(Person person, Guid householdId) => new()
    {
        Id = person.Id,
        SocietyId = person.SocietyId,
        HouseholdId = householdId,
        Name = person.Name,
        Kana = person.Kana,
        KanaKey = person.KanaKey,
        Sex = person.Sex,
        BirthDate = person.BirthDate,
        Relationship = person.Relationship,
        AcquiredOn = person.AcquiredOn,
        LostOn = person.LostOn,
        PostalCode = person.PostalCode,
        Address = person.Address,
        Workplace = person.Workplace,
        IsProtected = person.IsProtected,
        ListOrder = person.ListOrder,
        MedicalCostMail = person.MedicalCostMail,
        GenericDrugMail = person.GenericDrugMail,
    };

    /// <summary>Takes what the row says into the person.</summary>
    /// <param name="row">The person's latest row.</param>
    /// <param name="person">Who is changed.</param>
    /// <param name="hasWorkplace">Whether the list has that column; without it the workplace stays.</param>
    public static Person Apply(MemberListRow row, Person person, bool hasWorkplace)
    {
        (person.Name, person.Kana, person.KanaKey) = (row.Name.Text, row.Kana.Text, row.Kana.Key);
        (person.Sex, person.BirthDate, person.Relationship) = (row.Sex, row.BirthDate, row.Relationship.Text);
        (person.AcquiredOn, person.LostOn) = (row.AcquiredOn, row.LostOn);
        (person.PostalCode, person.Address) = (row.PostalCode?.Text, row.Address);
        // A list that does not mark somebody lifts nothing (row Z8).
        person.IsProtected |= row.IsProtected;
        if (hasWorkplace)
        {
            person.Workplace = row.Workplace;
        }

        return person;
    }

    /// <summary>The same card written otherwise.</summary>
    public static IEnumerable<ListedValue> CardValues(InsuranceCard before, MemberListRow after)
    {
        if (before.Symbol != after.Symbol.Text)
        {
            yield return new ListedValue(MemberListColumn.Symbol, before.Symbol, after.Symbol.Text);
        }

        if (before.Number != after.Number.Text)
        {
            yield return new ListedValue(MemberListColumn.Number, before.Number, after.Number.Text);
        }
    }

    /// <summary>The columns in which the two differ.</summary>
    public static List<MemberListColumn> Differences(Person before, Person after)
    {
        var columns = new List<MemberListColumn>(0);
        Add(MemberListColumn.Name, before.Name == after.Name);
        Add(MemberListColumn.Kana, before.Kana == after.Kana && before.KanaKey == after.KanaKey);
        Add(MemberListColumn.Sex, before.Sex == after.Sex);
        Add(MemberListColumn.BirthDate, before.BirthDate == after.BirthDate);
        Add(MemberListColumn.Relationship, before.Relationship == after.Relationship);
        Add(MemberListColumn.AcquiredOn, before.AcquiredOn == after.AcquiredOn);
        Add(MemberListColumn.LostOn, before.LostOn == after.LostOn);
        Add(MemberListColumn.PostalCode, before.PostalCode == after.PostalCode);
        Add(MemberListColumn.Address, before.Address == after.Address);
        Add(MemberListColumn.Workplace, before.Workplace == after.Workplace);
        Add(MemberListColumn.Protected, before.IsProtected == after.IsProtected);
        return columns;

        void Add(MemberListColumn column, bool isSame)
        {
            if (!isSame)
            {
                columns.Add(column);
            }
        }
    }
}
