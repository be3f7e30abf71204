package dev.kiln.daemon.provenance;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request for a build, as provenance tells of it.
 *
 * @param inputs where the definitions that were handed in came from, by their names
 * @param root the client's own request, when a frontend made this one on its behalf
 */
record RequestRecord(
    ConfigSource source,
    String frontend,
    Map<String, String> args,
    Map<String, RequestRecord> inputs,
    @Nullable RequestRecord root) {

  RequestRecord {
    args = Collections.unmodifiableMap(new TreeMap<>(args));
    inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
  }

  static final RequestRecord EMPTY =
      new RequestRecord(ConfigSource.NONE, "", Map.of(), Map.of(), null);

  /**
   * Where the build's instructions come from.
   *
   * @param uri of the context, empty when the client sends it
   * @param digests by algorithm
   * @param path of the instructions, empty when not named
   */
  record ConfigSource(String uri, Map<String, String> digests, String path) {
    static final ConfigSource NONE = new ConfigSource("", Map.of(), "");

    ConfigSource {
      digests = Map.copyOf(digests);
    }
  }

  RequestRecord withRoot(@Nullable RequestRecord other) {
    return new RequestRecord(source, frontend, args, inputs, other);
  }

  /** Whether it says nothing of frontend, args and inputs. */
  boolean isEmpty() {
    return frontend.isEmpty() && args.isEmpty() && inputs.isEmpty();
  }
}
