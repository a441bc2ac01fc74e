using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using KenkoPortal.Measure.Bench;
using KenkoPortal.Measure.Support;
using KenkoPortal.Measure.Verify;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var stopping = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var root = new RootCommand("Measures the portal; ./bench and ./verify start it.")
{
    new MeasureCommand(
        "bench", "How fast, beside its peers.", "docs/performance.md", Figure.Headings,
        [
            new LoginPage(),
            new Home(),
            new LoginStorm(),
            new Letters(),
            new Intake(),
            new Members(),
            new Start(),
            new Size(),
            new ClaimsReader(),
            new NoticesImport(),
            new Savings(),
            new NoticePages(),
            new NoticesSize(),
            new TaxPdf(),
            new NoticeMails(),
        ]).Build(),
    new MeasureCommand(
        "verify", "How hard to break.", "docs/reliability.md", Outcome.Headings, Promises.All).Build(),
    RenderLetters(),
    ReadClaims(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, stopping.Token);

// What `letters` starts as a process of its own.
Command RenderLetters()
{
    var (people, file) = (new Argument<int>("PEOPLE"), new Argument<string>("FILE"));
    var command = new Command(Letters.RenderCommand) { people, file };
    command.Hidden = true;
    command.SetAction((parsed, _) => Letters.RenderHereAsync(parsed.GetValue(people), parsed.GetValue(file)!));
    return command;
}

// What `claims-reader` starts as a process of its own.
Command ReadClaims()
{
    var file = new Argument<string>("FILE");
    var command = new Command(ClaimsReader.ReadCommand) { file };
    command.Hidden = true;
    command.SetAction(parsed => ClaimsReader.ReadHere(parsed.GetValue(file)!));
    return command;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stopping.IsCancellationRequested;
    stopping.Cancel();
}
