using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace KenkoPortal.Web.Infrastructure.Smtp;

/// <summary>The certificate for STARTTLS. Its files are read again when they change, so that a renewal needs no restart.</summary>
public sealed partial class SmtpCertificate
{
    private readonly string? path;
    private readonly string? keyPath;
    private readonly ILogger logger;
    private readonly Lock sync = new();
    private DateTime readAt;
    private SslStreamCertificateContext? context;

    public SmtpCertificate(string? path, string? keyPath, ILogger<SmtpCertificate> logger)
    {
        this.path = path;
        this.keyPath = keyPath;
        this.logger = logger;
        if (path is not null)
        {
            context = Read(path);
            readAt = File.GetLastWriteTimeUtc(path);
        }
    }

    /// <summary>Null: none is configured.</summary>
    public SslStreamCertificateContext? Current()
    {
        if (path is null)
        {
            return null;
        }

        lock (sync)
        {
            var writtenAt = File.GetLastWriteTimeUtc(path);
            if (writtenAt != readAt)
            {
                readAt = writtenAt;
                try
                {
                    context = Read(path);
                }
                catch (Exception e)
                {
                    // Half-written perhaps: the old one serves until the file changes again.
                    LogUnreadable(e.GetType().Name);
                }
            }

            return context;
        }
    }

    private SslStreamCertificateContext Read(string file)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(file, keyPath), chain, offline: true);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The mail listener's new certificate could not be read ({Error}); the old one stays")]
    private partial void LogUnreadable(string error);
}
