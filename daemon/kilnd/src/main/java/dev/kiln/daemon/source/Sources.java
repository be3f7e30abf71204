package dev.kiln.daemon.source;

import dev.kiln.solver.Operation;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.util.Map;

/** The kinds of source by the scheme of their identifiers. Immutable. */
public final class Sources {
  private final Map<String, Kind> kinds;

  /** Makes operations for one scheme. */
  @FunctionalInterface
  public interface Kind {
    /**
     * The operation that fetches one source of this kind.
     *
     * @param rest the identifier after {@code scheme://}
     * @param platform normalised
     * @throws IOException when the identifier or an attribute is malformed
     */
    Operation open(String rest, SourceOp source, Platform platform) throws IOException;
  }

  public Sources(Map<String, Kind> kinds) {
    this.kinds = Map.copyOf(kinds);
  }

  /** The operation of a source op. */
  public Operation open(SourceOp source, Platform platform) throws IOException {
    String identifier = source.getIdentifier();
    int at = identifier.indexOf("://");
    Kind kind = at < 0 ? null : kinds.get(identifier.substring(0, at));
    if (kind == null) {
      throw new IOException("unsupported source " + identifier);
    }
    return kind.open(identifier.substring(at + "://".length()), source, platform);
  }
}
