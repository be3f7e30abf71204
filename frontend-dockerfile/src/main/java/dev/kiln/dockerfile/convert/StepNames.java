package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.shell.Environment;
import dev.kiln.dockerfile.shell.ExpansionException;
import dev.kiln.dockerfile.shell.ShellLexer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of vertices as clients show them, such as {@code [build 2/4] RUN make}. */
final class StepNames {

  private StepNames() {}

  /**
   * What stands before the instruction in the name of a stage's next step. Counts the step.
   *
   * @param platform shown if several platforms are built, or null
   * @param env variables that may say that the step compiles for another platform
   */
  static String nextPrefix(
      BuildStage stage, boolean multiPlatform, @Nullable Platform platform, Environment env) {
    if (stage.stepTotal == 0) {
      return "";
    }
    StringBuilder out = new StringBuilder("[");
    if (multiPlatform && platform != null) {
      out.append(platform.formatAll()).append(crossTarget(platform, env)).append(' ');
    }
    if (!stage.shownName.isEmpty()) {
      out.append(stage.shownName).append(' ');
    }
    stage.stepIndex++;
    String total = Integer.toString(stage.stepTotal);
    String index = Integer.toString(stage.stepIndex);
    out.append(" ".repeat(Math.max(0, total.length() - index.length())));
    out.append(index).append('/').append(total).append("] ");
    if (stage.stepOnBuild) {
      out.append("ONBUILD ");
    }
    return out.toString();
  }

  /** The instruction with variables expanded as far as they are known, its keyword in capitals. */
  static String shown(ShellLexer lexer, String code, Environment env) {
    String text;
    try {
      text = lexer.expand(code, env).text();
    } catch (ExpansionException e) {
      text = code;
    }
    int space = text.indexOf(' ');
    return space < 0
        ? text.toUpperCase(Locale.ROOT)
        : text.substring(0, space).toUpperCase(Locale.ROOT) + text.substring(space);
  }

  private static String crossTarget(Platform base, Environment env) {
    Platform target = targetOf(env);
    if (target == null) {
      return "";
    }
    Platform full =
        new Platform(
                target.os().isEmpty() ? base.os() : target.os(),
                target.architecture().isEmpty() ? base.architecture() : target.architecture(),
                target.variant(),
                target.osVersion(),
                target.osFeatures())
            .normalized();
    if (!full.os().equals(base.os())) {
      return "->" + full.formatAll();
    }
    if (full.architecture().equals(base.architecture())) {
      return "";
    }
    return "->" + full.architecture() + (full.variant().isEmpty() ? "" : "/" + full.variant());
  }

  private static @Nullable Platform targetOf(Environment env) {
    String whole = env.get("TARGETPLATFORM");
    if (whole != null) {
      try {
        return Platform.parse(whole);
      } catch (IllegalArgumentException e) {
        // Not a platform: the parts may still be.
      }
    }
    String os = env.get("TARGETOS");
    String architecture = env.get("TARGETARCH");
    String variant = env.get("TARGETVARIANT");
    if (os == null && architecture == null && variant == null) {
      return null;
    }
    return Platform.of(orEmpty(os), orEmpty(architecture), orEmpty(variant));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** The first line of a here-document, for a name. */
  static String summary(String document) {
    String text = document.strip();
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end).replace("\r", "") + "...";
  }
}
