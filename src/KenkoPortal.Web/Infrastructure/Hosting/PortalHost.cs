using System.Net;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using KenkoPortal.Core;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Jobs;
using KenkoPortal.Core.Mail;
using KenkoPortal.Design.Layout;
using KenkoPortal.Design.Requests;
using KenkoPortal.Members.Web;
using KenkoPortal.Members.Web.Limits;
using KenkoPortal.Smtp;
using KenkoPortal.Staff.Web;
using KenkoPortal.Web.Infrastructure.Logging;
using KenkoPortal.Web.Infrastructure.Security;
using KenkoPortal.Web.Infrastructure.Tenancy;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.WebEncoders;

namespace KenkoPortal.Web.Infrastructure.Hosting;

/// <summary>Builds the web application. Program's <c>serve</c> and the tests build it here alike.</summary>
public static class PortalHost
{
    /// <summary>What both the web and the commands need: configuration, logging, database and keys.</summary>
    /// <param name="configuration">Settings that win over the environment's.</param>
    /// <param name="isProduction">Production, else Development.</param>
    public static WebApplicationBuilder CreateBuilder(IEnumerable<KeyValuePair<string, string?>> configuration, bool isProduction)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(PortalHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = isProduction ? Environments.Production : Environments.Development,
        });
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.AddPortalLogging();
        var options = Bind(builder.Configuration);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(NoticeHours.Read(builder.Configuration));
        PrivateFiles.CreateDirectory(options.DataDirectory);
        builder.Services.AddPortalCore(
            new PortalDatabase(options.DataDirectory, builder.Configuration.GetConnectionString("Portal"), builder.Configuration.GetConnectionString("Owner")),
            PortalKeys.LoadOrCreate(options.ActualKeysDirectory));
        builder.Services.AddOptions<SmtpOptions>().Bind(builder.Configuration.GetSection(SmtpOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return builder;
    }

    /// <summary>Adds what serving needs: pages, security, jobs and the mail listener.</summary>
    public static void AddServing(this WebApplicationBuilder builder)
    {
        var options = Bind(builder.Configuration);
        var staff = StaffOptionsOf(builder.Configuration);
        var isProduction = builder.Environment.IsProduction();
        // Where the program was built but not published, its files are found through a manifest; elsewhere this does nothing.
        builder.WebHost.UseStaticWebAssets();

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 256 * 1024;
            kestrel.Listen(isProduction ? IPAddress.Parse(options.BindAddress) : IPAddress.Loopback, options.Port);
            if (staff.Port is { } staffPort)
            {
                kestrel.Listen(isProduction ? IPAddress.Parse(staff.BindAddress) : IPAddress.Loopback, staffPort);
            }

            kestrel.ListenSmtp();
        });
        builder.Services.AddInboundMail();
        builder.Services.AddMailSending(provider => MailTransports.Create(
            provider.GetRequiredService<IOptions<SmtpOptions>>().Value, options.MailDirectory, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService<JobRunner>();
        builder.Services.AddDataProtection().SetApplicationName("KenkoPortal")
            .PersistKeysToFileSystem(new DirectoryInfo(options.ActualKeysDirectory))
            // For keys made from now on; those that are there keep theirs. One pass where CBC with HMAC takes two, and every page seals a form token.
            .UseCryptographicAlgorithms(new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM });
        builder.Services.AddSingleton<PageFiles>();
        builder.Services.AddMembersWeb(new SourceNaming(options.LogAddresses));
        builder.Services.AddStaffWeb();
        AddPages(builder.Services, isProduction);
        builder.Services.AddPortalSecurity(isProduction);
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = options.LongestRequest,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context =>
            {
                // The status page middleware outside renders the page.
                context.Response.Headers.RetryAfter = RetryAfter.Seconds;
                return Task.CompletedTask;
            },
        });
        builder.Services.AddResponseCompression(compression =>
        {
            // Pages hold form tokens beside what visitors typed: only files that hold no secret are compressed (BREACH).
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/css", "text/javascript", "image/svg+xml"];
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in options.Proxies())
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });
    }

    /// <summary>The pipeline, from the outside in.</summary>
    public static void UsePortal(this WebApplication app)
    {
        // With no proxy configured the framework would trust everybody's X-Forwarded-For (row A6).
        if (app.Services.GetRequiredService<PortalOptions>().Proxies().Count > 0)
        {
            app.UseForwardedHeaders();
        }

        if (app.Environment.IsProduction())
        {
            // Every origin is https there; a proxy that forgets X-Forwarded-Proto must not make the forms fail.
            app.Use((context, next) =>
            {
                context.Request.Scheme = Uri.UriSchemeHttps;
                return next(context);
            });
        }

        app.UseMiddleware<SecurityHeaders>();
        app.UseStatusCodePagesWithReExecute("/errors/{0}");
        app.UseExceptionHandler(_ => { });
        app.UseMiddleware<KnownMethods>();
        app.UseStaffWeb(StaffOptionsOf(app.Configuration).Port);
        app.MapHealth();
        app.UseRequestTimeouts();
        app.UseLimitUntilFirstByte();
        app.UseResponseCompression();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl =
                file.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "public, max-age=3600",
        });
        app.UseMiddleware<SocietyByHost>();
        app.UseMiddleware<OwnPostsOnly>();
        app.UseRouting();
        app.UseMembersWeb();
        app.UseMiddleware<ReadableForms>();
        app.UseAuthorization();
        app.MapMembersWeb(app.Environment.IsProduction());
        app.MapRazorPages();
    }

    private static void AddPages(IServiceCollection services, bool isProduction)
    {
        services.AddRazorPages(pages =>
        {
            pages.Conventions.ConfigureFilter(new PageMethods());
            pages.Conventions.ConfigureFilter(new FormValuesOnly());
            if (isProduction)
            {
                pages.Conventions.AddFolderRouteModelConvention("/Dev", model => model.Selectors.Clear());
            }
        }).AddMvcOptions(mvc =>
        {
            mvc.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
            SayInJapanese(mvc.ModelBindingMessageProvider);

            // Names in jQuery's spelling (a[b]) are none of ours, and one with a bracket alone makes the framework throw.
            mvc.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
            mvc.ValueProviderFactories.RemoveType<JQueryQueryStringValueProviderFactory>();
        });
        services.Configure<WebEncoderOptions>(encoding => encoding.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.Configure<RouteOptions>(routes => routes.LowercaseUrls = true);
    }

    /// <summary>A value that is none for its field (no form of ours posts one) is refused in our words.</summary>
    private static void SayInJapanese(DefaultModelBindingMessageProvider words)
    {
        words.SetAttemptedValueIsInvalidAccessor((_, _) => SharedText.ValueInvalid);
        words.SetNonPropertyAttemptedValueIsInvalidAccessor(_ => SharedText.ValueInvalid);
        words.SetUnknownValueIsInvalidAccessor(_ => SharedText.ValueInvalid);
        words.SetNonPropertyUnknownValueIsInvalidAccessor(() => SharedText.ValueInvalid);
        words.SetValueIsInvalidAccessor(_ => SharedText.ValueInvalid);
        words.SetValueMustNotBeNullAccessor(_ => SharedText.ValueInvalid);
        words.SetMissingBindRequiredValueAccessor(_ => SharedText.ValueInvalid);
        words.SetMissingKeyOrValueAccessor(() => SharedText.ValueInvalid);
    }

    private static StaffOptions StaffOptionsOf(IConfiguration configuration) => configuration.GetSection(StaffOptions.Section).Get<StaffOptions>() ?? new StaffOptions();

    private static PortalOptions Bind(IConfiguration configuration) => configuration.GetSection(PortalOptions.Section).Get<PortalOptions>() ?? new PortalOptions();
}
