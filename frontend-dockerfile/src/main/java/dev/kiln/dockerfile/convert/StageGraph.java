package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.dockerfile.text.Suggestion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All stages of a conversion, and which needs which. */
final class StageGraph {

  private final List<BuildStage> stages = new ArrayList<>();
  private final Map<String, BuildStage> byName = new HashMap<>();

  /** Adds a stage and connects it to the stage that it stands on, if it stands on one. */
  void add(BuildStage stage) {
    stages.add(stage);
    BuildStage base = byName.get(stage.baseName);
    if (base != null) {
      stage.base = base;
      stage.notes = base.notes.copy();
    }
    if (!stage.name.isEmpty()) {
      byName.put(stage.name.toLowerCase(Locale.ROOT), stage);
    }
  }

  List<BuildStage> stages() {
    return Collections.unmodifiableList(stages);
  }

  Optional<BuildStage> find(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * The stage at a position.
   *
   * @throws DockerfileException if there is none
   */
  BuildStage at(int index) {
    if (index < 0 || index >= stages.size()) {
      throw new DockerfileException("invalid stage index " + index);
    }
    return stages.get(index);
  }

  /** Names of all stages that have one. */
  List<String> names() {
    return stages.stream().map(stage -> stage.shownName).filter(n -> !n.isEmpty()).toList();
  }

  /**
   * The stage to build.
   *
   * @param target its name, or empty for the last one
   * @throws DockerfileException if there is none of that name
   */
  BuildStage target(String target) {
    if (target.isEmpty()) {
      return stages.getLast();
    }
    return find(target)
        .orElseThrow(
            () ->
                new DockerfileException(
                    Suggestion.append(
                        "target stage \"" + target + "\" could not be found",
                        target,
                        names(),
                        true)));
  }

  /** The stage and all that it needs. */
  static Set<BuildStage> reachable(BuildStage target) {
    Set<BuildStage> found = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<BuildStage> open = new ArrayDeque<>(List.of(target));
    while (!open.isEmpty()) {
      BuildStage stage = open.pop();
      if (found.add(stage)) {
        if (stage.base != null) {
          open.push(stage.base);
        }
        stage.dependencyOrder.forEach(open::push);
      }
    }
    return found;
  }

  /**
   * Makes sure that no stage needs itself.
   *
   * @throws DockerfileException with the instructions that lead round
   */
  void refuseCycles() {
    Set<BuildStage> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    for (BuildStage stage : stages) {
      List<Location> cycle = cycleFrom(stage, visited);
      if (!cycle.isEmpty()) {
        throw new DockerfileException("circular dependency detected on stage: " + stage.shownName)
            .at(cycle);
      }
    }
  }

  /** A stage on the path from the start, with the dependencies that were not looked at. */
  private record Visit(BuildStage stage, Iterator<BuildStage> remaining) {
    static Visit of(BuildStage stage) {
      return new Visit(stage, stage.dependencyOrder.iterator());
    }
  }

  private static List<Location> cycleFrom(BuildStage start, Set<BuildStage> visited) {
    if (!visited.add(start)) {
      return List.of();
    }
    Set<BuildStage> onPath = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Visit> path = new ArrayDeque<>();
    path.addLast(Visit.of(start));
    onPath.add(start);
    while (!path.isEmpty()) {
      Visit top = path.getLast();
      if (!top.remaining().hasNext()) {
        path.removeLast();
        onPath.remove(top.stage());
        continue;
      }
      BuildStage next = top.remaining().next();
      if (onPath.contains(next)) {
        return locations(path, next);
      }
      if (visited.add(next)) {
        path.addLast(Visit.of(next));
        onPath.add(next);
      }
    }
    return List.of();
  }

  private static List<Location> locations(Collection<Visit> path, BuildStage end) {
    List<BuildStage> chain = new ArrayList<>(path.stream().map(Visit::stage).toList());
    chain.add(end);
    List<Location> places = new ArrayList<>();
    for (int i = 0; i + 1 < chain.size(); i++) {
      Instruction instruction = chain.get(i).dependencies.get(chain.get(i + 1));
      if (instruction != null) {
        places.add(instruction.location());
      }
    }
    return places;
  }
}
