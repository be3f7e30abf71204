package dev.kiln.registry.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageDocumentsTest {
  private static final String D1 = "sha256:" + "1".repeat(64);
  private static final String D2 = "sha256:" + "2".repeat(64);

  @Test
  void manifestIsReadAndUnknownFieldsAreIgnored() throws Exception {
    String json =
        """
        {"schemaVersion":2,"mediaType":"m","future":{"a":[1]},"artifactType":"t",
         "config":{"mediaType":"c","digest":"%s","size":3,"data":"e30="},
         "layers":[{"mediaType":"l","digest":"%s","size":4,"annotations":{"k":"v"},"urls":["u"]}],
         "subject":{"mediaType":"s","digest":"%s","size":5},"annotations":{"x":"y"}}
        """
            .formatted(D1, D2, D1);

    ImageManifest manifest = ImageManifest.parse(json.getBytes(UTF_8));

    assertThat(manifest.config().digest().toString()).isEqualTo(D1);
    assertThat(manifest.layers().getFirst().annotation("k")).isEqualTo("v");
    assertThat(manifest.subject()).isPresent();
    assertThat(manifest.annotations()).containsEntry("x", "y");
    assertThat(manifest.artifactType()).isEqualTo("t");
  }

  @Test
  void indexFindsAttestations() throws Exception {
    String json =
        """
        {"schemaVersion":2,"manifests":[
          {"mediaType":"m","digest":"%s","size":1,"platform":{"os":"linux","architecture":"amd64"}},
          {"mediaType":"m","digest":"%s","size":1,"platform":{"os":"unknown","architecture":"unknown"},
           "annotations":{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"%s"}}]}
        """
            .formatted(D1, D2, D1);

    ImageIndex index = ImageIndex.parse(json.getBytes(UTF_8));

    assertThat(index.attestationsOf(D1))
        .extracting(e -> e.descriptor().digest().toString())
        .containsExactly(D2);
    assertThat(index.manifests().get(1).isAttestation()).isTrue();
  }

  @Test
  void configShowsWhatBuildsNeed() throws Exception {
    String json =
        """
        {"os":"linux","architecture":"arm64","variant":"v8","created":"2023-11-14T22:13:20Z",
         "config":{"Env":["A=b"],"Cmd":["sh"],"User":"1","Labels":{"l":"m"},"Entrypoint":null},
         "rootfs":{"type":"layers","diff_ids":["%s"]},
         "history":[{"created_by":"x","empty_layer":true},{"comment":"y"}]}
        """
            .formatted(D1);

    ImageConfig config = ImageConfig.parse(json.getBytes(UTF_8));

    assertThat(config.platform().normalized().format()).isEqualTo("linux/arm64");
    assertThat(config.diffIds()).hasSize(1);
    assertThat(config.process().env()).containsExactly("A=b");
    assertThat(config.process().entrypoint()).isEmpty();
    assertThat(config.process().labels()).containsEntry("l", "m");
    assertThat(config.history())
        .extracting(ImageConfig.HistoryEntry::emptyLayer)
        .containsExactly(true, false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"manifests\":[]}; application/vnd.oci.image.index.v1+json",
        "{\"config\":{},\"layers\":[]}; application/vnd.oci.image.manifest.v1+json",
        "{\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\"}};"
            + " application/vnd.docker.distribution.manifest.v2+json",
        "{\"mediaType\":\"application/vnd.docker.distribution.manifest.list.v2+json\",\"manifests\":[]};"
            + " application/vnd.docker.distribution.manifest.list.v2+json",
      })
  void typeIsFoundFromTheBytes(String json, String type) throws Exception {
    assertThat(ManifestSniffer.mediaTypeOf(json.getBytes(UTF_8))).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; could not read the manifest: it has neither layers nor manifests",
        "{\"manifests\":[],\"layers\":[]}; could not read the manifest: it has both layers and manifests",
        "[]; could not read the manifest: it is not a JSON object",
        "{\"fsLayers\":[]}; unsupported schema 1 manifest: push the image again with a newer tool",
      })
  void contradictionsAreRefused(String json, String message) {
    assertThatThrownBy(() -> ManifestSniffer.mediaTypeOf(json.getBytes(UTF_8)))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage(message);
  }

  @Test
  void brokenDocumentsAreNamed() {
    assertThatThrownBy(() -> ImageManifest.parse("{\"layers\":[]}".getBytes(UTF_8)))
        .hasMessage("could not read the image manifest: it has no \"config\"");
    assertThatThrownBy(() -> ImageManifest.parse("{".getBytes(UTF_8)))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageStartingWith("could not read the image manifest: ");
    assertThatThrownBy(
            () ->
                ImageIndex.parse(
                    "{\"manifests\":[{\"digest\":\"sha256:1\",\"size\":1}]}".getBytes(UTF_8)))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("invalid digest");
  }
}
