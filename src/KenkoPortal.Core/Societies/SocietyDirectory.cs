using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Societies;

/// <summary>Finds societies. Read anew each time, so that settings act at once whichever process wrote them.</summary>
public sealed class SocietyDirectory(PortalContext db, PortalDatabase database)
{
    /// <summary>By the address that empty mails are sent to, without regard to case.</summary>
    public Task<Society?> FindByRegistrationAddressAsync(string address, CancellationToken cancellationToken)
    {
        var wanted = address.ToLowerInvariant();
        return db.Societies.AsNoTracking().SingleOrDefaultAsync(s => s.RegistrationAddress == wanted, cancellationToken);
    }

    /// <summary>All of them, by key.</summary>
    public Task<List<Society>> AllAsync(CancellationToken cancellationToken) => SocietyRows.ReadAsync(database, cancellationToken);

    /// <summary>By key; without one, the only society that there is.</summary>
    /// <exception cref="PortalInputException">No society has the key, or there are several and no key was given.</exception>
    public async Task<Society> ByKeyAsync(string? key, CancellationToken cancellationToken)
    {
        var all = await AllAsync(cancellationToken);
        return (all, key) switch
        {
            ([], _) => throw new PortalInputException(SocietyText.NoneYet),
            ([var only], null) => only,
            (_, null) => throw new PortalInputException(SocietyText.KeyNeeded.With(string.Join(", ", all.Select(s => s.Key)))),
            _ => all.SingleOrDefault(s => s.Key == key) ?? throw new PortalInputException(SocietyText.KeyUnknown.With(key, string.Join(", ", all.Select(s => s.Key)))),
        };
    }
}
