using KenkoPortal.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>
/// The whole schema. Written in neutral calls, so that one class serves both databases; SchemaTests compares the outcome with the model. It has the id of the last of the
/// migrations that it replaces, so that a database which has them all needs nothing.
/// </summary>
[DbContext(typeof(PortalContext))]
[Migration("202612010001_UnmailedNotices")]
public sealed class M202612010001Portal : Migration
{
    private static readonly string[] TenantTables =
    [
        "AccountMailAddresses", "AddressConfirmations", "AddressUses", "ArticleAttachments", "ArticleSights", "Articles",
        "AuditChains", "AuditEvents", "AuditTallies", "BounceReports", "DisclosureSettings", "FormerHouseholds",
        "GenericDrugLines", "HiddenClaims", "HiddenInstitutions", "Households", "ImportRuns", "InsuranceCards", "KnownDevices",
        "MailAsks", "MedicalCostLines", "MemberAccounts", "NoticeSights", "OutboxMails", "PersonJoins", "Persons",
        "PortalSessions", "PostmasterMails", "ProvisionalCredentials", "ProvisionalFailures", "Publications", "ReceivedClaims",
        "RegistrationLinks", "ReissueRequests",
    ];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "AccountMailAddresses",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                AccountId = table.Column<Guid>(nullable: false),
                Slot = table.Column<int>(nullable: false),
                Address = table.Column<string>(nullable: false),
                AddressKey = table.Column<string>(nullable: false),
                ConfirmedAt = table.Column<DateTime>(nullable: false),
                HardBounces = table.Column<int>(nullable: false),
                BouncedAt = table.Column<DateTime>(nullable: true),
                UntrustedAt = table.Column<DateTime>(nullable: true),
                LastBounceAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_AccountMailAddresses", x => x.Id));
        migrationBuilder.CreateIndex("IX_AccountMailAddresses_SocietyId_AccountId_Slot", "AccountMailAddresses", ["SocietyId", "AccountId", "Slot"], unique: true);
        migrationBuilder.CreateIndex("IX_AccountMailAddresses_SocietyId_AddressKey", "AccountMailAddresses", ["SocietyId", "AddressKey"]);

        migrationBuilder.CreateTable(
            name: "AddressConfirmations",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                AccountId = table.Column<Guid>(nullable: false),
                Slot = table.Column<int>(nullable: false),
                Address = table.Column<string>(nullable: false),
                ConfirmedAt = table.Column<DateTime>(nullable: true),
                SocietyId = table.Column<Guid>(nullable: false),
                TokenHash = table.Column<byte[]>(nullable: false),
                MailId = table.Column<Guid>(nullable: false),
                AskedAt = table.Column<DateTime>(nullable: false),
                ExpiresAt = table.Column<DateTime>(nullable: false),
                Clicks = table.Column<int>(nullable: false),
                LastClickAt = table.Column<DateTime>(nullable: true),
                Failures = table.Column<int>(nullable: false),
                LastAttemptAt = table.Column<DateTime>(nullable: true),
                EndedAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_AddressConfirmations", x => x.Id));
        migrationBuilder.CreateIndex("IX_AddressConfirmations_SocietyId_AccountId", "AddressConfirmations", ["SocietyId", "AccountId"]);
        migrationBuilder.CreateIndex("IX_AddressConfirmations_SocietyId_TokenHash", "AddressConfirmations", ["SocietyId", "TokenHash"], unique: true);

        migrationBuilder.CreateTable(
            name: "AddressUses",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                AddressMac = table.Column<string>(nullable: false),
                Since = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_AddressUses", x => x.Id));
        migrationBuilder.CreateIndex("IX_AddressUses_SocietyId_PersonId", "AddressUses", ["SocietyId", "PersonId"]);

        migrationBuilder.CreateTable(
            name: "ArticleAttachments",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                ArticleId = table.Column<Guid>(nullable: false),
                FileName = table.Column<string>(nullable: false),
                MediaType = table.Column<string>(nullable: false),
                Content = table.Column<byte[]>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_ArticleAttachments", x => x.Id));
        migrationBuilder.CreateIndex("IX_ArticleAttachments_SocietyId_ArticleId", "ArticleAttachments", ["SocietyId", "ArticleId"]);

        migrationBuilder.CreateTable(
            name: "ArticleSights",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                ArticleId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                SeenAt = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_ArticleSights", x => x.Id));
        migrationBuilder.CreateIndex("IX_ArticleSights_SocietyId_PersonId_ArticleId", "ArticleSights", ["SocietyId", "PersonId", "ArticleId"], unique: true);

        migrationBuilder.CreateTable(
            name: "Articles",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                Category = table.Column<string>(nullable: false),
                Key = table.Column<string>(nullable: false),
                Title = table.Column<string>(nullable: false),
                Body = table.Column<string>(nullable: false),
                PublishedOn = table.Column<DateOnly>(nullable: false),
                Until = table.Column<DateOnly>(nullable: true),
                ChangedAt = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Articles", x => x.Id));
        migrationBuilder.CreateIndex("IX_Articles_SocietyId_Category_PublishedOn", "Articles", ["SocietyId", "Category", "PublishedOn"]);
        migrationBuilder.CreateIndex("IX_Articles_SocietyId_Key", "Articles", ["SocietyId", "Key"], unique: true);

        migrationBuilder.CreateTable(
            name: "AuditChains",
            columns: table => new
            {
                SocietyId = table.Column<Guid>(nullable: false),
                Length = table.Column<long>(nullable: false),
                Head = table.Column<byte[]>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_AuditChains", x => x.SocietyId));

        migrationBuilder.CreateTable(
            name: "AuditEvents",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                At = table.Column<DateTime>(nullable: false),
                Actor = table.Column<string>(nullable: false),
                Kind = table.Column<string>(nullable: false),
                SubjectId = table.Column<Guid>(nullable: true),
                Detail = table.Column<string>(nullable: true),
                Sequence = table.Column<long>(nullable: true),
                Hash = table.Column<byte[]>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_AuditEvents", x => x.Id));
        migrationBuilder.CreateIndex("IX_AuditEvents_Sequence_At", "AuditEvents", ["Sequence", "At"]);
        migrationBuilder.CreateIndex("IX_AuditEvents_SocietyId_Sequence", "AuditEvents", ["SocietyId", "Sequence"], unique: true);
        migrationBuilder.CreateIndex("IX_AuditEvents_SocietyId_SubjectId_At", "AuditEvents", ["SocietyId", "SubjectId", "At"]);

        migrationBuilder.CreateTable(
            name: "AuditTallies",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                At = table.Column<DateTime>(nullable: false),
                Actor = table.Column<string>(nullable: false),
                Kind = table.Column<string>(nullable: false),
                SubjectId = table.Column<Guid>(nullable: true),
                Detail = table.Column<string>(nullable: true),
                Count = table.Column<int>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_AuditTallies", x => x.Id));
        migrationBuilder.CreateIndex("IX_AuditTallies_SocietyId_At", "AuditTallies", ["SocietyId", "At"]);

        migrationBuilder.CreateTable(
            name: "BounceReports",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                MailId = table.Column<Guid>(nullable: false),
                IsHard = table.Column<bool>(nullable: false),
                Status = table.Column<string>(nullable: true),
                Domain = table.Column<string>(nullable: true),
                IsHeldBack = table.Column<bool>(nullable: false, defaultValue: false),
                ReceivedAt = table.Column<DateTime>(nullable: false),
                DecidedAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_BounceReports", x => x.Id));
        migrationBuilder.CreateIndex("IX_BounceReports_DecidedAt_ReceivedAt", "BounceReports", ["DecidedAt", "ReceivedAt"]);
        migrationBuilder.CreateIndex("IX_BounceReports_SocietyId_Domain_ReceivedAt", "BounceReports", ["SocietyId", "Domain", "ReceivedAt"]);
        migrationBuilder.CreateIndex("IX_BounceReports_SocietyId_MailId", "BounceReports", ["SocietyId", "MailId"]);

        migrationBuilder.CreateTable(
            name: "DisclosureSettings",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                HouseholdId = table.Column<Guid>(nullable: false),
                Kind = table.Column<string>(nullable: false),
                IsOpen = table.Column<bool>(nullable: false),
                From = table.Column<DateTime>(nullable: false),
                Until = table.Column<DateTime>(nullable: true),
                SetByPersonId = table.Column<Guid>(nullable: false),
                Cause = table.Column<string>(nullable: false, defaultValue: "Chosen"),
            },
            constraints: table => table.PrimaryKey("PK_DisclosureSettings", x => x.Id));
        migrationBuilder.CreateIndex("IX_DisclosureSettings_SocietyId_PersonId_Kind_From", "DisclosureSettings", ["SocietyId", "PersonId", "Kind", "From"]);

        migrationBuilder.CreateTable(
            name: "DrugEditions",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                ValidFrom = table.Column<DateOnly>(nullable: false),
                ImportedAt = table.Column<DateTime>(nullable: false),
                Fingerprint = table.Column<long>(nullable: false),
                Priced = table.Column<int>(nullable: false),
                Mastered = table.Column<int>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_DrugEditions", x => x.Id));
        migrationBuilder.CreateIndex("IX_DrugEditions_ValidFrom", "DrugEditions", ["ValidFrom"], unique: true);

        migrationBuilder.CreateTable(
            name: "FormerHouseholds",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                HouseholdId = table.Column<Guid>(nullable: false),
                LeftAt = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_FormerHouseholds", x => x.Id));
        migrationBuilder.CreateIndex("IX_FormerHouseholds_SocietyId_HouseholdId", "FormerHouseholds", ["SocietyId", "HouseholdId"]);
        migrationBuilder.CreateIndex("IX_FormerHouseholds_SocietyId_PersonId", "FormerHouseholds", ["SocietyId", "PersonId"]);

        migrationBuilder.CreateTable(
            name: "GenericDrugLines",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PublicationId = table.Column<Guid>(nullable: false),
                ClaimId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                Month = table.Column<int>(nullable: false),
                DrugCode = table.Column<string>(nullable: false),
                ProductCode = table.Column<string>(nullable: true),
                Days = table.Column<int>(nullable: true),
                Mark = table.Column<string>(nullable: true),
                DrugName = table.Column<string>(nullable: false),
                Quantity = table.Column<decimal>(nullable: false),
                Unit = table.Column<string>(nullable: false),
                CostYen = table.Column<int>(nullable: false),
                LeastSavingYen = table.Column<int>(nullable: false),
                MostSavingYen = table.Column<int>(nullable: false),
                Candidates = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_GenericDrugLines", x => x.Id));
        migrationBuilder.CreateIndex("IX_GenericDrugLines_SocietyId_PersonId_Month", "GenericDrugLines", ["SocietyId", "PersonId", "Month"]);
        migrationBuilder.CreateIndex("IX_GenericDrugLines_SocietyId_PublicationId", "GenericDrugLines", ["SocietyId", "PublicationId"]);

        migrationBuilder.CreateTable(
            name: "HiddenClaims",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                ClaimId = table.Column<Guid>(nullable: false),
                Month = table.Column<int>(nullable: false),
                InstitutionKey = table.Column<string>(nullable: false),
                InstitutionName = table.Column<string>(nullable: true),
                HiddenAt = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_HiddenClaims", x => x.Id));
        migrationBuilder.CreateIndex("IX_HiddenClaims_SocietyId_PersonId_ClaimId_Month_InstitutionKey", "HiddenClaims", ["SocietyId", "PersonId", "ClaimId", "Month", "InstitutionKey"], unique: true);

        migrationBuilder.CreateTable(
            name: "HiddenInstitutions",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                InstitutionKey = table.Column<string>(nullable: false),
                InstitutionName = table.Column<string>(nullable: false),
                HiddenAt = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_HiddenInstitutions", x => x.Id));
        migrationBuilder.CreateIndex("IX_HiddenInstitutions_SocietyId_PersonId_InstitutionKey", "HiddenInstitutions", ["SocietyId", "PersonId", "InstitutionKey"], unique: true);

        migrationBuilder.CreateTable(
            name: "Households",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Households", x => x.Id));

        migrationBuilder.CreateTable(
            name: "ImportRuns",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                Format = table.Column<string>(nullable: false),
                IsDifference = table.Column<bool>(nullable: false),
                AppliedAt = table.Column<DateTime>(nullable: false),
                Rows = table.Column<int>(nullable: false),
                Joined = table.Column<int>(nullable: false),
                Changed = table.Column<int>(nullable: false),
                Moved = table.Column<int>(nullable: false),
                Left = table.Column<int>(nullable: false),
                SetAside = table.Column<int>(nullable: false, defaultValue: 0),
                NewestOn = table.Column<DateOnly>(nullable: true),
                AsOf = table.Column<DateOnly>(nullable: true),
                Waiting = table.Column<int>(nullable: false, defaultValue: 0),
            },
            constraints: table => table.PrimaryKey("PK_ImportRuns", x => x.Id));
        migrationBuilder.CreateIndex("IX_ImportRuns_SocietyId_AppliedAt", "ImportRuns", ["SocietyId", "AppliedAt"]);

        migrationBuilder.CreateTable(
            name: "Installations",
            columns: table => new
            {
                Id = table.Column<int>(nullable: false),
                KeyFingerprint = table.Column<byte[]>(nullable: false),
                RestoredAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_Installations", x => x.Id));

        migrationBuilder.CreateTable(
            name: "InsuranceCards",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                Symbol = table.Column<string>(nullable: false),
                Number = table.Column<string>(nullable: false),
                SymbolKey = table.Column<string>(nullable: false),
                NumberKey = table.Column<string>(nullable: false),
                Branch = table.Column<string>(nullable: false),
                ValidFrom = table.Column<DateOnly>(nullable: false),
                ValidTo = table.Column<DateOnly>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_InsuranceCards", x => x.Id));
        migrationBuilder.CreateIndex("IX_InsuranceCards_Card", "InsuranceCards", ["SocietyId", "SymbolKey", "NumberKey", "Branch", "ValidFrom"], unique: true);
        migrationBuilder.CreateIndex("IX_InsuranceCards_SocietyId_PersonId", "InsuranceCards", ["SocietyId", "PersonId"]);

        migrationBuilder.CreateTable(
            name: "JobLeases",
            columns: table => new
            {
                Name = table.Column<string>(nullable: false),
                Owner = table.Column<string>(nullable: false),
                Until = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_JobLeases", x => x.Name));

        migrationBuilder.CreateTable(
            name: "KnownDevices",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                AccountId = table.Column<Guid>(nullable: false),
                CreatedAt = table.Column<DateTime>(nullable: false),
                Throttle_FailuresInRow = table.Column<int>(nullable: false),
                Throttle_WaitUntil = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_KnownDevices", x => x.Id));
        migrationBuilder.CreateIndex("IX_KnownDevices_SocietyId_AccountId", "KnownDevices", ["SocietyId", "AccountId"]);

        migrationBuilder.CreateTable(
            name: "ListedDrugs",
            columns: table => new
            {
                EditionId = table.Column<Guid>(nullable: false),
                Code = table.Column<string>(nullable: false),
                Ingredient = table.Column<string>(nullable: false),
                Specification = table.Column<string>(nullable: false),
                Name = table.Column<string>(nullable: false),
                Price = table.Column<decimal>(nullable: false),
                Flag = table.Column<string>(nullable: false),
                UsableUntil = table.Column<DateOnly>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_ListedDrugs", x => new { x.EditionId, x.Code }));

        migrationBuilder.CreateTable(
            name: "MailAsks",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                Purpose = table.Column<string>(nullable: false),
                Way = table.Column<string>(nullable: false, defaultValue: "Form"),
                Address = table.Column<string>(nullable: true),
                AnswerTo = table.Column<string>(nullable: true),
                LeadsToForm = table.Column<bool>(nullable: false, defaultValue: false),
                Devices = table.Column<string>(nullable: true),
                IsOwners = table.Column<bool>(nullable: false, defaultValue: false),
                CanonicalMac = table.Column<byte[]>(nullable: false),
                ByMachine = table.Column<bool>(nullable: false),
                AskedAt = table.Column<DateTime>(nullable: false),
                WaitsSince = table.Column<DateTime>(nullable: true),
                DecidedAt = table.Column<DateTime>(nullable: true),
                Decision = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_MailAsks", x => x.Id));
        migrationBuilder.CreateIndex("IX_MailAsks_DecidedAt_AskedAt", "MailAsks", ["DecidedAt", "AskedAt"]);
        migrationBuilder.CreateIndex("IX_MailAsks_SocietyId_AskedAt", "MailAsks", ["SocietyId", "AskedAt"]);
        migrationBuilder.CreateIndex("IX_MailAsks_SocietyId_Purpose_CanonicalMac_AskedAt", "MailAsks", ["SocietyId", "Purpose", "CanonicalMac", "AskedAt"]);

        migrationBuilder.CreateTable(
            name: "MasterDrugs",
            columns: table => new
            {
                EditionId = table.Column<Guid>(nullable: false),
                Code = table.Column<string>(nullable: false),
                PriceCode = table.Column<string>(nullable: false),
                Name = table.Column<string>(nullable: false),
                Unit = table.Column<string>(nullable: false),
                Price = table.Column<decimal>(nullable: false),
                OriginalCode = table.Column<string>(nullable: true),
                IsAntiHiv = table.Column<bool>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_MasterDrugs", x => new { x.EditionId, x.Code }));

        migrationBuilder.CreateTable(
            name: "MedicalCostLines",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PublicationId = table.Column<Guid>(nullable: false),
                ClaimId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                Month = table.Column<int>(nullable: false),
                Care = table.Column<string>(nullable: false),
                InstitutionKey = table.Column<string>(nullable: false),
                InstitutionName = table.Column<string>(nullable: false),
                PrescriberKey = table.Column<string>(nullable: true),
                PrescriberName = table.Column<string>(nullable: true),
                PrescribedMonths = table.Column<string>(nullable: true),
                Days = table.Column<int>(nullable: false),
                TotalYen = table.Column<int>(nullable: false),
                InsurerYen = table.Column<int>(nullable: true),
                PublicFundsYen = table.Column<int>(nullable: true),
                PatientYen = table.Column<int>(nullable: true),
                UpperBoundYen = table.Column<int>(nullable: false),
                MealTotalYen = table.Column<int>(nullable: true),
                MealShareYen = table.Column<int>(nullable: true),
                CorrectionYen = table.Column<int>(nullable: false),
                HasPublicFunds = table.Column<bool>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_MedicalCostLines", x => x.Id));
        migrationBuilder.CreateIndex("IX_MedicalCostLines_SocietyId_PersonId_Month", "MedicalCostLines", ["SocietyId", "PersonId", "Month"]);
        migrationBuilder.CreateIndex("IX_MedicalCostLines_SocietyId_PublicationId", "MedicalCostLines", ["SocietyId", "PublicationId"]);

        migrationBuilder.CreateTable(
            name: "MemberAccounts",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                LoginId = table.Column<string>(nullable: false),
                LoginIdKey = table.Column<string>(nullable: false),
                PasswordHash = table.Column<string>(nullable: false),
                Nickname = table.Column<string>(nullable: false),
                CreatedAt = table.Column<DateTime>(nullable: false),
                LastLoginAt = table.Column<DateTime>(nullable: true),
                SuspendedAt = table.Column<DateTime>(nullable: true),
                Letter = table.Column<string>(nullable: false, defaultValue: "Household"),
                IsUnderHouseholdLink = table.Column<bool>(nullable: false, defaultValue: false),
                RecoveredAt = table.Column<DateTime>(nullable: true),
                WaitsSince = table.Column<DateTime>(nullable: true),
                NoticesHeldSince = table.Column<DateTime>(nullable: true),
                Throttle_FailuresInRow = table.Column<int>(nullable: false),
                Throttle_WaitUntil = table.Column<DateTime>(nullable: true),
                TakenLoginIds_Count = table.Column<int>(nullable: false, defaultValue: 0),
                TakenLoginIds_Day = table.Column<DateOnly>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_MemberAccounts", x => x.Id));
        migrationBuilder.CreateIndex("IX_MemberAccounts_SocietyId_LoginIdKey", "MemberAccounts", ["SocietyId", "LoginIdKey"], unique: true);
        migrationBuilder.CreateIndex("IX_MemberAccounts_SocietyId_PersonId", "MemberAccounts", ["SocietyId", "PersonId"], unique: true);

        migrationBuilder.CreateTable(
            name: "NoticeSights",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PublicationId = table.Column<Guid>(nullable: false),
                Kind = table.Column<string>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                ViewerId = table.Column<Guid>(nullable: false),
                SeenAt = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_NoticeSights", x => x.Id));
        migrationBuilder.CreateIndex("IX_NoticeSights_Sight", "NoticeSights", ["SocietyId", "ViewerId", "PublicationId", "PersonId", "Kind"], unique: true);

        migrationBuilder.CreateTable(
            name: "OutboxMails",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                Lane = table.Column<string>(nullable: false),
                Template = table.Column<string>(nullable: false),
                ToAddress = table.Column<string>(nullable: false),
                AccountId = table.Column<Guid>(nullable: true),
                SubjectId = table.Column<Guid>(nullable: true),
                QueuedAt = table.Column<DateTime>(nullable: false),
                NextAttemptAt = table.Column<DateTime>(nullable: false),
                ExpiresAt = table.Column<DateTime>(nullable: true),
                Attempts = table.Column<int>(nullable: false),
                LeasedUntil = table.Column<DateTime>(nullable: true),
                SentAt = table.Column<DateTime>(nullable: true),
                FailedAt = table.Column<DateTime>(nullable: true),
                NotSent = table.Column<string>(nullable: true),
                RefusedAt = table.Column<DateTime>(nullable: true),
                Reply = table.Column<string>(nullable: true),
                RetriedAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_OutboxMails", x => x.Id));
        migrationBuilder.CreateIndex("IX_OutboxMails_SocietyId_Lane_SentAt_FailedAt_NextAttemptAt", "OutboxMails", ["SocietyId", "Lane", "SentAt", "FailedAt", "NextAttemptAt"]);

        migrationBuilder.CreateTable(
            name: "PersonJoins",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                StayedId = table.Column<Guid>(nullable: false),
                GoneId = table.Column<Guid>(nullable: false),
                JoinedAt = table.Column<DateTime>(nullable: false),
                UndoneAt = table.Column<DateTime>(nullable: true),
                Moved = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_PersonJoins", x => x.Id));
        migrationBuilder.CreateIndex("IX_PersonJoins_SocietyId_StayedId", "PersonJoins", ["SocietyId", "StayedId"]);

        migrationBuilder.CreateTable(
            name: "Persons",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                HouseholdId = table.Column<Guid>(nullable: false),
                Name = table.Column<string>(nullable: false),
                Kana = table.Column<string>(nullable: false),
                KanaKey = table.Column<string>(nullable: false),
                Sex = table.Column<string>(nullable: false),
                BirthDate = table.Column<DateOnly>(nullable: false),
                Relationship = table.Column<string>(nullable: false),
                AcquiredOn = table.Column<DateOnly>(nullable: false),
                LostOn = table.Column<DateOnly>(nullable: true),
                PostalCode = table.Column<string>(nullable: true),
                Address = table.Column<string>(nullable: true),
                Workplace = table.Column<string>(nullable: true),
                IsProtected = table.Column<bool>(nullable: false),
                ListOrder = table.Column<int>(nullable: false),
                MedicalCostMail = table.Column<bool>(nullable: false),
                GenericDrugMail = table.Column<bool>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Persons", x => x.Id));
        migrationBuilder.CreateIndex("IX_Persons_SocietyId_BirthDate_KanaKey", "Persons", ["SocietyId", "BirthDate", "KanaKey"]);
        migrationBuilder.CreateIndex("IX_Persons_SocietyId_HouseholdId", "Persons", ["SocietyId", "HouseholdId"]);
        migrationBuilder.CreateIndex("IX_Persons_SocietyId_ListOrder", "Persons", ["SocietyId", "ListOrder"]);

        migrationBuilder.CreateTable(
            name: "PortalSessions",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                TokenHash = table.Column<byte[]>(nullable: false),
                Trust = table.Column<string>(nullable: false),
                AccountId = table.Column<Guid>(nullable: true),
                LinkId = table.Column<Guid>(nullable: true),
                CredentialId = table.Column<Guid>(nullable: true),
                CreatedAt = table.Column<DateTime>(nullable: false),
                LastSeenAt = table.Column<DateTime>(nullable: false),
                PreviousLoginAt = table.Column<DateTime>(nullable: true),
                WrongPasswords = table.Column<int>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_PortalSessions", x => x.Id));
        migrationBuilder.CreateIndex("IX_PortalSessions_SocietyId_AccountId", "PortalSessions", ["SocietyId", "AccountId"]);
        migrationBuilder.CreateIndex("IX_PortalSessions_SocietyId_TokenHash", "PortalSessions", ["SocietyId", "TokenHash"], unique: true);

        migrationBuilder.CreateTable(
            name: "PostmasterMails",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                ReceivedAt = table.Column<DateTime>(nullable: false),
                Source = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_PostmasterMails", x => x.Id));
        migrationBuilder.CreateIndex("IX_PostmasterMails_SocietyId_ReceivedAt", "PostmasterMails", ["SocietyId", "ReceivedAt"]);

        migrationBuilder.CreateTable(
            name: "ProvisionalCredentials",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                ProvisionalId = table.Column<string>(nullable: false),
                PasswordMac = table.Column<byte[]>(nullable: false),
                Letter = table.Column<string>(nullable: false, defaultValue: "Household"),
                IssuedAt = table.Column<DateTime>(nullable: false),
                ExpiresAt = table.Column<DateTime>(nullable: false),
                VoidedAt = table.Column<DateTime>(nullable: true),
                UsedAt = table.Column<DateTime>(nullable: true),
                TakenLoginIds_Count = table.Column<int>(nullable: false, defaultValue: 0),
                TakenLoginIds_Day = table.Column<DateOnly>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_ProvisionalCredentials", x => x.Id));
        migrationBuilder.CreateIndex("IX_ProvisionalCredentials_SocietyId_PersonId", "ProvisionalCredentials", ["SocietyId", "PersonId"]);
        migrationBuilder.CreateIndex("IX_ProvisionalCredentials_SocietyId_ProvisionalId", "ProvisionalCredentials", ["SocietyId", "ProvisionalId"], unique: true);

        migrationBuilder.CreateTable(
            name: "ProvisionalFailures",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                At = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_ProvisionalFailures", x => x.Id));
        migrationBuilder.CreateIndex("IX_ProvisionalFailures_SocietyId_At", "ProvisionalFailures", ["SocietyId", "At"]);

        migrationBuilder.CreateTable(
            name: "Publications",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                Month = table.Column<int>(nullable: false),
                State = table.Column<string>(nullable: false),
                ComputedAt = table.Column<DateTime>(nullable: false),
                PublishOn = table.Column<DateOnly>(nullable: true),
                MailedAt = table.Column<DateTime>(nullable: true),
                EndedAt = table.Column<DateTime>(nullable: true),
                People = table.Column<int>(nullable: false),
                MedicalCostLines = table.Column<int>(nullable: false),
                GenericDrugLines = table.Column<int>(nullable: false),
                GenericLeastYen = table.Column<int>(nullable: true),
                GenericLeastDays = table.Column<int>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_Publications", x => x.Id));
        migrationBuilder.CreateIndex("IX_Publications_SocietyId_Month_State", "Publications", ["SocietyId", "Month", "State"]);
        migrationBuilder.CreateIndex("IX_Publications_SocietyId_State_MailedAt", "Publications", ["SocietyId", "State", "MailedAt"]);

        migrationBuilder.CreateTable(
            name: "ReceivedClaims",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                SourceKey = table.Column<string>(nullable: false),
                Fingerprint = table.Column<long>(nullable: false),
                Month = table.Column<int>(nullable: false),
                Care = table.Column<string>(nullable: false),
                Number = table.Column<string>(nullable: false),
                InstitutionKey = table.Column<string>(nullable: false),
                InstitutionName = table.Column<string>(nullable: false),
                PrescriberKey = table.Column<string>(nullable: true),
                PrescriberName = table.Column<string>(nullable: true),
                PrescribedMonths = table.Column<string>(nullable: true),
                SymbolKey = table.Column<string>(nullable: false),
                NumberKey = table.Column<string>(nullable: false),
                Branch = table.Column<string>(nullable: true),
                BirthDate = table.Column<DateOnly>(nullable: false),
                Sex = table.Column<string>(nullable: false),
                NameKey = table.Column<string>(nullable: false),
                PersonId = table.Column<Guid>(nullable: true),
                ChosenPersonId = table.Column<Guid>(nullable: true),
                Match = table.Column<string>(nullable: false),
                Days = table.Column<int>(nullable: false),
                TotalYen = table.Column<int>(nullable: false),
                PatientYen = table.Column<int>(nullable: true),
                UpperBoundYen = table.Column<int>(nullable: false),
                PublicFundsYen = table.Column<int>(nullable: true),
                InsurerYen = table.Column<int>(nullable: true),
                MealTotalYen = table.Column<int>(nullable: true),
                MealShareYen = table.Column<int>(nullable: true),
                CorrectionYen = table.Column<int>(nullable: false),
                HasPublicFunds = table.Column<bool>(nullable: false),
                PatientPercent = table.Column<int>(nullable: false),
                Drugs = table.Column<string>(nullable: false),
                ChangedAt = table.Column<DateTime>(nullable: false),
                DeliveredMonth = table.Column<int>(nullable: true),
                BilledMonth = table.Column<int>(nullable: true),
                IsReExamined = table.Column<bool>(nullable: false),
                WithdrawnAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_ReceivedClaims", x => x.Id));
        migrationBuilder.CreateIndex("IX_ReceivedClaims_SocietyId_Match_SymbolKey_NumberKey", "ReceivedClaims", ["SocietyId", "Match", "SymbolKey", "NumberKey"]);
        migrationBuilder.CreateIndex("IX_ReceivedClaims_SocietyId_Month_PersonId", "ReceivedClaims", ["SocietyId", "Month", "PersonId"]);
        migrationBuilder.CreateIndex("IX_ReceivedClaims_SocietyId_SourceKey", "ReceivedClaims", ["SocietyId", "SourceKey"], unique: true);

        migrationBuilder.CreateTable(
            name: "RegistrationLinks",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                Address = table.Column<string>(nullable: false),
                AddressKey = table.Column<string>(nullable: false),
                HouseholdId = table.Column<Guid>(nullable: true),
                BoundByPersonId = table.Column<Guid>(nullable: true),
                SocietyId = table.Column<Guid>(nullable: false),
                TokenHash = table.Column<byte[]>(nullable: false),
                MailId = table.Column<Guid>(nullable: false),
                AskedAt = table.Column<DateTime>(nullable: false),
                ExpiresAt = table.Column<DateTime>(nullable: false),
                Clicks = table.Column<int>(nullable: false),
                LastClickAt = table.Column<DateTime>(nullable: true),
                Failures = table.Column<int>(nullable: false),
                LastAttemptAt = table.Column<DateTime>(nullable: true),
                EndedAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_RegistrationLinks", x => x.Id));
        migrationBuilder.CreateIndex("IX_RegistrationLinks_SocietyId_AddressKey", "RegistrationLinks", ["SocietyId", "AddressKey"]);
        migrationBuilder.CreateIndex("IX_RegistrationLinks_SocietyId_TokenHash", "RegistrationLinks", ["SocietyId", "TokenHash"], unique: true);

        migrationBuilder.CreateTable(
            name: "ReissueRequests",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                AccountId = table.Column<Guid>(nullable: false),
                DoneAt = table.Column<DateTime>(nullable: true),
                SocietyId = table.Column<Guid>(nullable: false),
                TokenHash = table.Column<byte[]>(nullable: false),
                MailId = table.Column<Guid>(nullable: false),
                AskedAt = table.Column<DateTime>(nullable: false),
                ExpiresAt = table.Column<DateTime>(nullable: false),
                Clicks = table.Column<int>(nullable: false),
                LastClickAt = table.Column<DateTime>(nullable: true),
                Failures = table.Column<int>(nullable: false),
                LastAttemptAt = table.Column<DateTime>(nullable: true),
                EndedAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_ReissueRequests", x => x.Id));
        migrationBuilder.CreateIndex("IX_ReissueRequests_SocietyId_AccountId", "ReissueRequests", ["SocietyId", "AccountId"]);
        migrationBuilder.CreateIndex("IX_ReissueRequests_SocietyId_TokenHash", "ReissueRequests", ["SocietyId", "TokenHash"], unique: true);

        migrationBuilder.CreateTable(
            name: "Societies",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                Key = table.Column<string>(maxLength: 32, nullable: false),
                Revision = table.Column<int>(nullable: false, defaultValue: 0),
                InsurerNumber = table.Column<string>(nullable: false),
                Name = table.Column<string>(nullable: false),
                Title = table.Column<string>(nullable: false),
                Host = table.Column<string>(nullable: false),
                Origin = table.Column<string>(nullable: false),
                MailFrom = table.Column<string>(nullable: false),
                RegistrationAddress = table.Column<string>(nullable: false),
                StaffMail = table.Column<string>(nullable: true),
                BounceDomain = table.Column<string>(nullable: true),
                PostalCode = table.Column<string>(nullable: true),
                Address = table.Column<string>(nullable: true),
                Tel = table.Column<string>(nullable: true),
                ProvisionalDays = table.Column<int>(nullable: false),
                GuardianAge = table.Column<int>(nullable: false),
                GuardianAgeBefore = table.Column<int>(nullable: true),
                GuardianAgeFrom = table.Column<DateOnly>(nullable: true),
                DiscloseByDefaultFrom = table.Column<DateOnly>(nullable: true),
                MailAsksPerHour = table.Column<int>(nullable: false),
                OfficeNetworks = table.Column<string>(nullable: false, defaultValue: ""),
                OfficeLoginsPerMinute = table.Column<int>(nullable: false, defaultValue: 300),
                NoticeDay = table.Column<int>(nullable: false, defaultValue: 20),
                NoticeYears = table.Column<int>(nullable: false, defaultValue: 5),
                GenericLeastYen = table.Column<int>(nullable: false, defaultValue: 300),
                GenericLeastDays = table.Column<int>(nullable: false, defaultValue: 14),
                GenericLeastAge = table.Column<int>(nullable: false, defaultValue: 0),
                GenericExcluded = table.Column<string>(nullable: false, defaultValue: "117 42"),
                TaxNote = table.Column<string>(nullable: true),
                MemberHeadings = table.Column<string>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_Societies", x => x.Id));
        migrationBuilder.CreateIndex("IX_Societies_Host", "Societies", ["Host"], unique: true);
        migrationBuilder.CreateIndex("IX_Societies_Key", "Societies", ["Key"], unique: true);
        migrationBuilder.CreateIndex("IX_Societies_RegistrationAddress", "Societies", ["RegistrationAddress"], unique: true);

        migrationBuilder.EnableRowLevelSecurity(TenantTables);
        migrationBuilder.OpenToScheduling(ScheduledWork.Views);
        migrationBuilder.FenceSocieties();
        migrationBuilder.FenceAudit();
        migrationBuilder.ReadInPieces("ArticleAttachments", "Content");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("The first migration is not undone; restore a backup instead.");
}
