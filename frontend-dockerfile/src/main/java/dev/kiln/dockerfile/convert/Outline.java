package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.parser.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a target needs from outside.
 *
 * @param name of the target stage, or empty
 * @param description of the target stage, or empty
 */
public record Outline(
    String name, String description, List<Argument> arguments, List<Need> secrets, List<Need> ssh) {

  /** An argument that is used. */
  public record Argument(String name, String description, String value, Location location) {}

  /** A secret or an SSH agent. */
  public record Need(String name, boolean required, Location location) {}

  static Outline of(BuildStage target) {
    List<Argument> arguments = new ArrayList<>();
    Map<String, Need> secrets = new TreeMap<>();
    Map<String, Need> ssh = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (BuildStage stage : inOrder(target)) {
      addArguments(stage.notes, seen, arguments);
      stage.notes.secrets.forEach(
          (id, need) -> secrets.putIfAbsent(id, new Need(id, need.required(), need.location())));
      stage.notes.ssh.forEach(
          (id, need) -> ssh.putIfAbsent(id, new Need(id, need.required(), need.location())));
    }
    arguments.sort(Comparator.comparingInt(a -> a.location().startLine()));
    return new Outline(target.name, target.description, arguments, sorted(secrets), sorted(ssh));
  }

  /** The target first, then what it needs, so that what is nearer to it is told. */
  private static List<BuildStage> inOrder(BuildStage target) {
    List<BuildStage> order = new ArrayList<>();
    collect(target, order, new HashSet<>());
    return order;
  }

  private static void collect(BuildStage stage, List<BuildStage> order, Set<BuildStage> seen) {
    java.util.ArrayDeque<BuildStage> open = new java.util.ArrayDeque<>(List.of(stage));
    while (!open.isEmpty()) {
      BuildStage next = open.pop();
      if (seen.add(next)) {
        order.add(next);
        next.dependencyOrder.reversed().forEach(open::push);
        if (next.base != null) {
          open.push(next.base);
        }
      }
    }
  }

  private static void addArguments(StageNotes notes, Set<String> seen, List<Argument> arguments) {
    Set<String> used = new HashSet<>();
    List<String> open = new ArrayList<>(notes.usedArguments);
    while (!open.isEmpty()) {
      String name = open.removeLast();
      if (used.add(name) && notes.arguments.containsKey(name)) {
        ArgUse use = notes.arguments.get(name);
        open.addAll(use.dependencies());
        if (seen.add(name)) {
          arguments.add(
              new Argument(name, use.definition().description(), use.value(), use.location()));
        }
      }
    }
  }

  private static List<Need> sorted(Map<String, Need> needs) {
    return needs.values().stream()
        .sorted(Comparator.comparingInt(need -> need.location().startLine()))
        .toList();
  }
}
