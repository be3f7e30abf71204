package dev.kiln.dockerfile.context;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.Definitions;
import dev.kiln.dockerfile.llb.Marshaller;
import dev.kiln.dockerfile.llb.Paths;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.SourceMap;
import dev.kiln.dockerfile.llb.Sources;
import dev.kiln.dockerfile.llb.Sources.Local;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.snapshotter.pattern.IgnoreFile;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.SourceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The main context of one build and the Dockerfile in it. Safe for use by several threads. */
public final class BuildContexts {

  private static final String DEFAULT_FILENAME = "Dockerfile";

  private final FrontendBridge bridge;
  private final MainContext main;
  private final NamedContexts named;
  private final ReentrantLock ignoreLock = new ReentrantLock();
  private @Nullable IgnoreText ignore;

  /** An ignore file. */
  private record IgnoreText(String filename, ByteString data) {}

  private BuildContexts(FrontendBridge bridge, MainContext main) {
    this.bridge = bridge;
    this.main = main;
    this.named = new NamedContexts(bridge);
  }

  /** Finds out where the main context comes from; a remote one that is a file is downloaded. */
  public static BuildContexts open(FrontendBridge bridge) {
    return new BuildContexts(bridge, MainContextReader.read(bridge));
  }

  public NamedContexts named() {
    return named;
  }

  /** The daemon that the build runs in. */
  public FrontendBridge bridge() {
    return bridge;
  }

  /**
   * Reads the Dockerfile, and the ignore file beside it if there is one.
   *
   * @param language of the file, for source maps
   */
  public DockerfileText readDockerfile(String language) {
    String filename = main.filename();
    State source = main.dockerfile() == null ? localDockerfile() : main.dockerfile();
    Definition definition = Marshaller.marshal(source, Platform.local());
    FrontendRef ref;
    try {
      ref = bridge.solve(SolveRequest.of(definition)).singleRef();
    } catch (RuntimeException e) {
      throw FrontendException.failed("failed to resolve dockerfile: " + e.getMessage(), e);
    }
    ByteString data = readDockerfile(ref, filename);
    String ignoreName = filename + MainContext.IGNORE_FILE;
    readIfPresent(ref, ignoreName).ifPresent(found -> remember(new IgnoreText(ignoreName, found)));
    return new DockerfileText(
        new SourceMap(filename, language, data, definition), Definitions.head(definition));
  }

  private State localDockerfile() {
    String filename = main.filename();
    List<String> paths = new ArrayList<>();
    paths.add(filename);
    paths.add(filename + MainContext.IGNORE_FILE);
    if (Paths.base(filename).equals(DEFAULT_FILENAME)) {
      paths.add(lowerCase(filename));
    }
    String local = main.dockerfileLocal();
    return Sources.local(
        new Local(local, named.sessionOf(local), List.of(), paths, local, "none"),
        Constraints.named("[internal] load build definition from " + filename));
  }

  private ByteString readDockerfile(FrontendRef ref, String filename) {
    try {
      return ByteString.copyFrom(bridge.readFile(ref, filename, null));
    } catch (RuntimeException e) {
      if (Paths.base(filename).equals(DEFAULT_FILENAME)) {
        Optional<ByteString> lower = readIfPresent(ref, lowerCase(filename));
        if (lower.isPresent()) {
          return lower.get();
        }
      }
      throw FrontendException.failed("failed to read dockerfile: " + e.getMessage(), e);
    }
  }

  private static String lowerCase(String filename) {
    return Paths.join(Paths.directory(filename), DEFAULT_FILENAME.toLowerCase(Locale.ROOT));
  }

  private Optional<ByteString> readIfPresent(FrontendRef ref, String path) {
    try {
      return Optional.of(ByteString.copyFrom(bridge.readFile(ref, path, null)));
    } catch (RuntimeException absent) {
      return Optional.empty();
    }
  }

  private void remember(IgnoreText text) {
    ignoreLock.lock();
    try {
      ignore = text;
    } finally {
      ignoreLock.unlock();
    }
  }

  /** Patterns of what is not sent of the main context; none if it is remote. */
  public List<String> ignorePatterns() {
    return main.state() == null ? localIgnorePatterns() : List.of();
  }

  private List<String> localIgnorePatterns() {
    ignoreLock.lock();
    try {
      if (ignore == null) {
        ignore = readIgnoreFile();
      }
      return IgnoreFile.parse(ignore.data().toStringUtf8());
    } finally {
      ignoreLock.unlock();
    }
  }

  private IgnoreText readIgnoreFile() {
    String local = main.contextLocal();
    String name = MainContext.IGNORE_FILE;
    State state =
        Sources.local(
            new Local(
                local,
                named.sessionOf(local),
                List.of(),
                List.of(name),
                local + "-" + name,
                "none"),
            Constraints.named("[internal] load " + name));
    FrontendRef ref =
        bridge.solve(SolveRequest.of(Marshaller.marshal(state, Platform.local()))).singleRef();
    return new IgnoreText(name, readIfPresent(ref, name).orElse(ByteString.EMPTY));
  }

  /** The remote source behind the main context, if there is one. */
  public Optional<SourceOp> mainSource() {
    return Optional.ofNullable(main.source());
  }

  /**
   * The main context.
   *
   * @param followPaths what the build uses of it; everything if empty
   */
  public State mainContext(List<String> followPaths) {
    if (main.state() != null) {
      return main.state();
    }
    String local = main.contextLocal();
    return Sources.local(
        new Local(local, named.sessionOf(local), localIgnorePatterns(), followPaths, local, ""),
        Constraints.named("[internal] load build context"));
  }
}
