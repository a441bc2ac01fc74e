using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KenkoPortal.Smtp;

/// <summary>Wires the listener into a host.</summary>
public static class SmtpListenerSetup
{
    /// <summary>Registers the listener's parts; <see cref="ListenSmtp"/> opens its port.</summary>
    /// <param name="section">The section of the settings that holds <see cref="SmtpListenerOptions"/>.</param>
    /// <param name="host">Makes the host. It may hand its envelopes to the registered <see cref="EnvelopeBatcher{TEnvelope}"/>.</param>
    /// <param name="commit">Makes the commit of received envelopes.</param>
    public static IServiceCollection AddSmtpListener<TEnvelope>(
        this IServiceCollection services, string section, Func<IServiceProvider, ISmtpHost> host, Func<IServiceProvider, EnvelopeCommit<TEnvelope>> commit)
    {
        services.AddOptions<SmtpListenerOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(host);
        services.AddSingleton(s => new EnvelopeBatcher<TEnvelope>(
            commit(s), Options(s).Batch, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<EnvelopeBatcher<TEnvelope>>>()));
        services.AddSingleton(s => new SmtpConnectionGate(Options(s).MaxConnections, Options(s).MaxConnectionsPerAddress));
        services.AddSingleton(s => new SmtpCertificate(
            Options(s).CertificatePath, Options(s).CertificateKeyPath, s.GetRequiredService<ILogger<SmtpCertificate>>()));
        services.AddSingleton<SmtpConnectionHandler>();
        // What a client may push ahead while its session waits for the disk. Kestrel's own limit, 1 MB, times 500 is too much.
        services.Configure<SocketTransportOptions>(o => o.MaxReadBufferSize = 256 * 1024);
        return services;
    }

    /// <summary>Opens the port that the options say. Kestrel then no longer listens on the configured URLs by itself: the host
    /// must name its HTTP endpoint here too.</summary>
    public static void ListenSmtp(this KestrelServerOptions kestrel)
    {
        var options = Options(kestrel.ApplicationServices);
        // Reads the certificate now: a wrong one shows at the start, not at the first mail.
        _ = kestrel.ApplicationServices.GetRequiredService<SmtpCertificate>();
        kestrel.Listen(IPAddress.Parse(options.BindAddress), options.Port, endpoint => endpoint.UseConnectionHandler<SmtpConnectionHandler>());
    }

    private static SmtpListenerOptions Options(IServiceProvider services) =>
        services.GetRequiredService<IOptions<SmtpListenerOptions>>().Value;
}
