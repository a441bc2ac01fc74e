using System.Text.Json;
using KenkoPortal.Core.Common;

namespace KenkoPortal.Web.Commands;

/// <summary>Where <c>serve</c> answered last in Development; kept in the data folder, so that a society on localhost gets the right origin.</summary>
/// <param name="Port">The pages' port.</param>
/// <param name="SmtpPort">The mail listener's port.</param>
internal sealed record ServingPlace(int Port, int SmtpPort)
{
    private const string FileName = "serve.json";

    public string Origin => OriginOf(Port);

    /// <summary>The origin of a new society that is given none.</summary>
    public static string DefaultOrigin(string host, string dataDirectory, int port) =>
        host == "localhost" ? Read(dataDirectory)?.Origin ?? OriginOf(port) : $"https://{host}";

    public static ServingPlace? Read(string dataDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize<ServingPlace>(File.ReadAllBytes(Path.Combine(dataDirectory, FileName)));
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        var fresh = Path.Combine(dataDirectory, $".{Guid.CreateVersion7():N}");
        PrivateFiles.WriteAllText(fresh, JsonSerializer.Serialize(this));
        File.Move(fresh, path, overwrite: true);
    }

    private static string OriginOf(int port) => $"http://localhost:{port}";
}
