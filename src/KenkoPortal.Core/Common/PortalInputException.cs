namespace KenkoPortal.Core.Common;

/// <summary>Something that a person gave cannot be used. The message is Japanese, says what to do, and is shown as it is.</summary>
public sealed class PortalInputException(string message) : Exception(message);
