package dev.kiln.registry.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.registry.auth.CredentialSource;
import dev.kiln.registry.client.PushOutcome;
import dev.kiln.registry.client.RegistryClient;
import dev.kiln.registry.client.Repository;
import dev.kiln.registry.client.RepositoryOptions;
import dev.kiln.registry.image.InvalidImageException;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.image.Platform;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.testing.DebianRegistry;
import dev.kiln.registry.testing.FakeRegistry;
import dev.kiln.registry.testing.TestClients;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images are built in a store, pushed, and pulled into another store. */
class ImageTransferTest {
  @TempDir Path directory;
  private ContentStore source;
  private ContentStore target;
  private FakeRegistry registry;
  private RegistryClient client;

  @BeforeEach
  void start() throws IOException {
    source = ContentStore.open(directory.resolve("source"));
    target = ContentStore.open(directory.resolve("target"));
    registry = new FakeRegistry();
    client = TestClients.client();
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  private Descriptor put(String mediaType, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    return new Descriptor(mediaType, source.put(bytes), bytes.length);
  }

  private static String json(Descriptor descriptor, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size(), more);
  }

  /** A manifest with two layers, one of which all images share. */
  private Descriptor image(String architecture) throws IOException {
    Descriptor shared = put(MediaTypes.OCI_LAYER, "shared layer");
    Descriptor own = put(MediaTypes.OCI_LAYER, "layer of " + architecture);
    String config =
        "{\"os\":\"linux\",\"architecture\":\"%s\",\"rootfs\":{\"diff_ids\":[\"%s\",\"%s\"]}}"
            .formatted(architecture, shared.digest(), own.digest());
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s,%s]}"
            .formatted(
                MediaTypes.OCI_MANIFEST,
                json(put(MediaTypes.OCI_CONFIG, config), ""),
                json(shared, ""),
                json(own, ""));
    return put(MediaTypes.OCI_MANIFEST, manifest);
  }

  private Descriptor index(String... architectures) throws IOException {
    List<String> entries = new ArrayList<>();
    for (String architecture : architectures) {
      String platform =
          ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}";
      entries.add(json(image(architecture), platform));
    }
    return put(
        MediaTypes.OCI_INDEX,
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
            .formatted(MediaTypes.OCI_INDEX, String.join(",", entries)));
  }

  private void push(String name, Descriptor root, PushListener listener) throws IOException {
    ImageReference reference = ImageReference.parse(name);
    Repository repository =
        client.open(reference, CredentialSource.anonymous(), RepositoryOptions.PUSH);
    new ImagePusher(repository, ImageContent.of(source), listener).push(reference, root);
  }

  private PulledImage pull(String name, String platform) throws IOException {
    ImageReference reference = ImageReference.parse(name);
    return new ImagePuller(new ManifestStore(target, pullFrom(name)))
        .pull(reference, Platform.parse(platform));
  }

  private Repository pullFrom(String name) {
    return client.open(
        ImageReference.parse(name), CredentialSource.anonymous(), RepositoryOptions.PULL);
  }

  @Test
  void indexIsPushedFromTheLeavesAndPulledForOnePlatform() throws Exception {
    Descriptor root = index("amd64", "arm64");
    List<String> done = new CopyOnWriteArrayList<>();

    push(
        registry.host() + "/app:1",
        root,
        new PushListener() {
          @Override
          public void done(Descriptor blob, PushOutcome outcome) {
            done.add(outcome + " " + blob.mediaType());
          }
        });

    assertThat(done).hasSize(5).allMatch(line -> line.startsWith("UPLOADED"));
    List<String> puts =
        registry.lines().stream().filter(line -> line.startsWith("PUT /v2/app/manifests")).toList();
    assertThat(puts).hasSize(3);
    assertThat(puts.getLast()).isEqualTo("PUT /v2/app/manifests/1");
    assertThat(registry.lines().indexOf(puts.getFirst()))
        .isGreaterThan(lastIndex(registry.lines(), "PUT /v2/app/blobs"));

    PulledImage image = pull(registry.host() + "/app:1", "linux/arm64");

    assertThat(image.root()).isEqualTo(root);
    assertThat(image.config().platform().format()).isEqualTo("linux/arm64");
    assertThat(image.layers()).hasSize(2);
    assertThat(image.layers().get(1).diffId())
        .isEqualTo(Digest.of("layer of arm64".getBytes(UTF_8)));
    assertThat(registry.count("GET /v2/app/blobs")).isEqualTo(1);
  }

  private static int lastIndex(List<String> lines, String beginning) {
    int last = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(beginning)) {
        last = i;
      }
    }
    return last;
  }

  @Test
  void nothingIsFetchedTwice() throws Exception {
    push(registry.host() + "/app:1", index("amd64"), PushListener.NONE);
    PulledImage image = pull(registry.host() + "/app:1", "linux/amd64");
    registry.seen.clear();

    pull(registry.host() + "/app:1", "linux/amd64");
    assertThat(registry.lines()).containsExactly("HEAD /v2/app/manifests/1");

    registry.seen.clear();
    pull(registry.host() + "/app:1@" + image.root().digest(), "linux/amd64");
    assertThat(registry.lines()).isEmpty();
  }

  @Test
  void lazyLayerIsBroughtIntoTheStore() throws Exception {
    push(registry.host() + "/app:1", image("amd64"), PushListener.NONE);
    Descriptor layer = pull(registry.host() + "/app:1", "linux/amd64").layers().getFirst().blob();

    RegistryBlobProvider provider = new RegistryBlobProvider(pullFrom(registry.host() + "/app"));
    try (ContentStore.Writer writer = target.newWriter()) {
      provider.fetch(layer, writer);
      writer.commit(layer.digest(), layer.size());
    }
    assertThat(target.read(layer.digest(), 100)).isEqualTo("shared layer".getBytes(UTF_8));
  }

  @Test
  void imageWithoutThePlatformIsNotFound() throws Exception {
    push(registry.host() + "/app:1", index("arm64"), PushListener.NONE);
    assertThatThrownBy(() -> pull(registry.host() + "/app:1", "linux/amd64"))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageStartingWith("no match for platform in manifest sha256:")
        .hasMessageContaining("not found");
  }

  @Test
  void manifestItselfIsTakenWhateverItsPlatform() throws Exception {
    push(registry.host() + "/app:1", image("s390x"), PushListener.NONE);
    assertThat(pull(registry.host() + "/app:1", "linux/amd64").config().platform().format())
        .isEqualTo("linux/s390x");
  }

  @Test
  void foreignLayersStayWhereTheyAre() throws Exception {
    Descriptor foreign = put(MediaTypes.OCI_NONDISTRIBUTABLE, "not yours");
    String manifest =
        "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
            .formatted(json(put(MediaTypes.OCI_CONFIG, "{}"), ""), json(foreign, ""));
    push(registry.host() + "/app:1", put(MediaTypes.OCI_MANIFEST, manifest), PushListener.NONE);

    assertThat(registry.hasBlob("app", foreign.digest())).isFalse();
    assertThat(registry.hasManifest("app", "1")).isTrue();
  }

  @Test
  void untaggedTargetIsPushedByDigest() throws Exception {
    Descriptor root = image("amd64");
    push(registry.host() + "/app", root, PushListener.NONE);
    assertThat(registry.count("PUT /v2/app/manifests/" + root.digest())).isEqualTo(1);
  }

  @Test
  void imageIsCopiedWithinARegistryWhileEveryPlaceIsTaken() throws Exception {
    push(registry.host() + "/from:1", index("amd64", "arm64", "s390x"), PushListener.NONE);
    Repository from = pullFrom(registry.host() + "/from");
    ImageReference to = ImageReference.parse(registry.host() + "/to:1");
    Repository into = client.open(to, CredentialSource.anonymous(), RepositoryOptions.PUSH);
    Descriptor root = from.resolve(from.name().withTag("1")).descriptor();

    ImageContent lazy =
        blob ->
            MediaTypes.isLayer(blob.mediaType()) || MediaTypes.isConfig(blob.mediaType())
                ? from.blob(blob, dev.kiln.registry.client.TransferProgress.NONE)
                : new java.io.ByteArrayInputStream(from.manifest(blob));
    new ImagePusher(into, lazy, PushListener.NONE).push(to, root);

    assertThat(registry.hasManifest("to", "1")).isTrue();
  }

  @Test
  void failureNamesTheTarget() throws Exception {
    registry.failFirst(99, "POST", 403);
    Descriptor root = image("amd64");
    assertThatThrownBy(() -> push(registry.host() + "/app:1", root, PushListener.NONE))
        .isInstanceOf(PushException.class)
        .hasMessageStartingWith(
            "failed to push " + registry.host() + "/app:1: could not upload blob sha256:");
  }

  @Test
  void dockerRegistryTakesAndGivesTheSameImage() throws Exception {
    try (DebianRegistry real = DebianRegistry.plain(directory.resolve("registry"))) {
      Descriptor root = index("amd64", "arm64");
      push(real.host() + "/team/app:1", root, PushListener.NONE);
      push(real.host() + "/team/app:1", root, PushListener.NONE);

      PulledImage image = pull(real.host() + "/team/app:1", "linux/amd64");

      assertThat(image.root()).isEqualTo(root);
      assertThat(pullFrom(real.host() + "/team/app").referrers(root.digest(), "")).isEmpty();
    }
  }
}
