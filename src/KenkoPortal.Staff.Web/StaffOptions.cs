namespace KenkoPortal.Staff.Web;

/// <summary>Where the staff side listens. Without a port there is none.</summary>
public sealed class StaffOptions
{
    public const string Section = "Staff";

    /// <summary>In Production; in Development always loopback.</summary>
    public string BindAddress { get; set; } = "127.0.0.1";

    public int? Port { get; set; }
}
