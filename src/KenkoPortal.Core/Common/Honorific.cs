namespace KenkoPortal.Core.Common;

/// <summary>さん, which every page puts behind a nickname (the manual's ニックネームさん).</summary>
public static class Honorific
{
    private const string San = "さん";

    /// <summary>A nickname without the さん that somebody gave it themselves: nobody is called けんさんさん.</summary>
    public static string Without(string nickname) => nickname.Length > San.Length && nickname.EndsWith(San, StringComparison.Ordinal) ? nickname[..^San.Length] : nickname;
}
