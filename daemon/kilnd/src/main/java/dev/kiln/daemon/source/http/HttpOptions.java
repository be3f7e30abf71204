package dev.kiln.daemon.source.http;

import dev.kiln.daemon.source.OneFile;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.llb.SourceKeys;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP source asks for (llb.md, section 4, {@code http.*}).
 *
 * @param checksum digest that the content must have; empty for any
 * @param file name, mode and owner of the result
 * @param authHeaderSecret id of a secret with the value of the Authorization header; may be empty
 * @param headers further request headers by canonical name
 * @param signature what must be signed by whom; null for anything
 */
record HttpOptions(
    String url,
    String checksum,
    OneFile.Wanted file,
    String authHeaderSecret,
    Map<String, String> headers,
    @Nullable HttpSignature signature) {
  private static final String HEADER = "http.header.";

  HttpOptions {
    headers = Map.copyOf(headers);
  }

  static HttpOptions read(String scheme, String rest, SourceOp source) throws IOException {
    String checksum = source.getAttrsOrDefault("http.checksum", "");
    if (!checksum.isEmpty() && !Digest.isValid(checksum)) {
      throw new IOException("invalid checksum digest format");
    }
    Map<String, String> headers = new TreeMap<>();
    for (Map.Entry<String, String> attr : new TreeMap<>(source.getAttrsMap()).entrySet()) {
      if (attr.getKey().startsWith(HEADER)) {
        switch (attr.getKey().substring(HEADER.length()).toLowerCase(java.util.Locale.ROOT)) {
          case "accept" -> headers.put("Accept", attr.getValue());
          case "user-agent" -> headers.put("User-Agent", attr.getValue());
          default -> {}
        }
      }
    }
    return new HttpOptions(
        scheme + "://" + rest,
        checksum,
        OneFile.Wanted.read(source),
        source.getAttrsOrDefault("http.authheadersecret", ""),
        headers,
        HttpSignature.read(source));
  }

  /** Names everything that decides which bytes and which file come of a download. */
  String downloadKey() {
    return Sha256.of(
        String.join(
            "\0",
            url,
            file.name(),
            file.perm() + "",
            file.uid() + "",
            file.gid() + "",
            authHeaderSecret,
            new TreeMap<>(headers).toString()));
  }

  /** The source's cache key (cache-keys.md, section 5). */
  String cacheKey(HttpContent content) {
    return SourceKeys.http(
        content.filename(),
        file.perm(),
        file.uid(),
        file.gid(),
        content.digest(),
        content.lastModified() == null ? "" : HttpDates.format(content.lastModified()),
        authHeaderSecret,
        headers);
  }

  void check(String digest) throws IOException {
    if (!checksum.isEmpty() && !checksum.equals(digest)) {
      throw new IOException(
          "digest mismatch for " + url + ": " + digest + " (expected: " + checksum + ")");
    }
  }
}
