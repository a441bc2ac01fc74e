using KenkoPortal.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>
/// The portal of the manual: members, letters, registration, login, reissue, profile. Written by hand in neutral calls, so that one
/// class serves both databases; SchemaTests compares the outcome with the model.
/// </summary>
[DbContext(typeof(PortalContext))]
[Migration("202611220001_Manual")]
public sealed class M202611220001Manual : Migration
{
    private static readonly string[] TenantTables =
    [
        "AccountMailAddresses",
        "AddressConfirmations",
        "AuditChains",
        "AuditEvents",
        "BounceReports",
        "DisclosureSettings",
        "Households",
        "ImportRuns",
        "InsuranceCards",
        "KnownDevices",
        "MailAsks",
        "MemberAccounts",
        "OutboxMails",
        "Persons",
        "PortalSessions",
        "ProvisionalCredentials",
        "ProvisionalFailures",
        "RegistrationLinks",
        "ReissueRequests",
    ];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreateAccountMailAddresses(migrationBuilder);
        CreateAddressConfirmations(migrationBuilder);
        CreateAuditChains(migrationBuilder);
        CreateAuditEvents(migrationBuilder);
        CreateBounceReports(migrationBuilder);
        CreateDisclosureSettings(migrationBuilder);
        CreateHouseholds(migrationBuilder);
        CreateImportRuns(migrationBuilder);
        CreateInstallations(migrationBuilder);
        CreateInsuranceCards(migrationBuilder);
        CreateJobLeases(migrationBuilder);
        CreateKnownDevices(migrationBuilder);
        CreateMailAsks(migrationBuilder);
        CreateMemberAccounts(migrationBuilder);
        CreateOutboxMails(migrationBuilder);
        CreatePersons(migrationBuilder);
        CreatePortalSessions(migrationBuilder);
        CreateProvisionalCredentials(migrationBuilder);
        CreateProvisionalFailures(migrationBuilder);
        CreateRegistrationLinks(migrationBuilder);
        CreateReissueRequests(migrationBuilder);
        CreateSocieties(migrationBuilder);

        migrationBuilder.EnableRowLevelSecurity(TenantTables);
        migrationBuilder.AllowScheduling("OutboxMails", "MailAsks", "BounceReports", "AuditEvents");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("The first migration is not undone; restore a backup instead.");

    private static void CreateAccountMailAddresses(MigrationBuilder migrationBuilder)
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
            },
            constraints: table => table.PrimaryKey("PK_AccountMailAddresses", x => x.Id));
        migrationBuilder.CreateIndex("IX_AccountMailAddresses_SocietyId_AccountId_Slot", "AccountMailAddresses", ["SocietyId", "AccountId", "Slot"], unique: true);
        migrationBuilder.CreateIndex("IX_AccountMailAddresses_SocietyId_AddressKey", "AccountMailAddresses", ["SocietyId", "AddressKey"]);
    }

    private static void CreateAddressConfirmations(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateAuditChains(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "AuditChains",
            columns: table => new
            {
                SocietyId = table.Column<Guid>(nullable: false),
                Length = table.Column<long>(nullable: false),
                Head = table.Column<byte[]>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_AuditChains", x => x.SocietyId));
    }

    private static void CreateAuditEvents(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateBounceReports(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "BounceReports",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                MailId = table.Column<Guid>(nullable: false),
                IsHard = table.Column<bool>(nullable: false),
                ReceivedAt = table.Column<DateTime>(nullable: false),
                DecidedAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_BounceReports", x => x.Id));
        migrationBuilder.CreateIndex("IX_BounceReports_DecidedAt_ReceivedAt", "BounceReports", ["DecidedAt", "ReceivedAt"]);
        migrationBuilder.CreateIndex("IX_BounceReports_SocietyId_MailId", "BounceReports", ["SocietyId", "MailId"]);
    }

    private static void CreateDisclosureSettings(MigrationBuilder migrationBuilder)
    {
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
            },
            constraints: table => table.PrimaryKey("PK_DisclosureSettings", x => x.Id));
        migrationBuilder.CreateIndex("IX_DisclosureSettings_SocietyId_PersonId_Kind_From", "DisclosureSettings", ["SocietyId", "PersonId", "Kind", "From"]);
    }

    private static void CreateHouseholds(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "Households",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Households", x => x.Id));
    }

    private static void CreateImportRuns(MigrationBuilder migrationBuilder)
    {
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
            },
            constraints: table => table.PrimaryKey("PK_ImportRuns", x => x.Id));
        migrationBuilder.CreateIndex("IX_ImportRuns_SocietyId_AppliedAt", "ImportRuns", ["SocietyId", "AppliedAt"]);
    }

    private static void CreateInstallations(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "Installations",
            columns: table => new
            {
                Id = table.Column<int>(nullable: false),
                KeyFingerprint = table.Column<byte[]>(nullable: false),
                RestoredAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_Installations", x => x.Id));
    }

    private static void CreateInsuranceCards(MigrationBuilder migrationBuilder)
    {
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
        migrationBuilder.CreateIndex("IX_InsuranceCards_SocietyId_PersonId", "InsuranceCards", ["SocietyId", "PersonId"]);
        migrationBuilder.CreateIndex("IX_InsuranceCards_Card", "InsuranceCards", ["SocietyId", "SymbolKey", "NumberKey", "Branch", "ValidFrom"], unique: true);
    }

    private static void CreateJobLeases(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "JobLeases",
            columns: table => new
            {
                Name = table.Column<string>(nullable: false),
                Owner = table.Column<string>(nullable: false),
                Until = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_JobLeases", x => x.Name));
    }

    private static void CreateKnownDevices(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateMailAsks(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "MailAsks",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                Purpose = table.Column<string>(nullable: false),
                Address = table.Column<string>(nullable: true),
                CanonicalMac = table.Column<byte[]>(nullable: false),
                ByMachine = table.Column<bool>(nullable: false),
                AskedAt = table.Column<DateTime>(nullable: false),
                DecidedAt = table.Column<DateTime>(nullable: true),
                Decision = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_MailAsks", x => x.Id));
        migrationBuilder.CreateIndex("IX_MailAsks_DecidedAt_AskedAt", "MailAsks", ["DecidedAt", "AskedAt"]);
        migrationBuilder.CreateIndex("IX_MailAsks_SocietyId_AskedAt", "MailAsks", ["SocietyId", "AskedAt"]);
        migrationBuilder.CreateIndex("IX_MailAsks_SocietyId_Purpose_CanonicalMac_AskedAt", "MailAsks", ["SocietyId", "Purpose", "CanonicalMac", "AskedAt"]);
    }

    private static void CreateMemberAccounts(MigrationBuilder migrationBuilder)
    {
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
                Throttle_FailuresInRow = table.Column<int>(nullable: false),
                Throttle_WaitUntil = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_MemberAccounts", x => x.Id));
        migrationBuilder.CreateIndex("IX_MemberAccounts_SocietyId_LoginIdKey", "MemberAccounts", ["SocietyId", "LoginIdKey"], unique: true);
        migrationBuilder.CreateIndex("IX_MemberAccounts_SocietyId_PersonId", "MemberAccounts", ["SocietyId", "PersonId"], unique: true);
    }

    private static void CreateOutboxMails(MigrationBuilder migrationBuilder)
    {
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
            },
            constraints: table => table.PrimaryKey("PK_OutboxMails", x => x.Id));
        migrationBuilder.CreateIndex("IX_OutboxMails_SocietyId_Lane_SentAt_FailedAt_NextAttemptAt", "OutboxMails", ["SocietyId", "Lane", "SentAt", "FailedAt", "NextAttemptAt"]);
    }

    private static void CreatePersons(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreatePortalSessions(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateProvisionalCredentials(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "ProvisionalCredentials",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                SocietyId = table.Column<Guid>(nullable: false),
                PersonId = table.Column<Guid>(nullable: false),
                ProvisionalId = table.Column<string>(nullable: false),
                PasswordMac = table.Column<byte[]>(nullable: false),
                IssuedAt = table.Column<DateTime>(nullable: false),
                ExpiresAt = table.Column<DateTime>(nullable: false),
                VoidedAt = table.Column<DateTime>(nullable: true),
                UsedAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_ProvisionalCredentials", x => x.Id));
        migrationBuilder.CreateIndex("IX_ProvisionalCredentials_SocietyId_PersonId", "ProvisionalCredentials", ["SocietyId", "PersonId"]);
        migrationBuilder.CreateIndex("IX_ProvisionalCredentials_SocietyId_ProvisionalId", "ProvisionalCredentials", ["SocietyId", "ProvisionalId"], unique: true);
    }

    private static void CreateProvisionalFailures(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateRegistrationLinks(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "RegistrationLinks",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                Address = table.Column<string>(nullable: false),
                AddressKey = table.Column<string>(nullable: false),
                HouseholdId = table.Column<Guid>(nullable: true),
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
    }

    private static void CreateReissueRequests(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "ReissueRequests",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                AccountId = table.Column<Guid>(nullable: false),
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
    }

    private static void CreateSocieties(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "Societies",
            columns: table => new
            {
                Id = table.Column<Guid>(nullable: false),
                Key = table.Column<string>(maxLength: 32, nullable: false),
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
                DiscloseByDefault = table.Column<bool>(nullable: false),
                MailAsksPerHour = table.Column<int>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Societies", x => x.Id));
        migrationBuilder.CreateIndex("IX_Societies_Host", "Societies", ["Host"], unique: true);
        migrationBuilder.CreateIndex("IX_Societies_Key", "Societies", ["Key"], unique: true);
        migrationBuilder.CreateIndex("IX_Societies_RegistrationAddress", "Societies", ["RegistrationAddress"], unique: true);
    }
}
