package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Assumptions;

/** Makes a small image of Debian's static busybox and puts it into a registry, with no network. */
public final class BaseImages {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final List<String> APPLETS =
      List.of(
          "sh", "cat", "chmod", "chown", "cp", "dd", "echo", "env", "false", "grep", "head", "id",
          "ln", "ls", "mkdir", "mkfifo", "mv", "rm", "seq", "sleep", "stat", "test", "touch",
          "true", "uname", "wc");
  private static final String OCI = "application/vnd.oci.image.";

  private BaseImages() {}

  /** Pushes the image as busybox:latest of a registry; gives its reference. */
  public static String busybox(RegistryProcess registry) throws IOException, InterruptedException {
    return busybox(registry, "latest");
  }

  /**
   * Pushes an image with the same files under another tag; gives its reference. Its own digest
   * differs.
   */
  public static String busybox(RegistryProcess registry, String tag)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(Files.isExecutable(BUSYBOX), "busybox-static is not installed");
    byte[] tar = tar();
    byte[] layer = gzip(tar);
    byte[] config =
        """
        {"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["sh"]},
         "rootfs":{"type":"layers","diff_ids":["%s"]},
         "history":[{"created_by":"busybox %s"}]}
        """
            .formatted(architecture(), digest(tar), tag)
            .getBytes(StandardCharsets.UTF_8);
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%smanifest.v1+json","config":%s,"layers":[%s]}
        """
            .formatted(
                OCI, descriptor("config.v1+json", config), descriptor("layer.v1.tar+gzip", layer));
    try (HttpClient http = HttpClient.newHttpClient()) {
      String repository = "http://" + registry.host() + "/v2/busybox/";
      pushBlob(http, repository, layer);
      pushBlob(http, repository, config);
      HttpRequest put =
          HttpRequest.newBuilder(URI.create(repository + "manifests/" + tag))
              .header("Content-Type", OCI + "manifest.v1+json")
              .PUT(HttpRequest.BodyPublishers.ofString(manifest))
              .build();
      send(http, put);
    }
    return registry.host() + "/busybox:" + tag;
  }

  /** The architecture of this machine in the words of images. */
  public static String architecture() {
    return switch (System.getProperty("os.arch")) {
      case "aarch64" -> "arm64";
      case String other -> other;
    };
  }

  private static void pushBlob(HttpClient http, String repository, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest begin =
        HttpRequest.newBuilder(URI.create(repository + "blobs/uploads/"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    String upload = send(http, begin).headers().firstValue("Location").orElseThrow();
    String target = upload + (upload.contains("?") ? "&" : "?") + "digest=" + digest(body);
    send(
        http,
        HttpRequest.newBuilder(URI.create(target))
            .header("Content-Type", "application/octet-stream")
            .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  private static HttpResponse<String> send(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as("%s\n%s", request, response.body()).isBetween(200, 299);
    return response;
  }

  private static String descriptor(String type, byte[] body) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(OCI + type, digest(body), body.length);
  }

  private static byte[] tar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String folder : List.of("bin/", "etc/", "tmp/", "root/")) {
        tar.putArchiveEntry(new TarArchiveEntry(folder));
        tar.closeArchiveEntry();
      }
      file(tar, "bin/busybox", 0755, Files.readAllBytes(BUSYBOX));
      file(
          tar,
          "etc/passwd",
          0644,
          "root:x:0:0:root:/root:/bin/sh\n".getBytes(StandardCharsets.UTF_8));
      file(tar, "etc/group", 0644, "root:x:0:\n".getBytes(StandardCharsets.UTF_8));
      for (String applet : APPLETS) {
        TarArchiveEntry link = new TarArchiveEntry("bin/" + applet, TarConstants.LF_SYMLINK);
        link.setLinkName("busybox");
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void file(TarArchiveOutputStream tar, String name, int mode, byte[] body)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    entry.setSize(body.length);
    tar.putArchiveEntry(entry);
    tar.write(body);
    tar.closeArchiveEntry();
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body);
    }
    return bytes.toByteArray();
  }

  private static String digest(byte[] body) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
