using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using KenkoPortal.Measure.Support;

namespace KenkoPortal.Measure.Bench;

/// <summary>What the portal's pages are measured beside, each a process of its own.</summary>
internal static partial class Peers
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>Kestrel and nothing else: it answers <c>hello</c>.</summary>
    /// <returns>Its only URL.</returns>
    public static Task<string> StartHelloAsync(Ground ground) =>
        StartAsync(ground, Path.Combine(AppContext.BaseDirectory, "KenkoPortal.Hello.dll"), AppContext.BaseDirectory, "/");

    /// <summary>
    /// The stock template with accounts, <c>dotnet new webapp --auth Individual</c>, on its SQLite. Its references to the design-time
    /// packages, which do nothing at run time, are taken out.
    /// </summary>
    /// <returns>The URL of its login page.</returns>
    public static async Task<string> StartTemplateAsync(Ground ground)
    {
        ground.Tell("building the stock template");
        var (folder, output) = (ground.NewFolder("template"), ground.NewFolder("template-built"));
        (await Child.RunAsync(ground, ["dotnet", "new", "webapp", "--auth", "Individual", "-n", "Stock", "-o", folder, "--no-restore"], BuildLimit, folder: folder)).Succeeded("dotnet new");
        var project = Path.Combine(folder, "Stock.csproj");
        await File.WriteAllTextAsync(project, DesignTime().Replace(await File.ReadAllTextAsync(project, ground.Cancellation), ""), ground.Cancellation);
        (await Child.RunAsync(
            ground, ["dotnet", "publish", project, "-c", "Release", "-o", output, "-v", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:NuGetAudit=false"], BuildLimit, folder: folder))
            .Succeeded("building the stock template");
        return await StartAsync(ground, Path.Combine(output, "Stock.dll"), output, "/Identity/Account/Login");
    }

    private static async Task<string> StartAsync(Ground ground, string program, string folder, string path)
    {
        var origin = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{PortalProcess.FreePort()}");
        var child = Child.Start(ground, ["dotnet", program, "--urls", origin], folder: folder);
        // It may say what it likes; a full pipe would stop it.
        _ = child.Output.BaseStream.CopyToAsync(Stream.Null);
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        while (child.Age < StartLimit && !child.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(origin + path), ground.Cancellation);
                return answer.StatusCode is HttpStatusCode.OK ? origin + path : throw new MeasureException($"{program} answers {(int)answer.StatusCode}");
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, ground.Cancellation);
            }
        }

        throw new MeasureException($"{program} did not start: {await File.ReadAllTextAsync(child.ErrorFile, CancellationToken.None)}");
    }

    [GeneratedRegex(@"<PackageReference Include=""Microsoft\.EntityFrameworkCore\.(Design|Tools)"".*?/>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DesignTime();
}
