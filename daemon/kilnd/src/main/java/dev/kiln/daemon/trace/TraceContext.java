package dev.kiln.daemon.trace;

import dev.kiln.solver.Sha256;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a trace, as the headers {@code traceparent} and {@code tracestate} carry it (W3C Trace
 * Context, level 1). Immutable.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param sampled whether who began the trace wants its spans
 * @param state what vendors add, passed on as it came; may be empty
 */
public record TraceContext(String traceId, String spanId, boolean sampled, String state) {
  /** The header, and in capital letters the environment variable, that holds the place. */
  public static final String PARENT = "traceparent";

  /** The header, and in capital letters the environment variable, that holds the state. */
  public static final String STATE = "tracestate";

  private static final int TRACE_CHARS = 32;
  private static final int SPAN_CHARS = 16;
  private static final int MAX_STATE_CHARS = 512;
  private static final int SAMPLED = 1;
  private static final Pattern HEADER =
      Pattern.compile(
          "(?<version>[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})"
              + "-(?<flags>[0-9a-f]{2})(?<rest>-.*)?");

  /** The begin of a trace of its own. */
  public static TraceContext fresh() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String id = "";
    while (isZero(id)) {
      id = "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }
    return new TraceContext(id, hex(id), true, "");
  }

  /**
   * What headers say; empty when there are none or they are malformed, which a receiver has to
   * overlook.
   */
  public static Optional<TraceContext> parse(@Nullable String parent, @Nullable String state) {
    Matcher header = HEADER.matcher(parent == null ? "" : parent.strip());
    if (!header.matches() || header.group("version").equals("ff")) {
      return Optional.empty();
    }
    boolean ofFirstVersion = header.group("version").equals("00");
    String trace = header.group("trace");
    String span = header.group("span");
    if ((ofFirstVersion && header.group("rest") != null) || isZero(trace) || isZero(span)) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(header.group("flags"), 16) & SAMPLED) != 0;
    String kept = state == null || state.length() > MAX_STATE_CHARS ? "" : state;
    return Optional.of(new TraceContext(trace, span, sampled, kept));
  }

  /** The value of {@code traceparent}. */
  public String traceparent() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }

  /** A place below this one, unlike any below another place. */
  public TraceContext newChild() {
    return new TraceContext(traceId, hex(fresh().traceId()), sampled, state);
  }

  /** The place below this one that belongs to a name: the same name leads to the same place. */
  public TraceContext child(String name) {
    return new TraceContext(traceId, hex(spanId + "/" + name), sampled, state);
  }

  private static String hex(String text) {
    String id = Sha256.of(text).substring("sha256:".length()).substring(0, SPAN_CHARS);
    return isZero(id) ? "1".repeat(SPAN_CHARS) : id;
  }

  private static boolean isZero(String id) {
    return id.isEmpty() || "0".repeat(TRACE_CHARS).startsWith(id);
  }
}
