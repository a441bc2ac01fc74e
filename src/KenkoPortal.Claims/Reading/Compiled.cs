using System.Runtime.CompilerServices;

namespace KenkoPortal.Claims.Reading;

/// <summary>
/// Marks what the lines of a file go through. A claims file is read once, by a process that has just started: on one core .NET waits a second before it compiles
/// anew what it first compiled without optimisation, and then counts once more what is called how, so that 200 MB are over before the fast code is there.
/// </summary>
internal static class Compiled
{
    public const MethodImplOptions AtOnce = MethodImplOptions.AggressiveOptimization;
}
