using KenkoPortal.Claims;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.BrowserTests.Support;

/// <summary>The notices of the shared portal's society: the same months for everybody, lines for who wants them.</summary>
public sealed class FamilyNotices(BrowserPortal portal)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly NoticesOf _notices = new(portal.Residents, portal.Society, portal.Clock);

    /// <summary>The months that are published: twelve, the newest two months ago.</summary>
    public IReadOnlyList<TreatmentMonth> Months { get; } =
        [.. Enumerable.Range(2, 12).Select(back => JapanTime.DateOf(portal.Clock.GetUtcNow()).AddMonths(-back)).Select(day => new TreatmentMonth(day.Year, day.Month)).Reverse()];

    public TreatmentMonth Newest => Months[^1];

    /// <summary>A year of an ordinary family: the insured goes to the doctor each month and was in hospital once, the others now and then.</summary>
    public async Task AddAsync(params Person[] people)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var yesterday = JapanTime.DateOf(portal.Clock.GetUtcNow()).AddDays(-1);
            foreach (var month in Months)
            {
                await _notices.PublishAsync(month.ToString(), yesterday);
            }

            foreach (var (place, person) in people.Index())
            {
                foreach (var (number, month) in Months.Index().Where(m => place == 0 || (m.Index + place) % 3 != 1))
                {
                    await AddMonthAsync(person, month.ToString(), place, number);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task AddMonthAsync(Person person, string month, int place, int number)
    {
        var yen = 2_300 + (((number * 7) + (place * 5)) % 11 * 1_370);
        await _notices.CostAsync(person, month, place == 1 ? "汐見レディースクリニック" : "みなと内科クリニック", yen * 10 / 3, yen);
        var pharmacy = await _notices.CostAsync(
            person, month, "さくら薬局みなと店", yen * 2, yen * 6 / 10, CareKind.Pharmacy, place == 1 ? "汐見レディースクリニック" : "みなと内科クリニック", days: 1);
        if (place == 0)
        {
            await _notices.DrugAsync(person, month, "アムロジンみなと錠5mg", 1_890, 420, 1_260, pharmacy);
            await _notices.DrugAsync(person, month, "クレストール見本錠2.5mg", 2_340, 610, 1_570, pharmacy);
        }

        if (place == 0 && number % 6 == 5)
        {
            await _notices.CostAsync(person, month, "架空県立みなと総合医療センター", 412_300, 87_430, CareKind.MedicalInpatient, meal: 4_900, correction: -1_500, days: 9);
            await _notices.CostAsync(person, month, "波止場歯科医院", 8_640, null, CareKind.DentalOutpatient, days: 3);
        }
    }
}
