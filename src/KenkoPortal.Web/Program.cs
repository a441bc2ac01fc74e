using System.Globalization;
using System.Runtime.InteropServices;
using KenkoPortal.Web.Commands;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = PortalCommandLine.Japanese;
using var stopping = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await PortalCommandLine.RunAsync(args, CommandSurroundings.OfProcess(stopping.Token));

// The first signal asks for an end in order; a second one, from somebody who does not want to wait, ends the process.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stopping.IsCancellationRequested;
    stopping.Cancel();
}
