package dev.kiln.daemon.provenance;

import dev.kiln.daemon.build.FrontendCall;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Turns options of a frontend into what provenance tells of them. Stateless. */
final class RequestArgs {
  private static final Set<String> OF_THE_HOST =
      Set.of("cgroup-parent", "image-resolve-mode", "platform", "cache-imports");
  private static final String CONTEXT = "context";
  private static final String FILENAME = "filename";

  private RequestArgs() {}

  /** The request without where its inputs came from, and without a root. */
  static RequestRecord record(FrontendCall call, Capture capture) {
    Map<String, String> args = kept(call.options());
    String key = contextKey(args);
    String uri = "";
    Map<String, String> digests = Map.of();
    String context = args.getOrDefault(key, "");
    if (!context.isEmpty()) {
      args.remove(key);
      Materials.Material found = Materials.ofContext(capture, context);
      uri = UrlSecrets.blank(found == null ? context : found.uri());
      digests = found == null ? Map.of() : found.digests();
    }
    String path = args.getOrDefault(FILENAME, "");
    if (!path.isEmpty()) {
      args.remove(FILENAME);
    }
    return new RequestRecord(
        new RequestRecord.ConfigSource(uri, digests, path), call.frontend(), args, Map.of(), null);
  }

  private static Map<String, String> kept(Map<String, String> options) {
    String named = options.getOrDefault("contextkey", "");
    String context = named.isEmpty() ? CONTEXT : named;
    Map<String, String> kept = new HashMap<>();
    options.forEach(
        (key, value) -> {
          if (OF_THE_HOST.contains(key) || key.startsWith("attest:")) {
            return;
          }
          boolean isAddress = key.equals(context) || key.startsWith(CONTEXT + ":");
          kept.put(key, isAddress ? UrlSecrets.blank(value) : value);
        });
    return kept;
  }

  private static String contextKey(Map<String, String> args) {
    String named = args.getOrDefault("contextkey", "");
    if (!named.isEmpty()) {
      return named;
    }
    return args.getOrDefault("input:" + CONTEXT, "").isEmpty() ? CONTEXT : "input:" + CONTEXT;
  }
}
