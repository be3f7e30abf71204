package dev.kiln.wire.session;

import io.grpc.Metadata;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The metadata keys of session calls, and values in them that are not plain ASCII. */
public final class SessionHeaders {
  /** Id of the session, which a Solve names. */
  public static final String ID = "x-docker-expose-session-uuid";

  /** Key shared by equal local directories of one client. */
  public static final String SHARED_KEY = "x-docker-expose-session-sharedkey";

  /** One value for each method that the client serves, as {@code /package.Service/Method}. */
  public static final String METHOD = "x-docker-expose-session-grpc-method";

  /** Milliseconds that replace the health check's interval and time limit. */
  public static final String HEALTH_TIMEOUT = "x-buildkit-session-health-custom-timeout";

  /** Which content store of the client a call is for. */
  public static final String STORE_ID = "buildkit-attachable-store-id";

  /** Index of the exporter whose output a FileSend call carries. */
  public static final String EXPORTER_ID = "buildkit-attachable-exporter-id";

  /** {@code 1} when one FileSend call carries all platforms. */
  public static final String EXPORTER_MULTI_PLATFORM = "buildkit-exporter-multi-platform";

  /** Prefix of exporter response entries that go with a file output. */
  public static final String EXPORTER_METADATA_PREFIX = "exporter-md-";

  /** Name of the local directory of a FileSync call. */
  public static final String DIR_NAME = "dir-name";

  /** Patterns of paths to send. */
  public static final String INCLUDE_PATTERNS = "include-patterns";

  /** Patterns of paths not to send. */
  public static final String EXCLUDE_PATTERNS = "exclude-patterns";

  /** Paths whose symlinks are followed and sent. */
  public static final String FOLLOW_PATHS = "followpaths";

  /** Id of the agent or socket that an SSH call is for. */
  public static final String SSH_ID = "buildkit.ssh.id";

  /** Path of an upload's URL. */
  public static final String URL_PATH = "urlpath";

  /** Host of an upload's URL. */
  public static final String URL_HOST = "urlhost";

  private static final String ENCODED_SUFFIX = "-encoded";

  private SessionHeaders() {}

  /** The headers with which a client opens a session. */
  public static Metadata opening(String id, String sharedKey, Collection<String> methods) {
    Metadata headers = new Metadata();
    headers.put(key(ID), id);
    headers.put(key(SHARED_KEY), sharedKey);
    methods.forEach(method -> headers.put(key(METHOD), method));
    return headers;
  }

  /** The first value of a key, or null. */
  public static @Nullable String get(Metadata headers, String name) {
    Iterable<String> values = headers.getAll(key(name));
    return values == null ? null : values.iterator().next();
  }

  /** Every value of a key, as it was sent. */
  public static List<String> all(Metadata headers, String name) {
    List<String> found = new ArrayList<>();
    Iterable<String> values = headers.getAll(key(name));
    if (values != null) {
      values.forEach(found::add);
    }
    return found;
  }

  /** Adds a value as it is. */
  public static void put(Metadata headers, String name, String value) {
    headers.put(key(name), value);
  }

  /**
   * Adds values; if one has a character that a header cannot carry, all are query-escaped and
   * {@code <name>-encoded} says so.
   */
  public static void putText(Metadata headers, String name, Collection<String> values) {
    boolean plain = values.stream().allMatch(SessionHeaders::isPlain);
    if (!plain) {
      headers.put(key(name + ENCODED_SUFFIX), "1");
    }
    for (String value : values) {
      headers.put(key(name), plain ? value : URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  /** The values that {@link #putText} added. */
  public static List<String> getText(Metadata headers, String name) {
    List<String> values = all(headers, name);
    if (!"1".equals(get(headers, name + ENCODED_SUFFIX))) {
      return values;
    }
    return values.stream().map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8)).toList();
  }

  private static boolean isPlain(String value) {
    return value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
