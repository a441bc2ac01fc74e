using System.Globalization;
using KenkoPortal.Core.Audit;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Core.Members;
using Microsoft.EntityFrameworkCore;

namespace KenkoPortal.Core.Accounts;

/// <summary>An address that gets no notice mails because mails to it came back.</summary>
/// <param name="Card">記号-番号-枝番 of whose it is.</param>
/// <param name="MaskedAddress"><c>k***@e***.jp</c>.</param>
/// <param name="Since">When it was marked.</param>
public sealed record MarkedAddress(string? Card, string MaskedAddress, DateTimeOffset Since)
{
    /// <summary>No card and no address: it may get into a log.</summary>
    public override string ToString() => Since.ToString("O", CultureInfo.InvariantCulture);
}

/// <summary>The addresses that are marked, for staff; each look and each lift leaves an event.</summary>
public sealed class SuppressionList(PortalContext db, UnitOfWork work, AuditTrail audit)
{
    /// <summary>All of the society, the newest mark first.</summary>
    public Task<IReadOnlyList<MarkedAddress>> ListAsync(CancellationToken cancellationToken) => work.CommitAsync<IReadOnlyList<MarkedAddress>>(
        async () =>
        {
            var marked = await (
                from address in db.AccountMailAddresses.AsNoTracking()
                join account in db.MemberAccounts on address.AccountId equals account.Id
                where address.BouncedAt != null
                orderby address.BouncedAt descending
                select new { address.Address, address.BouncedAt, account.PersonId }).ToListAsync(cancellationToken);
            audit.Add(AuditKind.SuppressionShown, detail: string.Create(CultureInfo.InvariantCulture, $"addresses={marked.Count}"));
            var cards = await CardLabels.OfAsync(db, [.. marked.Select(m => m.PersonId).Distinct()], cancellationToken);
            return marked.ConvertAll(m => new MarkedAddress(
                cards.GetValueOrDefault(m.PersonId), EmailAddress.TryParseSetting(m.Address, out var read) ? read.Masked : "***", m.BouncedAt!.Value));
        },
        cancellationToken);

    /// <summary>Takes the marks off a person's addresses: mails go there again.</summary>
    /// <returns>How many were marked.</returns>
    public Task<int> LiftAsync(Guid personId, CancellationToken cancellationToken) => work.CommitAsync(
        async () =>
        {
            var marked = await (
                from address in db.AccountMailAddresses
                join account in db.MemberAccounts on address.AccountId equals account.Id
                where account.PersonId == personId && address.BouncedAt != null
                select address).ToListAsync(cancellationToken);
            foreach (var address in marked)
            {
                address.ForgetBounces();
                audit.Add(AuditKind.SuppressionLifted, address.AccountId, "by=staff");
            }

            return marked.Count;
        },
        cancellationToken);
}
