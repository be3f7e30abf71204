package dev.kiln.dockerfile.context;

import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.llb.ImageName;
import dev.kiln.dockerfile.llb.Platform;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The named contexts of one build. */
public final class NamedContexts {

  private static final String OPTION = "context:";
  private static final String SHARED_KEY = "sharedkey:localdir:";
  private static final String LATEST = ":latest";

  private final FrontendBridge bridge;

  /** The contexts that the options of a build name. */
  public NamedContexts(FrontendBridge bridge) {
    this.bridge = bridge;
  }

  /** The session that has a directory. */
  String sessionOf(String local) {
    return bridge.options().getOrDefault("local-sessionid:" + local, bridge.sessionId());
  }

  FrontendBridge bridge() {
    return bridge;
  }

  /**
   * Looks up a context: first the one for the platform, then the one for all.
   *
   * @param platform or null for the daemon's own
   * @throws FrontendException if the name is no possible name of a context
   */
  public Optional<NamedContext> find(String name, @Nullable Platform platform) {
    if (name.equalsIgnoreCase("scratch") || name.equalsIgnoreCase("context")) {
      return Optional.empty();
    }
    String familiar;
    try {
      familiar = ImageName.parse(name).familiar();
    } catch (IllegalArgumentException e) {
      throw FrontendException.failed("invalid context name " + name + ": " + e.getMessage(), e);
    }
    String shortName =
        familiar.endsWith(LATEST)
            ? familiar.substring(0, familiar.length() - LATEST.length())
            : familiar;
    Platform wanted = platform == null ? Platform.local() : platform;
    return exact(shortName, shortName + "::" + wanted.normalized().formatAll(), platform)
        .or(() -> exact(shortName, shortName, platform));
  }

  private Optional<NamedContext> exact(
      String name, String nameWithPlatform, @Nullable Platform platform) {
    String input = bridge.options().get(OPTION + nameWithPlatform);
    return input == null
        ? Optional.empty()
        : Optional.of(
            new NamedContext(
                this,
                name,
                nameWithPlatform,
                input,
                bridge.options().getOrDefault(SHARED_KEY + nameWithPlatform, ""),
                platform));
  }
}
