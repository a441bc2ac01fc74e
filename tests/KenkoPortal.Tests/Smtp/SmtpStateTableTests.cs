using KenkoPortal.Smtp;

namespace KenkoPortal.Tests.Smtp;

public sealed class SmtpStateTableTests
{
    [Fact]
    public void Every_command_has_a_row() =>
        Assert.All(Enum.GetValues<SmtpVerb>(), v => SmtpStateTable.Next(SmtpState.Recipients, v));

    [Fact]
    public void Only_a_recipient_leads_to_data()
    {
        var leading = from state in Enum.GetValues<SmtpState>()
                      from verb in Enum.GetValues<SmtpVerb>()
                      where SmtpStateTable.Next(state, verb) is SmtpState.Data
                      select (state, verb);
        Assert.Equal([(SmtpState.Recipients, SmtpVerb.Data)], leading);
    }

    [Fact]
    public void Nothing_is_taken_before_the_client_said_who_it_is()
    {
        SmtpVerb[] transaction = [SmtpVerb.Mail, SmtpVerb.Rcpt, SmtpVerb.Data, SmtpVerb.StartTls];
        Assert.All(transaction, v => Assert.Null(SmtpStateTable.Next(SmtpState.Connected, v)));
    }

    [Fact]
    public void A_second_sender_needs_a_reset()
    {
        Assert.Null(SmtpStateTable.Next(SmtpState.Sender, SmtpVerb.Mail));
        Assert.Null(SmtpStateTable.Next(SmtpState.Recipients, SmtpVerb.Mail));
        Assert.Equal(SmtpState.Ready, SmtpStateTable.Next(SmtpState.Recipients, SmtpVerb.Rset));
    }

    [Fact]
    public void Data_and_the_closed_session_take_no_command() => Assert.All(Enum.GetValues<SmtpVerb>(), v =>
    {
        Assert.Null(SmtpStateTable.Next(SmtpState.Data, v));
        Assert.Null(SmtpStateTable.Next(SmtpState.Closed, v));
    });
}
