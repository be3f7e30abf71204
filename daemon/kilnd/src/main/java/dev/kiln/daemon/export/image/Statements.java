package dev.kiln.daemon.export.image;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.BuildResult.Attestation;
import dev.kiln.daemon.build.BuildResult.AttestationKind;
import dev.kiln.daemon.build.BuildResult.Subject;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.worker.MountedRef;
import dev.kiln.daemon.worker.RootedPath;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.snapshotter.ref.ImmutableRef;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns attestations of a result into in-toto statements. Safe for use by many threads. */
public final class Statements {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String SPDX = "https://spdx.dev/Document";
  private static final String TYPE = "https://in-toto.io/Statement/v1";
  private static final long MAX_STATEMENT_BYTES = 40L << 20;

  private final Path mountFolder;

  public Statements(Path mountFolder) {
    this.mountFolder = mountFolder;
  }

  /**
   * One statement.
   *
   * @param path name of the file that it came from, for exports to files
   * @param coreSbom whether it lists what the result itself holds
   */
  public record Statement(ObjectNode json, String predicateType, String path, boolean coreSbom) {}

  /** Whether an attestation is only meant for image exports. */
  public static boolean isInlineOnly(Attestation attestation) {
    ByteString value = attestation.metadata().get("inline-only");
    return value != null && value.toStringUtf8().equals("true");
  }

  /** The statements about one image. */
  List<Statement> of(
      List<Attestation> list,
      Platforms.Exported platform,
      List<String> names,
      Digest image,
      List<LayerBlob> layers)
      throws Exception {
    ArrayNode self = NODES.arrayNode();
    for (ImageReference name : Names.references(names)) {
      self.add(subject(PackageUrl.docker(name, platform.platform()), image));
    }
    return of(list, self);
  }

  /**
   * The statements about what is named by subjects.
   *
   * @param self stands for the result itself
   */
  public List<Statement> of(List<Attestation> list, ArrayNode self) throws Exception {
    List<Statement> all = new ArrayList<>();
    for (Attestation each : list) {
      if (each.kind() == AttestationKind.BUNDLE) {
        all.addAll(bundle(each, self));
      } else {
        if (each.content() == null && isProvenance(each.predicateType())) {
          throw BuildFailure.of("frontend may not set provenance attestations", null);
        }
        all.add(statement(read(predicate(each)), each.predicateType(), each, self, each.path()));
      }
    }
    all.sort(Comparator.comparingInt(statement -> statement.coreSbom() ? 0 : 1));
    return all;
  }

  /** What only the daemon knows, and so only the daemon may say. */
  private static boolean isProvenance(String predicateType) {
    return predicateType.startsWith("https://slsa.dev/provenance/");
  }

  private static Statement statement(
      JsonNode predicate, String type, Attestation from, ArrayNode self, String path) {
    ObjectNode json = NODES.objectNode();
    json.put("_type", TYPE);
    json.put("predicateType", type);
    json.set("subject", subjects(from, self));
    json.set("predicate", predicate);
    return new Statement(json, type, path, isCoreSbom(from, type, path));
  }

  private static boolean isCoreSbom(Attestation from, String type, String path) {
    ByteString core = from.metadata().get("sbom-core");
    String name = path.substring(path.lastIndexOf('/') + 1);
    int dot = name.indexOf('.');
    return core != null
        && type.equals(SPDX)
        && core.toStringUtf8().equals(dot < 0 ? name : name.substring(0, dot));
  }

  private static ArrayNode subjects(Attestation from, ArrayNode self) {
    if (from.subjects().isEmpty()) {
      return self;
    }
    ArrayNode out = NODES.arrayNode();
    for (Subject subject : from.subjects()) {
      if (subject.self()) {
        out.addAll(self);
        continue;
      }
      ObjectNode one = NODES.objectNode();
      one.put("name", subject.name().isEmpty() ? "_" : subject.name());
      ObjectNode digests = one.putObject("digest");
      for (String digest : subject.digests()) {
        int colon = digest.indexOf(':');
        digests.put(digest.substring(0, colon), digest.substring(colon + 1));
      }
      out.add(one);
    }
    return out;
  }

  /** A subject with one digest. */
  public static ObjectNode subject(String name, Digest digest) {
    ObjectNode out = NODES.objectNode();
    out.put("name", name);
    out.putObject("digest").put(digest.algorithm(), digest.hex());
    return out;
  }

  private byte[] predicate(Attestation from) throws Exception {
    if (from.content() != null) {
      return from.content().get().toByteArray();
    }
    try (MountedRef mounted = mount(from)) {
      return readBounded(RootedPath.resolve(Path.of(mounted.path()), from.path()));
    }
  }

  private MountedRef mount(Attestation from) throws InterruptedException {
    ImmutableRef tree = from.ref() == null ? null : from.ref().evaluate().ref();
    if (tree == null) {
      throw BuildFailure.of("could not read an attestation: its result is empty", null);
    }
    return new MountedRef(tree, mountFolder);
  }

  private List<Statement> bundle(Attestation from, ArrayNode self) throws Exception {
    List<Path> files = new ArrayList<>();
    List<Statement> all = new ArrayList<>();
    try (MountedRef mounted = mount(from)) {
      Path folder = RootedPath.resolve(Path.of(mounted.path()), from.path());
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        entries.forEach(files::add);
      }
      files.sort(null);
      for (Path file : files) {
        JsonNode statement = read(readBounded(file));
        String type = statement.path("predicateType").asString("");
        if (isProvenance(type)) {
          throw BuildFailure.of("frontend may not bundle provenance attestations", null);
        }
        if (!from.predicateType().isEmpty() && !from.predicateType().equals(type)) {
          throw BuildFailure.of(
              "bundle entry "
                  + type
                  + " does not match required predicate type "
                  + from.predicateType(),
              null);
        }
        all.add(
            statement(
                statement.path("predicate"), type, from, self, String.valueOf(file.getFileName())));
      }
    }
    return all;
  }

  private static byte[] readBounded(Path file) throws IOException {
    if (Files.size(file) > MAX_STATEMENT_BYTES) {
      throw new IOException(
          "could not read "
              + file.getFileName()
              + ": an attestation may have at most "
              + MAX_STATEMENT_BYTES
              + " bytes");
    }
    return Files.readAllBytes(file);
  }

  private static JsonNode read(byte[] json) {
    if (json.length == 0) {
      return NODES.nullNode();
    }
    try {
      return MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw BuildFailure.of("cannot decode in-toto statement: " + e.getOriginalMessage(), e);
    }
  }
}
