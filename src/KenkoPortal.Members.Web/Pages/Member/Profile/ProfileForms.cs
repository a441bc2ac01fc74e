using KenkoPortal.Core.Accounts;

namespace KenkoPortal.Members.Web.Pages.Member.Profile;

/// <summary>The switches of プロフィール設定 as a form holds them.</summary>
public sealed class SwitchesForm
{
    public const string Open = "open";
    public const string Closed = "closed";

    public bool MedicalCostMail { get; set; }

    public bool GenericDrugMail { get; set; }

    /// <summary><see cref="Open"/> or <see cref="Closed"/>; the page refuses everything else.</summary>
    public string? MedicalCost { get; set; }

    /// <inheritdoc cref="MedicalCost"/>
    public string? GenericDrug { get; set; }

    public static SwitchesForm Of(PersonSwitches switches) => new()
    {
        MedicalCostMail = switches.MedicalCostMail,
        GenericDrugMail = switches.GenericDrugMail,
        MedicalCost = switches.DiscloseMedicalCost ? Open : Closed,
        GenericDrug = switches.DiscloseGenericDrug ? Open : Closed,
    };

    /// <summary>The kinds of notice whose answer is neither of the two.</summary>
    public IEnumerable<string> UnreadFields()
    {
        foreach (var (name, answer) in new[] { (nameof(MedicalCost), MedicalCost), (nameof(GenericDrug), GenericDrug) })
        {
            if (answer is not (Open or Closed))
            {
                yield return name;
            }
        }
    }

    /// <summary>What was chosen. A form with <see cref="UnreadFields"/> must not get here: it would be read as 公開しない.</summary>
    public PersonSwitches ToSwitches() => new(MedicalCostMail, GenericDrugMail, MedicalCost == Open, GenericDrug == Open);
}

/// <summary>What waits, sealed, for 現在のパスワード: one's own profile, or a child's switches.</summary>
public sealed record GuardedChange(Core.Accounts.Profile? Own, Guid? ChildId, PersonSwitches? ChildSwitches);

/// <summary>The page 現在のパスワード.</summary>
public sealed class ConfirmView
{
    public string Seal { get; init; } = "";

    /// <summary>The tab that the change came from.</summary>
    public string Back { get; init; } = PageRoutes.Profile;

    /// <summary>Never filled in again.</summary>
    public string? CurrentPassword { get; init; }
}
