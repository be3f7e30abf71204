package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.context.BuildContexts;
import dev.kiln.dockerfile.context.BuildOptions;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.SourceMap;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.dockerfile.shell.Environment;
import dev.kiln.dockerfile.shell.Expansion;
import dev.kiln.dockerfile.shell.ExpansionException;
import dev.kiln.dockerfile.shell.ShellLexer;
import dev.kiln.solver.pb.ProxyEnv;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all stages of one conversion share.
 *
 * @param buildArgs values that the user gave to arguments, as this conversion sees them
 * @param globals arguments before the first stage
 * @param targetPlatform to build for
 * @param implicitTarget true if nobody has asked for that platform
 * @param epoch time for histories and new directories, or null
 * @param buildContext the main context, decided when the graph is marshalled
 * @param proxy variables for steps outside the cache key, or null
 */
record Conversion(
    BuildOptions options,
    BuildContexts contexts,
    SourceMap map,
    LintReporter lint,
    ShellLexer lexer,
    Map<String, String> buildArgs,
    GlobalArgs globals,
    Platform targetPlatform,
    boolean implicitTarget,
    @Nullable OffsetDateTime epoch,
    State buildContext,
    @Nullable ProxyEnv proxy) {

  /** The platform of a stage, else the one that the user asked for; null if neither is known. */
  @Nullable Platform wanted(@Nullable Platform ofStage) {
    return ofStage == null && !implicitTarget ? targetPlatform : ofStage;
  }

  /** Constraints located at an instruction. */
  Constraints located(Constraints constraints, Location location) {
    return constraints.at(map, SourceRanges.of(location));
  }

  /**
   * Expands a word.
   *
   * @throws DockerfileException at the location, if the word cannot be expanded
   */
  Expansion expand(String word, Environment env, Location location) {
    try {
      return lexer.expand(word, env);
    } catch (ExpansionException e) {
      throw new DockerfileException(String.valueOf(e.getMessage()), location, e);
    }
  }
}
