using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Loader;
using KenkoPortal.Core.Common;
using KenkoPortal.Core.Data;
using KenkoPortal.Design.Layout;
using KenkoPortal.Members.Web;
using KenkoPortal.Staff.Web;
using KenkoPortal.Web.Infrastructure.Hosting;

using Portal = ArchUnitNET.Domain.Architecture;

namespace KenkoPortal.Tests.Architecture;

/// <summary>One type uses another.</summary>
/// <param name="From">The folder of the user: a feature of Core, or a web project and its folder, as <c>Members.Web.Pages</c>.</param>
/// <param name="To">The folder of the used type.</param>
/// <param name="Example">Both types, for the message.</param>
internal sealed record Use(string From, string To, string Example);

/// <summary>Code that adds, changes or deletes rows of a table.</summary>
/// <param name="Writer">Folder and type of the code.</param>
/// <param name="Feature">The folder of the code.</param>
/// <param name="Entity">The table's entity.</param>
/// <param name="Owner">The feature that owns the table.</param>
internal sealed record TableWrite(string Writer, string Feature, string Entity, string Owner);

/// <summary>Core and the web projects as the compiler left them.</summary>
internal static class CompiledPortal
{
    private const string Root = "KenkoPortal.";
    private const string Core = "KenkoPortal.Core.";

    /// <summary>The web projects, by the name before their folders.</summary>
    private static readonly string[] WebProjects = ["Design", "Members.Web", "Staff.Web", "Web"];

    private static readonly Portal Code = new ArchLoader().LoadAssemblies(typeof(PortalContext).Assembly, typeof(PortalPage).Assembly, typeof(MembersWeb).Assembly, typeof(StaffWeb).Assembly, typeof(PortalHost).Assembly).Build();
    private static readonly string[] DbSetWrites = ["Add", "AddAsync", "AddRange", "AddRangeAsync", "Attach", "Remove", "RemoveRange", "Update", "UpdateRange"];
    private static readonly HashSet<string> Entities =
        [.. typeof(PortalContext).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(ITenantOwned)) && type is { IsClass: true, IsAbstract: false }).Select(type => type.FullName!)];

    /// <summary>Every use of a type of another folder, once for each pair of folders.</summary>
    public static IReadOnlyList<Use> Uses { get; } =
    [
        .. (from type in Own
            let user = FolderOf(type)
            from dependency in type.Dependencies
            from target in Flat(dependency.TargetGenericArguments).Prepend(dependency.Target)
            where target is not GenericParameter
            let to = FolderOf(target)
            where to.Length > 0 && user != to
            select new Use(user, to, $"{type.Name} → {target.Name}")).DistinctBy(use => (use.From, use.To)),
    ];

    /// <summary>Every write of a table by code of another feature.</summary>
    public static IReadOnlyList<TableWrite> ForeignWrites { get; } =
    [
        .. (from type in Own
            let feature = FolderOf(type)
            from call in type.Dependencies.OfType<MethodCallDependency>()
            from entity in WrittenBy(call)
            where Entities.Contains(entity.FullName) && FolderOf(entity) != feature
            select new TableWrite($"{feature}/{OuterName(type)}", feature, entity.Name, FolderOf(entity))).Distinct(),
    ];

    private static IEnumerable<IType> Own => Code.Types.Where(type => FolderOf(type).Length > 0);

    private static IEnumerable<IType> WrittenBy(MethodCallDependency call)
    {
        var name = call.TargetMember.Name.Split('(')[0];
        return call.Target.FullName.StartsWith("Microsoft.EntityFrameworkCore.DbSet", StringComparison.Ordinal) && DbSetWrites.Contains(name, StringComparer.Ordinal) ? Flat(call.TargetGenericArguments)
            : name.StartsWith("ExecuteUpdate", StringComparison.Ordinal) || name.StartsWith("ExecuteDelete", StringComparison.Ordinal) ? Flat(call.TargetMemberGenericArguments)
            : name.StartsWith("set_", StringComparison.Ordinal) && !IsInitOnly(call) ? [call.Target]
            : [];
    }

    /// <summary>An entity that is made, and not yet stored, may be filled by anybody.</summary>
    private static bool IsInitOnly(MethodCallDependency call) =>
        call.Target.Members.OfType<PropertyMember>().FirstOrDefault(p => "set_" + p.Name == call.TargetMember.Name.Split('(')[0])?.Writability == Writability.InitOnly;

    private static IEnumerable<IType> Flat(IEnumerable<GenericArgument> arguments) => arguments.SelectMany(argument => Flat(argument.GenericArguments).Prepend(argument.Type));

    /// <summary>Async methods and lambdas are nested types: the outermost one is what the reader knows.</summary>
    private static string OuterName(IType type) => type.FullName[(type.Namespace.FullName.Length + 1)..].Split('+', '/', '`')[0];

    /// <summary>Whether a folder belongs to a web project.</summary>
    public static bool IsWeb(string folder) => WebProjects.Any(project => folder == project || folder.StartsWith(project + ".", StringComparison.Ordinal));

    private static string FolderOf(IType type)
    {
        var full = type.Namespace?.FullName ?? "";
        if (full.StartsWith(Core, StringComparison.Ordinal))
        {
            return full[Core.Length..].Split('.')[0];
        }

        var project = WebProjects.FirstOrDefault(name => full == Root + name || full.StartsWith($"{Root}{name}.", StringComparison.Ordinal));
        return project is null ? "" : string.Join('.', full[Root.Length..].Split('.').Take(project.Split('.').Length + 1));
    }
}
