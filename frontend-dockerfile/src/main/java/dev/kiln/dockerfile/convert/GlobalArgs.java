package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.ArgInstruction;
import dev.kiln.dockerfile.instruction.ArgInstruction.BuildArg;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.dockerfile.shell.Expansion;
import dev.kiln.dockerfile.shell.ExpansionException;
import dev.kiln.dockerfile.shell.ShellLexer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Arguments that are in scope before the first stage.
 *
 * @param env their values: the predefined ones, then those that the file declares
 * @param declared what the file declares, by name
 */
record GlobalArgs(EnvList env, Map<String, ArgUse> declared) {

  /** The arguments that exist without being declared. */
  static EnvList predefined(
      Platform build, Platform target, String targetStage, Map<String, String> buildArgs) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("BUILDPLATFORM", build.format());
    values.put("BUILDOS", build.os());
    values.put("BUILDOSVERSION", build.osVersion());
    values.put("BUILDARCH", build.architecture());
    values.put("BUILDVARIANT", build.variant());
    values.put("TARGETPLATFORM", target.formatAll());
    values.put("TARGETOS", target.os());
    values.put("TARGETOSVERSION", target.osVersion());
    values.put("TARGETARCH", target.architecture());
    values.put("TARGETVARIANT", target.variant());
    values.put("TARGETSTAGE", targetStage.isEmpty() ? "default" : targetStage);
    values.replaceAll((key, value) -> buildArgs.getOrDefault(key, value));
    return EnvList.empty().withAll(values);
  }

  /**
   * Adds what the file declares.
   *
   * @param buildArgs values that the user gave
   * @throws DockerfileException if a default cannot be expanded
   */
  static GlobalArgs declare(
      EnvList predefined,
      List<ArgInstruction> instructions,
      Map<String, String> buildArgs,
      ShellLexer lexer) {
    EnvList env = predefined;
    Map<String, ArgUse> declared = new LinkedHashMap<>();
    for (ArgInstruction instruction : instructions) {
      for (BuildArg arg : instruction.args()) {
        String value = buildArgs.get(arg.name());
        Set<String> dependencies = new LinkedHashSet<>();
        if (value == null && arg.defaultValue() != null) {
          Expansion expansion = expand(lexer, arg.defaultValue(), env, instruction);
          value = expansion.text();
          dependencies.addAll(expansion.matched());
          ArgUse earlier = declared.get(arg.name());
          if (dependencies.remove(arg.name()) && earlier != null) {
            dependencies.addAll(earlier.dependencies());
          }
        }
        if (value != null) {
          env = env.with(arg.name(), value);
        }
        declared.put(
            arg.name(),
            new ArgUse(arg, value == null ? "" : value, dependencies, instruction.location()));
      }
    }
    return new GlobalArgs(env, declared);
  }

  private static Expansion expand(
      ShellLexer lexer, String word, EnvList env, ArgInstruction instruction) {
    try {
      return lexer.expand(word, env);
    } catch (ExpansionException e) {
      throw new DockerfileException(String.valueOf(e.getMessage()), instruction.location(), e);
    }
  }

  /** The same arguments with another value for one that is set; an empty value removes it. */
  GlobalArgs replacing(String name, String value) {
    if (env.get(name) == null) {
      return this;
    }
    return new GlobalArgs(value.isEmpty() ? without(name) : env.with(name, value), declared);
  }

  /** The values without one argument. */
  EnvList without(String name) {
    return EnvList.of(
        env.entries().stream().filter(entry -> !entry.startsWith(name + "=")).toList());
  }
}
