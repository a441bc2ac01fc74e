using KenkoPortal.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KenkoPortal.Core.Data.Migrations;

/// <summary>The notices: received claims, publications with their lines, drug lists, news.</summary>
[DbContext(typeof(PortalContext))]
[Migration("202611230001_Notices")]
public sealed class M202611230001Notices : Migration
{
    private static readonly string[] TenantTables =
    [
        "ArticleAttachments",
        "ArticleSights",
        "Articles",
        "GenericDrugLines",
        "HiddenClaims",
        "MedicalCostLines",
        "NoticeSights",
        "Publications",
        "ReceivedClaims",
    ];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreateArticleAttachments(migrationBuilder);
        CreateArticleSights(migrationBuilder);
        CreateArticles(migrationBuilder);
        CreateDrugEditions(migrationBuilder);
        CreateGenericDrugLines(migrationBuilder);
        CreateHiddenClaims(migrationBuilder);
        CreateListedDrugs(migrationBuilder);
        CreateMasterDrugs(migrationBuilder);
        CreateMedicalCostLines(migrationBuilder);
        CreateNoticeSights(migrationBuilder);
        CreatePublications(migrationBuilder);
        CreateReceivedClaims(migrationBuilder);
        AddSocietySettings(migrationBuilder);
        migrationBuilder.AddColumn<int>("SetAside", "ImportRuns", nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<int>("Waiting", "ImportRuns", nullable: false, defaultValue: 0);

        migrationBuilder.EnableRowLevelSecurity(TenantTables);
        migrationBuilder.AllowScheduling("Publications");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Notices are not taken out again; restore a backup instead.");

    private static void CreateArticleAttachments(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateArticleSights(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateArticles(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateDrugEditions(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateGenericDrugLines(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateHiddenClaims(MigrationBuilder migrationBuilder)
    {
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
                HiddenAt = table.Column<DateTime>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_HiddenClaims", x => x.Id));
        migrationBuilder.CreateIndex("IX_HiddenClaims_SocietyId_PersonId_ClaimId", "HiddenClaims", ["SocietyId", "PersonId", "ClaimId"], unique: true);
    }

    private static void CreateListedDrugs(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateMasterDrugs(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreateMedicalCostLines(MigrationBuilder migrationBuilder)
    {
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
                Days = table.Column<int>(nullable: false),
                TotalYen = table.Column<int>(nullable: false),
                InsurerYen = table.Column<int>(nullable: true),
                PublicFundsYen = table.Column<int>(nullable: true),
                PatientYen = table.Column<int>(nullable: true),
                UpperBoundYen = table.Column<int>(nullable: false),
                MealShareYen = table.Column<int>(nullable: true),
                CorrectionYen = table.Column<int>(nullable: false),
                HasPublicFunds = table.Column<bool>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_MedicalCostLines", x => x.Id));
        migrationBuilder.CreateIndex("IX_MedicalCostLines_SocietyId_PersonId_Month", "MedicalCostLines", ["SocietyId", "PersonId", "Month"]);
        migrationBuilder.CreateIndex("IX_MedicalCostLines_SocietyId_PublicationId", "MedicalCostLines", ["SocietyId", "PublicationId"]);
    }

    private static void CreateNoticeSights(MigrationBuilder migrationBuilder)
    {
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
    }

    private static void CreatePublications(MigrationBuilder migrationBuilder)
    {
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
            },
            constraints: table => table.PrimaryKey("PK_Publications", x => x.Id));
        migrationBuilder.CreateIndex("IX_Publications_SocietyId_Month_State", "Publications", ["SocietyId", "Month", "State"]);
        migrationBuilder.CreateIndex("IX_Publications_SocietyId_State_MailedAt", "Publications", ["SocietyId", "State", "MailedAt"]);
    }

    private static void CreateReceivedClaims(MigrationBuilder migrationBuilder)
    {
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
                SymbolKey = table.Column<string>(nullable: false),
                NumberKey = table.Column<string>(nullable: false),
                Branch = table.Column<string>(nullable: true),
                BirthDate = table.Column<DateOnly>(nullable: false),
                Sex = table.Column<string>(nullable: false),
                NameKey = table.Column<string>(nullable: false),
                PersonId = table.Column<Guid>(nullable: true),
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
                ReceivedAt = table.Column<DateTime>(nullable: false),
                IsReExamined = table.Column<bool>(nullable: false),
                WithdrawnAt = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_ReceivedClaims", x => x.Id));
        migrationBuilder.CreateIndex("IX_ReceivedClaims_SocietyId_SourceKey", "ReceivedClaims", ["SocietyId", "SourceKey"], unique: true);
        migrationBuilder.CreateIndex("IX_ReceivedClaims_SocietyId_Month_PersonId", "ReceivedClaims", ["SocietyId", "Month", "PersonId"]);
        migrationBuilder.CreateIndex("IX_ReceivedClaims_SocietyId_Match_SymbolKey_NumberKey", "ReceivedClaims", ["SocietyId", "Match", "SymbolKey", "NumberKey"]);
    }

    private static void AddSocietySettings(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("NoticeDay", "Societies", nullable: false, defaultValue: 20);
        migrationBuilder.AddColumn<int>("NoticeYears", "Societies", nullable: false, defaultValue: 5);
        migrationBuilder.AddColumn<int>("GenericLeastYen", "Societies", nullable: false, defaultValue: 300);
        migrationBuilder.AddColumn<int>("GenericLeastDays", "Societies", nullable: false, defaultValue: 14);
        migrationBuilder.AddColumn<int>("GenericLeastAge", "Societies", nullable: false, defaultValue: 0);
        migrationBuilder.AddColumn<string>("GenericExcluded", "Societies", nullable: false, defaultValue: "117 42");
    }
}
