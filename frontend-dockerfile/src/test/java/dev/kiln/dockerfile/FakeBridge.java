package dev.kiln.dockerfile;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.FrontendResult;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.bridge.SourceMeta;
import dev.kiln.dockerfile.bridge.SourceRequest;
import dev.kiln.dockerfile.bridge.Warning;
import dev.kiln.dockerfile.llb.ImageName;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A daemon that builds nothing: it remembers what it is asked, knows a few images, and holds the
 * files of local sources in memory. Safe for use by several threads.
 */
public final class FakeBridge implements FrontendBridge {

  private static final String COMMIT =
      "tree 1\nauthor A <a@b> 1600000000 +0000\ncommitter A <a@b> 1700000000 +0200\n\nmsg\n";

  private final Map<String, String> options;
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, FakeImage> images = new LinkedHashMap<>();
  private final Map<String, Definition> inputs = new LinkedHashMap<>();
  private final List<SolveRequest> solves = Collections.synchronizedList(new ArrayList<>());
  private final List<SourceRequest> lookups = Collections.synchronizedList(new ArrayList<>());
  private final List<Warning> warnings = Collections.synchronizedList(new ArrayList<>());

  /** An image; {@code @ARCH@} in the config stands for the architecture that is asked for. */
  public record FakeImage(String digest, String config) {}

  /** What a daemon answers where something is not there. */
  private static final class Refusal extends RuntimeException {
    Refusal(String message) {
      super(message);
    }
  }

  /** Whether an error is an answer of such a daemon, or was caused by one. */
  static boolean isRefusal(Throwable error) {
    return error instanceof Refusal || (error.getCause() != null && isRefusal(error.getCause()));
  }

  /** A result that knows which local directory it is. */
  private record LocalRef(String local) implements FrontendRef {}

  public FakeBridge(Map<String, String> options) {
    this.options = Map.copyOf(options);
  }

  /** Adds a file to a local directory. */
  public FakeBridge file(String local, String path, String text) {
    files.put(local + ":" + path, text);
    return this;
  }

  /** Adds the Dockerfile that every directory has. */
  public FakeBridge dockerfile(String text) {
    return file("*", "Dockerfile", text);
  }

  /** Adds an image by full name without tag. */
  public FakeBridge image(String name, FakeImage image) {
    images.put(name, image);
    return this;
  }

  /** Adds a frontend input. */
  public FakeBridge input(String name, Definition definition) {
    inputs.put(name, definition);
    return this;
  }

  public List<SolveRequest> solves() {
    return List.copyOf(solves);
  }

  public List<SourceRequest> lookups() {
    return List.copyOf(lookups);
  }

  public List<Warning> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public Map<String, String> options() {
    return options;
  }

  @Override
  public Map<String, Definition> inputs() {
    return inputs;
  }

  @Override
  public String sessionId() {
    return "session1";
  }

  @Override
  public List<Platform> buildPlatforms() {
    return List.of(Platform.newBuilder().setOS("linux").setArchitecture("amd64").build());
  }

  @Override
  public FrontendResult solve(SolveRequest request) {
    solves.add(request);
    return FrontendResult.single(new LocalRef(local(request.definition())), Map.of());
  }

  private static String local(Definition definition) {
    String local = "";
    for (ByteString bytes : definition.getDefList()) {
      Op op = parse(bytes);
      if (op.hasSource()) {
        local = op.getSource().getIdentifier();
      }
    }
    return local.startsWith("local://") ? local.substring("local://".length()) : local;
  }

  static Op parse(ByteString bytes) {
    try {
      return Op.parseFrom(bytes);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException("the frontend sent an op that cannot be read", e);
    }
  }

  @Override
  public byte[] readFile(FrontendRef ref, String path, FileRange range) {
    String text = files.get(((LocalRef) ref).local() + ":" + path);
    if (text == null) {
      text = files.get("*:" + path);
    }
    if (text == null) {
      throw new Refusal("open " + path + ": no such file or directory");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public FileStat statFile(FrontendRef ref, String path) {
    throw new Refusal("stat " + path + ": no such file or directory");
  }

  @Override
  public List<FileStat> readDir(FrontendRef ref, String path, String includePattern) {
    return List.of();
  }

  @Override
  public SourceMeta resolveSource(SourceRequest request) {
    lookups.add(request);
    String identifier = request.source().getIdentifier();
    if (identifier.startsWith("git://")) {
      SourceMeta.Git git =
          new SourceMeta.Git("abc", "refs/heads/main", "", ByteString.copyFromUtf8(COMMIT));
      return new SourceMeta(request.source(), null, git, null);
    }
    if (identifier.startsWith("http")) {
      return new SourceMeta(request.source(), null, null, new SourceMeta.Http("", "", null));
    }
    String name = identifier.substring(identifier.indexOf("://") + 3);
    FakeImage image = images.get(ImageName.parse(name).name());
    if (image == null) {
      throw new Refusal(name + ": not found");
    }
    String architecture = request.platform() == null ? "" : request.platform().getArchitecture();
    ByteString config = ByteString.copyFromUtf8(image.config().replace("@ARCH@", architecture));
    return new SourceMeta(
        request.source(), new SourceMeta.Image(image.digest(), config), null, null);
  }

  @Override
  public void warn(Warning warning) {
    warnings.add(warning);
  }
}
