using KenkoPortal.Core.Accounts;
using KenkoPortal.Core.Common;
using KenkoPortal.Design.TagHelpers;

namespace KenkoPortal.Design.Fields;

/// <summary>The words for each fault of a field; null where there is none.</summary>
public static class FieldMessages
{
    public static string? Of(LoginIdFault fault) => fault switch
    {
        LoginIdFault.None => null,
        LoginIdFault.Empty => FieldText.LoginIdEmpty,
        LoginIdFault.Length => FieldText.LoginIdLength,
        LoginIdFault.Provisional => FieldText.LoginIdProvisional,
        LoginIdFault.EndsInDigit => FieldText.LoginIdEndsInDigit,
        _ => FieldText.LoginIdCharacters,
    };

    public static string? Of(PasswordFault fault) => fault switch
    {
        PasswordFault.None => null,
        PasswordFault.Empty => FieldText.PasswordEmpty,
        PasswordFault.TooShort => FieldText.PasswordTooShort,
        PasswordFault.TooLong => FieldText.PasswordTooLong,
        PasswordFault.NeedsLowerAndDigit => FieldText.PasswordNeedsLowerAndDigit,
        PasswordFault.Provisional => FieldText.PasswordProvisional,
        PasswordFault.Unchanged => FieldText.PasswordUnchanged,
        PasswordFault.Common => Guessable(FieldText.PasswordOfWords),
        PasswordFault.Pattern => Guessable(FieldText.PasswordOfPattern),
        PasswordFault.BirthDate => Guessable(FieldText.PasswordOfBirthDate),
        PasswordFault.LoginId => Guessable(FieldText.PasswordOfLoginId),
        PasswordFault.Nickname => Guessable(FieldText.PasswordOfNickname),
        PasswordFault.Name => Guessable(FieldText.PasswordOfName),
        PasswordFault.Card => Guessable(FieldText.PasswordOfCard),
        PasswordFault.Address => Guessable(FieldText.PasswordOfAddress),
        PasswordFault.Society => Guessable(FieldText.PasswordOfSociety),
        _ => FieldText.PasswordCharacters,
    };

    public static string? Of(NicknameFault fault) => fault switch
    {
        NicknameFault.None => null,
        NicknameFault.Empty => FieldText.NicknameEmpty,
        NicknameFault.TooLong => FieldText.NicknameTooLong.With(Nickname.Longest),
        _ => FieldText.NicknameCharacters,
    };

    /// <summary>What the password is made of, and how to find a better one.</summary>
    private static string Guessable(string of) => FieldText.PasswordGuessable.With(of);

    /// <summary>For an address that could not be parsed.</summary>
    public static string OfAddress(string typed) => string.IsNullOrWhiteSpace(typed) ? FieldText.AddressEmpty : FieldText.AddressForm;
}
