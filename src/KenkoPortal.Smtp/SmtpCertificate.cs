using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace KenkoPortal.Smtp;

/// <summary>The certificate for STARTTLS. Its files are read again when they change, so that a renewal needs no restart.</summary>
public sealed partial class SmtpCertificate
{
    private readonly string? _path;
    private readonly string? _keyPath;
    private readonly ILogger _logger;
    private readonly Lock _sync = new();
    private DateTime _readAt;
    private SslStreamCertificateContext? _context;

    public SmtpCertificate(string? path, string? keyPath, ILogger<SmtpCertificate> logger)
    {
        _path = path;
        _keyPath = keyPath;
        _logger = logger;
        if (path is not null)
        {
            _context = Read(path);
            _readAt = File.GetLastWriteTimeUtc(path);
        }
    }

    /// <summary>Null: none is configured.</summary>
    public SslStreamCertificateContext? Current()
    {
        if (_path is null)
        {
            return null;
        }

        lock (_sync)
        {
            var writtenAt = File.GetLastWriteTimeUtc(_path);
            if (writtenAt != _readAt)
            {
                _readAt = writtenAt;
                try
                {
                    _context = Read(_path);
                }
                catch (Exception e)
                {
                    // Half-written perhaps: the old one serves until the file changes again.
                    LogUnreadable(e.GetType().Name);
                }
            }

            return _context;
        }
    }

    private SslStreamCertificateContext Read(string file)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(file, _keyPath), chain, offline: true);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The mail listener's new certificate could not be read ({Error}); the old one stays")]
    private partial void LogUnreadable(string error);
}
