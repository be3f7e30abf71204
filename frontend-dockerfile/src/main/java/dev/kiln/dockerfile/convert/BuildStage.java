package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.context.NamedContext;
import dev.kiln.dockerfile.image.History;
import dev.kiln.dockerfile.image.ImageConfig;
import dev.kiln.dockerfile.instruction.ArgInstruction.BuildArg;
import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.llb.Paths;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.parser.Location;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A stage while it is converted. Stages of the file are one kind; an image or a named context that
 * an instruction takes files from is a stage too, one without instructions. Used by one thread at a
 * time.
 */
final class BuildStage {

  static final String SCRATCH = "scratch";

  /** Name that the file gives it, or empty. */
  final String name;

  final String code;
  final String description;
  final Location location;
  final List<Instruction> instructions;

  /** True for an image or context that only an instruction names. */
  final boolean implied;

  /** What it stands on, expanded; an image's full name once that is known. */
  String baseName;

  /** Name that is shown; empty if it is the only stage. */
  String shownName;

  /** The stage that it stands on, or null. */
  @Nullable BuildStage base;

  /** Its platform; null until it is known. */
  @Nullable Platform platform;

  /** A context that takes the stage's place, or null. */
  @Nullable NamedContext replacement;

  State state = State.scratch();
  ImageConfig image = ImageConfig.empty(Platform.of("", "", ""));

  /** Config of the image at the bottom, as it was found. */
  @Nullable ImageConfig baseImage;

  /** True once an implied stage is part of the graph. */
  boolean registered;

  boolean ignoreCache;
  boolean resolved;
  boolean converted;
  boolean onBuildRead;
  boolean workdirSet;
  boolean scanStage;
  boolean scanContext;

  List<Step> steps = new ArrayList<>();
  int stepTotal;
  int stepIndex;
  boolean stepOnBuild;

  /** Where the last CMD, ENTRYPOINT and HEALTHCHECK of the stage stand. */
  final Map<String, Location> lastOfKind = new LinkedHashMap<>();

  final List<BuildArg> buildArgs = new ArrayList<>();

  /** Paths of the main context that it uses. */
  final Set<String> contextPaths = new TreeSet<>();

  /** Paths of its own files that are used; shared with its base. */
  Set<String> usedPaths = new TreeSet<>();

  StageNotes notes = new StageNotes(Map.of());

  /** Stages that it takes files from, and the instruction that does. */
  final IdentityHashMap<BuildStage, Instruction> dependencies = new IdentityHashMap<>();

  /** The same in the order in which they were found. */
  final List<BuildStage> dependencyOrder = new ArrayList<>();

  BuildStage(
      String baseName,
      String name,
      String code,
      String description,
      Location location,
      List<Instruction> instructions,
      boolean implied) {
    this.baseName = baseName;
    this.name = name;
    this.code = code;
    this.description = description;
    this.location = location;
    this.instructions = instructions;
    this.implied = implied;
    this.shownName = name;
  }

  /** An image or context that an instruction names. */
  static BuildStage implied(String baseName, Location location) {
    return new BuildStage(baseName, "", "", "", location, List.of(), true);
  }

  boolean standsOnScratch() {
    return baseName.equals(SCRATCH);
  }

  void dependOn(BuildStage stage, Instruction instruction) {
    if (dependencies.put(stage, instruction) == null) {
      dependencyOrder.add(stage);
    }
  }

  /** Takes over what the base stage has become. */
  void inherit() {
    if (base == null) {
      return;
    }
    state = base.state;
    platform = base.platform;
    image = base.image.copy();
    // Triggers fire once, in the stage right above the one that asks for them.
    image.setOnBuild(List.of());
    baseImage = base.baseImage;
    usedPaths = base.usedPaths;
    workdirSet = base.workdirSet;
  }

  void addHistory(Conversion conversion, String createdBy, boolean layer) {
    OffsetDateTime epoch = conversion.epoch();
    String created = epoch == null ? null : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(epoch);
    image.addHistory(new History(created, createdBy, "", "buildkit.dockerfile.v0", !layer));
  }

  void useContextPath(String path) {
    contextPaths.add(Paths.join("/", path));
  }

  void usePath(String path) {
    usedPaths.add(Paths.join("/", path));
  }

  /** The paths in the form that local sources take; empty, which means all, if the root is used. */
  static List<String> followPaths(Set<String> paths) {
    if (paths.contains("/")) {
      return List.of();
    }
    return paths.stream().map(path -> Paths.join(".", path)).sorted().toList();
  }

  Platform platformOr(Platform fallback) {
    return platform == null ? fallback : platform;
  }
}
