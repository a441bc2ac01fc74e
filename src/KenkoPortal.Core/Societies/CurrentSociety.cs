using KenkoPortal.Core.Data;

namespace KenkoPortal.Core.Societies;

/// <summary>The society that the running request, job or command acts in. Set once for a scope and never changed.</summary>
public sealed class CurrentSociety
{
    private Society? _society;

    /// <summary>True when a society was found; without one no tenant row can be read or written.</summary>
    public bool IsKnown => _society is not null;

    /// <summary>The empty id where none is set: it matches no row.</summary>
    public Guid Id => _society?.Id ?? Guid.Empty;

    public Society Society => _society ?? throw new InvalidOperationException("No society is set for this scope.");

    /// <summary>As of when the request found the society; null in jobs and commands.</summary>
    public RowsVersion? Version { get; private set; }

    /// <summary>Only while scheduling: the few columns that tell which society has work may be read across societies.</summary>
    public bool IsScheduling { get; private set; }

    /// <exception cref="InvalidOperationException">The scope already acts in another society.</exception>
    public void Set(Society society, RowsVersion? version = null)
    {
        if (_society is not null && _society.Id != society.Id)
        {
            throw new InvalidOperationException("A scope acts in one society only.");
        }

        (_society, Version) = (society, version);
    }

    public void BeginScheduling() => IsScheduling = _society is null
        ? true
        : throw new InvalidOperationException("A scope with a society schedules nothing.");
}
