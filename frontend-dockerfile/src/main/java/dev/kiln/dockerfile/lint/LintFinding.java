package dev.kiln.dockerfile.lint;

import static dev.kiln.dockerfile.text.Quoted.quoted;

/** A rule together with the message for one case. There is one factory for each rule. */
public record LintFinding(LintRule rule, String message) {

  public static LintFinding stageNameCasing(String stage) {
    return new LintFinding(
        LintRule.STAGE_NAME_CASING, "Stage name '%s' should be lowercase".formatted(stage));
  }

  public static LintFinding fromAsCasing(String from, String as) {
    return new LintFinding(
        LintRule.FROM_AS_CASING, "'%s' and '%s' keywords' casing do not match".formatted(as, from));
  }

  public static LintFinding noEmptyContinuation() {
    return new LintFinding(LintRule.NO_EMPTY_CONTINUATION, "Empty continuation line");
  }

  /**
   * An instruction is not in the case that most are in.
   *
   * @param casing {@code lowercase} or {@code uppercase}
   */
  public static LintFinding consistentInstructionCasing(String keyword, String casing) {
    return new LintFinding(
        LintRule.CONSISTENT_INSTRUCTION_CASING,
        "Command '%s' should match the case of the command majority (%s)"
            .formatted(keyword, casing));
  }

  public static LintFinding duplicateStageName(String stage) {
    return new LintFinding(
        LintRule.DUPLICATE_STAGE_NAME,
        "Duplicate stage name %s, stage names should be unique".formatted(quoted(stage)));
  }

  public static LintFinding reservedStageName(String stage) {
    return new LintFinding(
        LintRule.RESERVED_STAGE_NAME,
        "Stage name should not use the same name as reserved stage " + quoted(stage));
  }

  public static LintFinding jsonArgsRecommended(String keyword) {
    return new LintFinding(
        LintRule.JSON_ARGS_RECOMMENDED,
        "JSON arguments recommended for %s to prevent unintended behavior related to OS signals"
            .formatted(keyword));
  }

  public static LintFinding maintainerDeprecated() {
    return new LintFinding(
        LintRule.MAINTAINER_DEPRECATED,
        "Maintainer instruction is deprecated in favor of using label");
  }

  /**
   * FROM uses an argument that is not declared.
   *
   * @param suggestion the argument that was probably meant, or empty
   */
  public static LintFinding undefinedArgInFrom(String arg, String suggestion) {
    String hint = suggestion.isEmpty() ? "" : " (did you mean " + suggestion + "?)";
    return new LintFinding(
        LintRule.UNDEFINED_ARG_IN_FROM, "FROM argument '" + arg + "' is not declared" + hint);
  }

  public static LintFinding workdirRelativePath(String path) {
    return new LintFinding(
        LintRule.WORKDIR_RELATIVE_PATH,
        "Relative workdir %s can have unexpected results if the base image changes"
            .formatted(quoted(path)));
  }

  /**
   * A variable is used that nothing defines.
   *
   * @param suggestion the variable that was probably meant, or empty
   */
  public static LintFinding undefinedVar(String variable, String suggestion) {
    String hint = suggestion.isEmpty() ? "" : " (did you mean $" + suggestion + "?)";
    return new LintFinding(
        LintRule.UNDEFINED_VAR, "Usage of undefined variable '$" + variable + "'" + hint);
  }

  public static LintFinding multipleInstructionsDisallowed(String keyword) {
    return new LintFinding(
        LintRule.MULTIPLE_INSTRUCTIONS_DISALLOWED,
        "Multiple %s instructions should not be used in the same stage because only the last one will be used"
            .formatted(keyword));
  }

  public static LintFinding legacyKeyValueFormat(String keyword) {
    return new LintFinding(
        LintRule.LEGACY_KEY_VALUE_FORMAT,
        "\"%1$s key=value\" should be used instead of legacy \"%1$s key value\" format"
            .formatted(keyword));
  }

  public static LintFinding invalidBaseImagePlatform(String image, String expected, String actual) {
    return new LintFinding(
        LintRule.INVALID_BASE_IMAGE_PLATFORM,
        "Base image %s was pulled with platform %s, expected %s for current build"
            .formatted(image, quoted(actual), quoted(expected)));
  }

  public static LintFinding redundantTargetPlatform(String platformFlag) {
    return new LintFinding(
        LintRule.REDUNDANT_TARGET_PLATFORM,
        "Setting platform to predefined %s in FROM is redundant as this is the default behavior"
            .formatted(platformFlag));
  }

  public static LintFinding secretsUsedInArgOrEnv(String keyword, String key) {
    return new LintFinding(
        LintRule.SECRETS_USED_IN_ARG_OR_ENV,
        "Do not use ARG or ENV instructions for sensitive data (%s %s)"
            .formatted(keyword, quoted(key)));
  }

  public static LintFinding invalidDefaultArgInFrom(String baseName) {
    return new LintFinding(
        LintRule.INVALID_DEFAULT_ARG_IN_FROM,
        "Default value for ARG %s results in empty or invalid base image name".formatted(baseName));
  }

  public static LintFinding fromPlatformFlagConstDisallowed(String platform) {
    return new LintFinding(
        LintRule.FROM_PLATFORM_FLAG_CONST_DISALLOWED,
        "FROM --platform flag should not use constant value " + quoted(platform));
  }

  /**
   * A source is excluded from the build context.
   *
   * @param verb {@code Copy} or {@code Add}
   */
  public static LintFinding copyIgnoredFile(String verb, String file) {
    return new LintFinding(
        LintRule.COPY_IGNORED_FILE,
        "Attempting to %s file %s that is excluded by .dockerignore".formatted(verb, quoted(file)));
  }

  public static LintFinding invalidDefinitionDescription(String keyword, String name) {
    return new LintFinding(
        LintRule.INVALID_DEFINITION_DESCRIPTION,
        "Comment for %s should follow the format: `# %s <description>`".formatted(keyword, name));
  }

  public static LintFinding exposeProtoCasing(String port) {
    return new LintFinding(
        LintRule.EXPOSE_PROTO_CASING,
        "Defined protocol '%s' in EXPOSE instruction should be lowercase".formatted(port));
  }

  public static LintFinding exposeInvalidFormat(String port) {
    return new LintFinding(
        LintRule.EXPOSE_INVALID_FORMAT,
        "EXPOSE instruction should not define an IP address or host-port mapping, found '%s'"
            .formatted(port));
  }
}
