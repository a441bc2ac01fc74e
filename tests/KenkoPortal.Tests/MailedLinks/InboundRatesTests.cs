using System.ComponentModel.DataAnnotations;
using System.Net;
using KenkoPortal.Core.MailedLinks;
using KenkoPortal.Tests.Support;

namespace KenkoPortal.Tests.MailedLinks;

/// <summary>S5, row M12: what one peer and one sender domain may ask for.</summary>
public sealed class InboundRatesTests
{
    private static readonly Guid Minato = Guid.CreateVersion7();
    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.200", "192.0.3.1")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:ffff::9", "2001:db8:2::1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.9", "::ffff:192.0.3.1")]
    public void M12_A_network_has_thirty_at_once_and_three_hundred_an_hour(string one, string neighbour, string other)
    {
        var rates = new InboundRates(new InboundRateOptions(), _clock);
        var taken = Enumerable.Range(0, 600).Count(i => rates.TryAsk(Minato, IPAddress.Parse(i % 2 == 0 ? one : neighbour), $"d{i}.example"));
        Assert.Equal(30, taken);
        Assert.True(rates.TryAsk(Minato, IPAddress.Parse(other), "d.example"));
        Assert.True(rates.TryAsk(Guid.CreateVersion7(), IPAddress.Parse(one), "d.example"));
        for (var minute = 0; minute < 60; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            taken += Enumerable.Range(0, 30).Count(i => rates.TryAsk(Minato, IPAddress.Parse(one), $"e{i}.example"));
        }

        Assert.InRange(taken, 325, 330);
    }

    [Fact]
    public void M12_A_domain_has_a_rate_of_its_own_that_no_single_peer_uses_up_and_carriers_have_ten_times_of_it()
    {
        var rates = new InboundRates(new InboundRateOptions(), _clock);
        int Taken(int peers, string domain) => Enumerable.Range(0, peers * 100).Count(i => rates.TryAsk(Minato, IPAddress.Parse($"10.{domain.Length}.{i / 100}.1"), domain));
        Assert.Equal(30, Taken(1, "kaze.example.jp"));
        Assert.Equal(30, Taken(20, "kaze.example.jp"));
        Assert.Equal(600, Taken(40, "DOCOMO.ne.jp".ToLowerInvariant()));
    }

    [Fact]
    public void M12_A_borrowed_carriers_name_gives_a_peer_nothing_but_a_named_network_has_ten_times_as_much()
    {
        var rates = new InboundRates(new InboundRateOptions { CarrierNetworks = "203.0.113.0/24, 2001:db8::/32" }, _clock);
        int Taken(string peer) => Enumerable.Range(0, 1000).Count(_ => rates.TryAsk(Minato, IPAddress.Parse(peer), "docomo.ne.jp"));
        Assert.Equal(30, Taken("198.51.100.7"));
        Assert.Equal(300, Taken("203.0.113.7"));
        Assert.NotEmpty(new InboundRateOptions { CarrierNetworks = "203.0.113.0/99" }.Validate(new ValidationContext(rates)));
    }
}
