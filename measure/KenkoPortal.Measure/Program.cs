using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using KenkoPortal.Measure.Bench;
using KenkoPortal.Measure.Support;

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
        ]).Build(),
    new MeasureCommand(
        "verify", "How hard to break.", "docs/reliability.md", ["what", "database", "acked", "lost", "duplicated", "corrupt", ""],
        []).Build(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, stopping.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stopping.IsCancellationRequested;
    stopping.Cancel();
}
