package dev.kiln.dockerfile.convert;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.subrequest.Outline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sums up what a target and all that it stands on need from outside. */
final class StageOutline {

  private StageOutline() {}

  static Outline of(BuildStage target, ByteString source) {
    List<Outline.Arg> arguments = new ArrayList<>();
    Map<String, Outline.Need> secrets = new TreeMap<>();
    Map<String, Outline.Need> ssh = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (BuildStage stage : inOrder(target)) {
      addArguments(stage.notes, seen, arguments);
      stage.notes.secrets.forEach(
          (id, need) ->
              secrets.putIfAbsent(id, new Outline.Need(id, need.required(), need.location())));
      stage.notes.ssh.forEach(
          (id, need) ->
              ssh.putIfAbsent(id, new Outline.Need(id, need.required(), need.location())));
    }
    return new Outline(
        target.name,
        target.description,
        arguments,
        List.copyOf(secrets.values()),
        List.copyOf(ssh.values()),
        source);
  }

  /** The target first, then what it needs, so that what is nearer to it is told. */
  private static List<BuildStage> inOrder(BuildStage target) {
    List<BuildStage> order = new ArrayList<>();
    collect(target, order, new HashSet<>());
    return order;
  }

  private static void collect(BuildStage stage, List<BuildStage> order, Set<BuildStage> seen) {
    Deque<BuildStage> open = new ArrayDeque<>(List.of(stage));
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

  private static void addArguments(
      StageNotes notes, Set<String> seen, List<Outline.Arg> arguments) {
    Set<String> used = new HashSet<>();
    List<String> open = new ArrayList<>(notes.usedArguments);
    while (!open.isEmpty()) {
      String name = open.removeLast();
      if (used.add(name) && notes.arguments.containsKey(name)) {
        ArgUse use = notes.arguments.get(name);
        open.addAll(use.dependencies());
        if (seen.add(name)) {
          arguments.add(
              new Outline.Arg(name, use.definition().description(), use.value(), use.location()));
        }
      }
    }
  }
}
