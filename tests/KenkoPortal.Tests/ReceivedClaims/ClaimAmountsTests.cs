using System.Reflection;
using KenkoPortal.Claims;
using KenkoPortal.Core.MedicalCosts;
using KenkoPortal.Core.Members;
using KenkoPortal.Core.Publication;
using KenkoPortal.Core.ReceivedClaims;
using KenkoPortal.Core.ReceivedClaims.Import;
using KenkoPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Tests.ReceivedClaims;

/// <summary>An amount that is added to <see cref="ClaimAmounts"/> must be compared, stored and shown everywhere.</summary>
public sealed class ClaimAmountsTests
{
    private static readonly PropertyInfo[] Stored = [.. typeof(ClaimAmounts).GetProperties().Where(p => p.CanWrite)];

    public static TheoryData<string> Names => [.. Stored.Select(p => p.Name)];

    [Fact]
    public void Every_amount_is_in_the_list_of_fields() => Assert.Equal(Stored.Select(p => p.Name).Order(StringComparer.Ordinal), ClaimAmounts.Fields.Select(f => f.Name).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Names))]
    public void An_amount_that_differs_changes_fingerprint_digest_and_the_columns_that_differ(string name)
    {
        var (former, claim) = (Claim(), Claim());
        var property = typeof(ClaimAmounts).GetProperty(name)!;
        var changed = former.Amounts with { };
        property.SetValue(changed, property.PropertyType == typeof(bool) ? true : 7);
        claim.Amounts = changed;
        var fingerprint = new ClaimFingerprint();

        Assert.NotEqual(fingerprint.Of(former), fingerprint.Of(claim));
        Assert.NotEqual(NoticeLines.Digest(NoticeLines.Of(former, Guid.Empty)), NoticeLines.Digest(NoticeLines.Of(claim, Guid.Empty)));
        Assert.Equal([name], ClaimColumns.Differing(former, claim));
        Assert.Contains(name, ClaimColumns.Written);
    }

    [Fact]
    public void A_fingerprint_stays_what_it_was_when_the_claim_had_each_amount_itself() => Assert.Equal(-8650321672867803150, new ClaimFingerprint().Of(Claim()));

    [Fact]
    public void The_row_of_a_page_has_the_same_record() => Assert.Equal(typeof(ClaimAmounts), typeof(MedicalCostRow).GetProperty(nameof(MedicalCostRow.Amounts))!.PropertyType);

    [Theory, OnEveryDatabase]
    public async Task Both_tables_have_a_column_for_each_amount_with_its_name(DatabaseKind kind)
    {
        await using var portal = await TestPortal.StartAsync(kind);
        var society = await portal.AddSocietyAsync();
        await portal.ReadAsync(society, db =>
        {
            foreach (var type in new[] { typeof(ReceivedClaim), typeof(MedicalCostLine) })
            {
                var part = Assert.Single(db.Model.FindEntityType(type)!.GetComplexProperties());
                Assert.Equal(Stored.Select(p => p.Name).Order(StringComparer.Ordinal), part.ComplexType.GetProperties().Select(p => p.GetColumnName()).Order(StringComparer.Ordinal));
            }

            return Task.FromResult(0);
        });
    }

    private static ReceivedClaim Claim() => new()
    {
        SocietyId = Guid.Empty, SourceKey = "K1", Fingerprint = 0, Month = new TreatmentMonth(2026, 4), Care = CareKind.MedicalOutpatient, Number = "910000001",
        InstitutionKey = "1311234567", InstitutionName = "みなと内科", SymbolKey = "12", NumberKey = "345", Branch = "01", BirthDate = new DateOnly(1985, 3, 5), Sex = Sex.Female,
        NameKey = "ミナトハナコ", PersonId = Guid.Empty, Match = ClaimMatch.Matched, Days = 2,
        Amounts = new ClaimAmounts
        {
            TotalYen = 10_000, PatientYen = 3_000, UpperBoundYen = 3_001, PublicFundsYen = 0, InsurerYen = 6_999, MealShareYen = 460, CorrectionYen = -100, HasPublicFunds = false,
        },
        PatientPercent = 30, Drugs = "620000001 1 1", ChangedAt = DateTimeOffset.UnixEpoch,
    };
}
